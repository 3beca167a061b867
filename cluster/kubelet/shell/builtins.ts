/** Commands that are the shell's own: they change it, or need no program. */
import { FileError, normalisePath } from '../files/file-view.ts';
import { atOnce, type Io, type Run } from './coroutine.ts';
import { pump } from './jobs.ts';
import { Leave } from './leave.ts';
import { DEFAULT_PATH, findProgram } from './programs.ts';
import { read } from './read.ts';
import type { Shell } from './shell.ts';
import { BadNumber, test } from './condition.ts';

export interface BuiltinCall {
  shell: Shell;
  argv: readonly string[];
  io: Io;
}
type Builtin = (call: BuiltinCall) => Run;

/** One that never waits. */
const at =
  (run: (call: BuiltinCall) => number): Builtin =>
  (call) =>
    atOnce(() => run(call));

const number = (text: string | undefined, otherwise: number): number =>
  text === undefined || !/^\d+$/.test(text) ? otherwise : Number(text);

const quoted = (text: string): string => `'${text.replace(/'/g, `'"'"'`)}'`;

function assign(
  shell: Shell,
  words: readonly string[],
  how: { exported?: boolean; readonly?: boolean; local?: boolean },
): number {
  for (const word of words) {
    const [, name = '', value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === '') {
      shell.complain(
        shell.kind === 'bash' ? `export: \`${word}': not a valid identifier` : `export: ${word}: bad variable name`,
      );
      return shell.kind === 'bash' ? 1 : 2;
    }
    const before = shell.variables.get(name);
    const locals = shell.locals.at(-1);
    if (how.local && locals && !locals.has(name)) locals.set(name, before);
    if (value !== undefined) shell.set(name, value);
    const current = shell.variables.get(name) ?? { value: '', exported: false };
    if (value === undefined && before === undefined && !how.exported && !how.local) continue;
    shell.variables.set(name, {
      ...current,
      exported: current.exported || how.exported === true,
      ...(how.readonly === true ? { readonly: true } : {}),
    });
  }
  return 0;
}

function changeFolder({ shell, argv, io }: BuiltinCall): number {
  const wanted = argv[1] === '--' ? argv[2] : argv[1];
  const target =
    wanted === undefined ? (shell.get('HOME') ?? '/') : wanted === '-' ? (shell.get('OLDPWD') ?? shell.cwd) : wanted;
  const path = normalisePath(target, shell.cwd);
  let problem = '';
  try {
    const node = shell.files.stat(path);
    if (node.kind !== 'folder') problem = 'Not a directory';
    else if (!shell.files.may(path, 1)) problem = 'Permission denied';
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    problem = error.message;
  }
  if (problem !== '') {
    if (shell.kind === 'bash') shell.complain(`cd: ${target}: ${problem}`);
    else
      shell.complain(
        shell.kind === 'dash' ? `cd: can't cd to ${target}` : `cd: line 0: can't cd to ${target}: ${problem}`,
      );
    return shell.kind === 'bash' ? 1 : 2;
  }
  shell.set('OLDPWD', shell.cwd);
  shell.cwd = path;
  shell.set('PWD', path);
  if (wanted === '-') io.stdout.write(`${path}\n`);
  return 0;
}

function setOptions({ shell, argv, io }: BuiltinCall): number {
  const args = argv.slice(1);
  if (args.length === 0) {
    for (const name of shell.names()) io.stdout.write(`${name}=${quoted(shell.get(name) ?? '')}\n`);
    return 0;
  }
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (word === '--') {
      shell.positional = args.slice(index + 1);
      return 0;
    }
    if (!/^[-+][a-z]+$/.test(word)) {
      shell.positional = args.slice(index);
      return 0;
    }
    const on = word.startsWith('-');
    for (const letter of word.slice(1)) {
      const option = letter === 'o' ? LONG[args[++index] ?? ''] : letter;
      if (option === undefined) continue;
      if (on) shell.options.add(option);
      else shell.options.delete(option);
    }
  }
  return 0;
}
const LONG: Record<string, string> = {
  errexit: 'e',
  nounset: 'u',
  xtrace: 'x',
  pipefail: 'pipefail',
  noglob: 'f',
  allexport: 'a',
};

