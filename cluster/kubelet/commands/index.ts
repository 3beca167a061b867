/** The programs of every small Linux, by name. A program = a line in one of these tables. */
import type { Program } from '../shell/box.ts';
import { FILE_COMMANDS } from './file-commands.ts';
import { NETWORK_COMMANDS } from './network-commands.ts';
import { shellProgram, SYSTEM_COMMANDS } from './system-commands.ts';
import { TAR } from './tar.ts';
import { TEXT_COMMANDS } from './text-commands.ts';

const common = new Map<string, Program>(
  Object.entries({ ...FILE_COMMANDS, ...TEXT_COMMANDS, ...SYSTEM_COMMANDS, ...NETWORK_COMMANDS, ...TAR }),
);

const withShells = (sh: 'ash' | 'dash'): ReadonlyMap<string, Program> =>
  new Map([
    ...common,
    ['sh', shellProgram(sh)],
    ['ash', shellProgram('ash')],
    ['dash', shellProgram('dash')],
    ['bash', shellProgram('bash')],
  ]);
export const PROGRAMS = { busybox: withShells('ash'), gnu: withShells('dash') } as const;
