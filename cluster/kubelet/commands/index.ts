/** The programs of every small Linux, by name. A program = a line in one of these tables. */
import type { Program } from '../shell/box.ts';
import { AWK } from './awk/index.ts';
import { BUSYBOX } from './busybox.ts';
import { CAT } from './cat.ts';
import { CHROOT } from './chroot.ts';
import { COLUMNS } from './columns.ts';
import { COMPARING } from './comparing.ts';
import { COPYING } from './copying.ts';
import { CURL } from './curl.ts';
import { DATE } from './date.ts';
import { DUMPS } from './dumps.ts';
import { ENCODING } from './encoding.ts';
import { ENVIRONMENT } from './environment.ts';
import { EXPR } from './expr.ts';
import { FIND } from './find.ts';
import { GREP } from './grep.ts';
import { HEAD_TAIL } from './head-tail.ts';
import { HTTPD } from './httpd.ts';
import { IDENTITY } from './identity.ts';
import { INTERFACES } from './interfaces.ts';
import { LS } from './ls.ts';
import { MACHINE } from './machine.ts';
import { MAKING } from './making.ts';
import { NAMES } from './names.ts';
import { PAGERS } from './pagers.ts';
import { PERMISSIONS } from './permissions.ts';
import { PRINTING } from './printing.ts';
import { PROCESSES } from './processes.ts';
import { SED } from './sed/index.ts';
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
    ...BUSYBOX,
    ...CAT,
    ...CHROOT,
    ...COLUMNS,
    ...COMPARING,
    ...COPYING,
    ...CURL,
    ...DATE,
    ...DUMPS,
    ...ENCODING,
    ...ENVIRONMENT,
    ...EXPR,
    ...FIND,
    ...GREP,
    ...HEAD_TAIL,
    ...HTTPD,
    ...IDENTITY,
    ...INTERFACES,
    ...LS,
    ...MACHINE,
    ...MAKING,
    ...NAMES,
    ...PAGERS,
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
