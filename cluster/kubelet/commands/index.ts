/** The programs of every small Linux, by name. A program = a line in one of these tables. */
import type { Program } from '../shell/box.ts';
import { AWK } from './awk/index.ts';
import { CAT } from './cat.ts';
import { CHROOT } from './chroot.ts';
import { COLUMNS } from './columns.ts';
import { COPYING } from './copying.ts';
import { CURL } from './curl.ts';
import { DATE } from './date.ts';
import { ENCODING } from './encoding.ts';
import { ENVIRONMENT } from './environment.ts';
import { FIND } from './find.ts';
import { GREP } from './grep.ts';
import { HEAD_TAIL } from './head-tail.ts';
import { IDENTITY } from './identity.ts';
import { LS } from './ls.ts';
import { MACHINE } from './machine.ts';
import { MAKING } from './making.ts';
import { NAMES } from './names.ts';
import { PERMISSIONS } from './permissions.ts';
import { PRINTING } from './printing.ts';
import { PROCESSES } from './processes.ts';
import { SED } from './sed.ts';
import { shellProgram } from './shells.ts';
import { SOCKETS } from './sockets.ts';
import { SORTING } from './sorting.ts';
import { STAT } from './stat.ts';
import { TAR } from './tar.ts';
import { WAITING } from './waiting.ts';
import { WGET } from './wget.ts';
import { XARGS } from './xargs.ts';

const common = new Map<string, Program>(
  Object.entries({
    ...AWK,
    ...CAT,
    ...CHROOT,
    ...COLUMNS,
    ...COPYING,
    ...CURL,
    ...DATE,
    ...ENCODING,
    ...ENVIRONMENT,
    ...FIND,
    ...GREP,
    ...HEAD_TAIL,
    ...IDENTITY,
    ...LS,
    ...MACHINE,
    ...MAKING,
    ...NAMES,
    ...PERMISSIONS,
    ...PRINTING,
    ...PROCESSES,
    ...SED,
    ...SOCKETS,
    ...SORTING,
    ...STAT,
    ...TAR,
    ...WAITING,
    ...WGET,
    ...XARGS,
  }),
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