function* wait({ shell, argv }: BuiltinCall): Run {
  const wanted = argv.slice(1);
  const open = () =>
    shell.jobs.filter(
      (job) =>
        job.code === undefined &&
        (wanted.length === 0 || wanted.includes(String(job.pid)) || wanted.includes(`%${job.id}`)),
    );
  for (;;) {
    if (open().length === 0) break;
    const waiting = pump(shell);
    if (open().length === 0) break;
    const signal = shell.context.pending();
    if (signal !== undefined) {
      const trap = shell.traps.get(signal);
      if (trap === undefined && shell.context.isFirst === true) continue;
      if (trap === undefined) throw new Leave('exit', 128 + (signal === 'INT' ? 2 : 15));
      yield* shell.lines(trap);
      return 128 + (signal === 'INT' ? 2 : 15);
    }
    yield waiting ?? { event: true };
  }
  const last = shell.jobs.findLast((job) => wanted.length > 0 && wanted.includes(String(job.pid)));
  return last?.code ?? 0;
}

/** Ends what the shell has in its background; all else is the program's business. */
function* kill({ shell, argv, io }: BuiltinCall): Run {
  const wanted = argv.slice(1).filter((word) => !word.startsWith('-'));
  const jobs = wanted.flatMap((word) =>
    shell.jobs.filter(({ id, pid, code }) => code === undefined && (word === `%${id}` || word === String(pid))),
  );
  if (jobs.length === 0 || jobs.length < wanted.length || argv[1] === '-0') return yield* shell.runProgram(argv, io);
  for (const job of jobs) {
    job.run.return(143);
    job.code = 143;
  }
  return 0;
}

function* source({ shell, argv, io }: BuiltinCall): Run {
  const path = argv[1] ?? '';
  try {
    return yield* shell.lines(shell.files.read(normalisePath(path, shell.cwd)));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    io.stderr.write(
      `${shell.name}: ${shell.kind === 'bash' ? `${path}: ${error.message}` : `can't open '${path}': ${error.message}`}\n`,
    );
    return shell.kind === 'bash' ? 1 : 2;
  }
}

function* execute({ shell, argv, io }: BuiltinCall): Run {
  if (argv.length < 2) return 0;
  throw new Leave('exit', yield* shell.runProgram(argv.slice(1), io));
}
function* evaluateWords({ shell, argv }: BuiltinCall): Run {
  return yield* shell.lines(argv.slice(1).join(' '));
}
function* command({ shell, argv, io }: BuiltinCall): Run {
  if (argv[1] === '-v' || argv[1] === '-V') return where({ shell, argv: argv.slice(1), io }, argv[1] === '-V');
  const [, name = ''] = argv;
  const builtin = BUILTINS.get(name);
  if (builtin !== undefined) return yield* builtin({ shell, argv: argv.slice(1), io });
  return yield* shell.runProgram(argv.slice(1), io);
}

function where({ shell, argv, io }: BuiltinCall, verbose: boolean): number {
  let code = 0;
  for (const name of argv.slice(1)) {
    const found = findProgram(shell.box, name, shell.get('PATH') ?? DEFAULT_PATH, shell.cwd);
    if (shell.functions.has(name)) io.stdout.write(verbose ? `${name} is a shell function\n` : `${name}\n`);
    else if (BUILTINS.has(name)) io.stdout.write(verbose ? `${name} is a shell builtin\n` : `${name}\n`);
    else if (typeof found !== 'string') io.stdout.write(verbose ? `${name} is ${found.path}\n` : `${found.path}\n`);
    else {
      if (verbose) io.stderr.write(`${name}: not found\n`);
      code = verbose ? 127 : shell.kind === 'bash' ? 1 : 127;
    }
  }
  return code;
}

function testWords({ shell, argv, io }: BuiltinCall): number {
  const bracket = argv[0] === '[';
  if (bracket && argv.at(-1) !== ']') {
    io.stderr.write(`${shell.name}: missing ]\n`);
    return 2;
  }
  try {
    return test(argv.slice(1, bracket ? -1 : undefined), shell) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BadNumber)) throw error;
    if (shell.kind === 'bash') shell.complain(`${argv[0]}: ${error.message}: integer expression expected`);
    else
      io.stderr.write(
        shell.kind === 'dash'
          ? `${shell.name}: 1: ${argv[0]}: Illegal number: ${error.message}\n`
          : `${shell.name}: bad number\n`,
      );
    return 2;
  }
}

function trap({ shell, argv, io }: BuiltinCall): number {
  const [, action, ...signals] = argv;
  if (action === undefined) {
    for (const [signal, text] of shell.traps) io.stdout.write(`trap -- ${quoted(text)} ${signal}\n`);
    return 0;
  }
  for (const signal of signals) {
    const name =
      { '0': 'EXIT', '1': 'HUP', '2': 'INT', '3': 'QUIT', '15': 'TERM' }[signal] ??
      signal.replace(/^SIG/, '').toUpperCase();
    if (action === '-') shell.traps.delete(name);
    else shell.traps.set(name, action);
  }
  return 0;
}

function alias({ shell, argv, io }: BuiltinCall): number {
  for (const word of argv.slice(1)) {
    const equals = word.indexOf('=');
    if (equals > 0) shell.aliases.set(word.slice(0, equals), word.slice(equals + 1));
    else if (shell.aliases.has(word)) io.stdout.write(`${word}='${shell.aliases.get(word)}'\n`);
  }
  if (argv.length === 1) for (const [name, text] of shell.aliases) io.stdout.write(`${name}='${text}'\n`);
  return 0;
}

const leave = (kind: Leave['kind']): Builtin =>
  at(({ shell, argv }) => {
    const loop = kind === 'break' || kind === 'continue';
    throw new Leave(kind, loop ? Math.max(number(argv[1], 1), 1) : number(argv[1], shell.status) & 255);
  });

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', at(() => 0)],
  ['true', at(() => 0)],
  ['false', at(() => 1)],
  ['exit', leave('exit')],
  ['return', leave('return')],
  ['break', leave('break')],
  ['continue', leave('continue')],
  ['cd', at(changeFolder)],
  [
    'pwd',
    at(({ shell, io }) => {
      io.stdout.write(`${shell.cwd}\n`);
      return 0;
    }),
  ],
  [
    'export',
    at(({ shell, argv, io }) => {
      const words = argv.slice(1).filter((word) => word !== '-p');
      if (words.length > 0) return assign(shell, words, { exported: true });
      for (const [name, value] of shell.environment()) io.stdout.write(`export ${name}=${quoted(value)}\n`);
      return 0;
    }),
  ],
  ['readonly', at(({ shell, argv }) => assign(shell, argv.slice(1), { readonly: true }))],
  ['local', at(({ shell, argv }) => assign(shell, argv.slice(1), { local: true }))],
  [
    'declare',
    at(({ shell, argv }) =>
      assign(
        shell,
        argv.slice(1).filter((word) => !word.startsWith('-')),
        { exported: argv.includes('-x') },
      ),
    ),
  ],
  [
    'unset',
    at(({ shell, argv }) => {
      for (const name of argv.slice(1)) {
        shell.variables.delete(name);
        shell.functions.delete(name);
      }
      return 0;
    }),
  ],
  ['set', at(setOptions)],
  [
    'shift',
    at(({ shell, argv }) => {
      shell.positional = shell.positional.slice(number(argv[1], 1));
      return 0;
    }),
  ],
  ['read', read],
  ['wait', wait],
  ['kill', kill],
  ['.', source],
  ['source', source],
  ['exec', execute],
  ['eval', evaluateWords],
  ['command', command],
  ['type', at((call) => where(call, true))],
  ['[', at(testWords)],
  ['test', at(testWords)],
  ['trap', at(trap)],
  ['alias', at(alias)],
  [
    'unalias',
    at(({ shell, argv }) => {
      for (const name of argv.slice(1)) shell.aliases.delete(name);
      return 0;
    }),
  ],
  [
    'umask',
    at(({ io, argv }) => {
      if (argv.length === 1) io.stdout.write('0022\n');
      return 0;
    }),
  ],
  [
    'jobs',
    at(({ shell, io }) => {
      for (const { id, text, code } of shell.jobs)
        if (code === undefined) io.stdout.write(`[${id}]+  Running                 ${text}\n`);
      return 0;
    }),
  ],
  ['ulimit', at(({ io }) => (io.stdout.write('unlimited\n'), 0))],
  ['history', at(() => 0)],
  ['hash', at(() => 0)],
  ['shopt', at(() => 0)],
]);
