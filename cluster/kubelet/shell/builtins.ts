/** Commands that are the shell's own: they change it, or need no program. */
import { FileError, normalisePath } from '../files/file-view.ts';
import { atOnce, type Io, type Run } from './coroutine.ts';
import { Leave } from './leave.ts';
import { DEFAULT_PATH, findProgram } from './programs.ts';
import { echo, printfWords } from './printing.ts';
import { read } from './read.ts';
import { getopts } from './getopts.ts';
import { kill, trap, wait } from './signals.ts';
import type { Shell } from './shell.ts';
import { test, TestFault } from './condition.ts';

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

/** A mistake of a special builtin: it is the end of every shell but bash and those that people type into. */
function wrong(shell: Shell, name: string, message: string): number {
  shell.complain(`${name}: ${shell.kind === 'ash' ? 'line 0: ' : ''}${message}`);
  if (shell.kind !== 'bash') throw new Leave('exit', 2);
  return 1;
}

const quoted = (text: string): string => `'${text.replace(/'/g, `'"'"'`)}'`;

function assign(
  shell: Shell,
  words: readonly string[],
  how: { exported?: boolean; readonly?: boolean; local?: boolean },
  called = 'export',
): number {
  for (const word of words) {
    const [, name = '', value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === '') {
      if (shell.kind !== 'bash') return wrong(shell, called, `${word.split('=')[0]}: bad variable name`);
      shell.complain(`${called}: \`${word}': not a valid identifier`);
      return 1;
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
    if (!/^[-+][a-zA-Z]+$/.test(word)) {
      shell.positional = args.slice(index);
      return 0;
    }
    const on = word.startsWith('-');
    for (const letter of word.slice(1)) {
      const named = letter === 'o' ? args[++index] : undefined;
      if (letter === 'o' && named === undefined) {
        showOptions(shell, io, on);
        continue;
      }
      const option = named === undefined ? letter : LONG[named];
      if (option === undefined || (option === 'pipefail' && shell.kind === 'dash')) {
        if (shell.kind === 'bash') shell.complain(`set: ${named}: invalid option name`);
        else if (shell.kind === 'dash') return wrong(shell, 'set', `Illegal option -o ${named}`);
        else shell.complain(`set: line 0: illegal option -o ${named}`);
        return shell.kind === 'bash' ? 2 : 1;
      }
      if (on) shell.options.add(option);
      else shell.options.delete(option);
    }
  }
  return 0;
}
const LONG: Record<string, string> = {
  errexit: 'e',
  noglob: 'f',
  ignoreeof: 'I',
  interactive: 'i',
  monitor: 'm',
  noexec: 'n',
  stdin: 's',
  xtrace: 'x',
  verbose: 'v',
  noclobber: 'C',
  allexport: 'a',
  notify: 'b',
  nounset: 'u',
  vi: 'vi',
  emacs: 'emacs',
  nolog: 'nolog',
  debug: 'debug',
  pipefail: 'pipefail',
};
function showOptions(shell: Shell, io: Io, on: boolean): void {
  if (shell.kind === 'dash' && on) io.stdout.write('Current option settings\n');
  for (const [name, option] of Object.entries(LONG)) {
    if (name === 'pipefail' && shell.kind === 'dash') continue;
    const isOn = shell.options.has(option);
    io.stdout.write(on ? `${name.padEnd(15)} ${isOn ? 'on' : 'off'}\n` : `set ${isOn ? '-' : '+'}o ${name}\n`);
  }
}

function* source({ shell, argv, io }: BuiltinCall): Run {
  const path = argv[1] ?? '';
  try {
    return yield* shell.lines(shell.files.read(normalisePath(path, shell.cwd)));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (shell.kind === 'ash') return wrong(shell, '.', `can't open '${path}': ${error.message}`);
    if (shell.kind === 'dash') return wrong(shell, '.', `cannot open ${path}: No such file`);
    shell.complain(`${path}: ${error.message}`, io.stderr);
    return 1;
  }
}

function* execute({ shell, argv, io }: BuiltinCall): Run {
  if (argv.length < 2) return 0;
  const found = findProgram(shell.box, argv[1] ?? '', shell.get('PATH') ?? DEFAULT_PATH, shell.cwd);
  if (found === 'missing') {
    shell.complain(`exec: ${shell.kind === 'ash' ? 'line 0: ' : ''}${argv[1]}: not found`, io.stderr);
    throw new Leave('exit', 127);
  }
  throw new Leave('exit', yield* shell.runProgram(argv.slice(1), io));
}
function* evaluateWords({ shell, argv }: BuiltinCall): Run {
  return yield* shell.lines(argv.slice(1).join(' '));
}
function* command({ shell, argv, io }: BuiltinCall): Run {
  if (argv[1] === '-v' || argv[1] === '-V') return where({ shell, argv: argv.slice(1), io }, argv[1] === '-V');
  const [, name = ''] = argv;
  const builtin = builtinOf(shell, name);
  if (builtin !== undefined) return yield* builtin({ shell, argv: argv.slice(1), io });
  return yield* shell.runProgram(argv.slice(1), io);
}

function where({ shell, argv, io }: BuiltinCall, verbose: boolean): number {
  let code = 0;
  for (const name of argv.slice(1)) {
    const found = findProgram(shell.box, name, shell.get('PATH') ?? DEFAULT_PATH, shell.cwd);
    if (shell.functions.has(name))
      io.stdout.write(verbose ? `${name} is a ${shell.kind === 'dash' ? 'shell ' : ''}function\n` : `${name}\n`);
    else if (builtinOf(shell, name)) io.stdout.write(verbose ? `${name} is a shell builtin\n` : `${name}\n`);
    else if (typeof found !== 'string') io.stdout.write(verbose ? `${name} is ${found.path}\n` : `${found.path}\n`);
    else {
      if (verbose && shell.kind === 'bash') shell.complain(`${argv[0]}: ${name}: not found`, io.stderr);
      else if (verbose) io.stdout.write(`${name}: not found\n`);
      code = verbose ? 127 : shell.kind === 'bash' ? 1 : 127;
    }
  }
  return code;
}

function testWords({ shell, argv, io }: BuiltinCall): number {
  const bracket = argv[0] === '[';
  const say = (text: string): void => {
    if (shell.kind === 'ash') io.stderr.write(`${shell.name}: ${text}\n`);
    else shell.complain(`${argv[0]}: ${text}`, io.stderr);
  };
  if (bracket && argv.at(-1) !== ']') {
    say(shell.kind === 'bash' ? "missing `]'" : 'missing ]');
    return 2;
  }
  try {
    return test(argv.slice(1, bracket ? -1 : undefined), shell) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestFault)) throw error;
    say(TEST_WORDS[shell.kind](error));
    return 2;
  }
}
const TEST_WORDS: Readonly<Record<Shell['kind'], (fault: TestFault) => string>> = {
  ash: ({ fault, left, word }) =>
    ({
      number: `${word}: bad number`,
      operator: `${word || left}: unknown operand`,
      argument: `${word}: argument expected`,
    })[fault],
  dash: ({ fault, left, word }) =>
    ({
      number: `Illegal number: ${word}`,
      operator: `${left}: unexpected operator`,
      argument: `${word}: argument expected`,
    })[fault],
  bash: ({ fault, left, word, count }) =>
    fault === 'number'
      ? `${word}: integer expression expected`
      : fault === 'argument' || count === 2
        ? `${left}: unary operator expected`
        : count > 3
          ? 'too many arguments'
          : `${word}: binary operator expected`,
};

function alias({ shell, argv, io }: BuiltinCall): number {
  for (const word of argv.slice(1)) {
    const equals = word.indexOf('=');
    if (equals > 0) shell.aliases.set(word.slice(0, equals), word.slice(equals + 1));
    else if (shell.aliases.has(word)) io.stdout.write(`${word}='${shell.aliases.get(word)}'\n`);
  }
  if (argv.length === 1) for (const [name, text] of shell.aliases) io.stdout.write(`${name}='${text}'\n`);
  return 0;
}

function noJob(shell: Shell, name: string): number {
  if (shell.kind === 'bash') shell.complain(`${name}: no job control`);
  else shell.complain(`${name}: ${shell.kind === 'ash' ? 'line 0: ' : ''}No current job`);
  return shell.kind === 'bash' ? 1 : 2;
}
const leave = (kind: Leave['kind']): Builtin =>
  at(({ shell, argv }) => {
    const [, word] = argv;
    if (kind === 'break' || kind === 'continue') {
      // outside of a loop it does nothing
      if (shell.loops === 0) return 0;
      throw new Leave(kind, Math.min(Math.max(number(word, 1), 1), shell.loops));
    }
    if (word !== undefined && !/^-?\d+$/.test(word)) {
      if (shell.kind !== 'bash') return wrong(shell, kind, `Illegal number: ${word}`);
      shell.complain(`${kind}: ${word}: numeric argument required`);
      throw new Leave(kind, 2);
    }
    // outside of a function it is the end of the script
    const how = kind === 'return' && shell.locals.length === 0 && shell.kind !== 'bash' ? 'exit' : kind;
    throw new Leave(how, (word === undefined ? shell.status : Number(word)) & 255);
  });

/** What is assigned before one of these stays assigned. */
export const SPECIAL: ReadonlySet<string> = new Set(
  '. : break continue eval exec exit export readonly return set shift source times trap unset'.split(' '),
);
/** Those that are bash's alone, and those that dash lacks. */
const BASH_ONLY = new Set(['declare', 'shopt', 'pushd', 'popd', 'dirs', 'typeset']);
const NOT_DASH = new Set(['source', 'let', 'history', 'help']);
/** What a name is in the shell itself; undefined: nothing. */
export function builtinOf(shell: Shell, name: string): Builtin | undefined {
  if (shell.kind !== 'bash' && BASH_ONLY.has(name)) return undefined;
  if (shell.kind === 'dash' && NOT_DASH.has(name)) return undefined;
  return BUILTINS.get(name);
}

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
  ['readonly', at(({ shell, argv }) => assign(shell, argv.slice(1), { readonly: true }, 'readonly'))],
  [
    'local',
    at(({ shell, argv }) => {
      if (shell.locals.length > 0) return assign(shell, argv.slice(1), { local: true }, 'local');
      if (shell.kind === 'bash') shell.complain('local: can only be used in a function');
      return shell.kind === 'bash' ? 1 : wrong(shell, 'local', 'not in a function');
    }),
  ],
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
      for (const name of argv.slice(1).filter((word) => !/^-[fv]$/.test(word))) {
        if (shell.variables.get(name)?.readonly === true) {
          if (shell.kind !== 'bash') return wrong(shell, 'unset', `${name}: is read only`);
          shell.complain(`unset: ${name}: cannot unset: readonly variable`);
          return 1;
        }
        if (argv[1] !== '-f') shell.variables.delete(name);
        if (argv[1] !== '-v') shell.functions.delete(name);
      }
      return 0;
    }),
  ],
  ['set', at(setOptions)],
  [
    'shift',
    at(({ shell, argv }) => {
      const count = number(argv[1], 1);
      if (count > shell.positional.length) {
        if (shell.kind === 'dash') return wrong(shell, 'shift', "can't shift that many");
        return 1;
      }
      shell.positional = shell.positional.slice(count);
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
  ['trap', trap],
  ['echo', echo],
  ['printf', printfWords],
  ['getopts', at(getopts)],
  ['alias', at(alias)],
  [
    'unalias',
    at(({ shell, argv, io }) => {
      let code = 0;
      for (const name of argv.slice(1)) {
        if (name === '-a') shell.aliases.clear();
        else if (!shell.aliases.delete(name)) {
          if (shell.kind === 'bash') shell.complain(`unalias: ${name}: not found`);
          else io.stderr.write(`unalias: ${name} not found\n`);
          code = 1;
        }
      }
      return code;
    }),
  ],
  [
    'umask',
    at(({ shell, io, argv }) => {
      const [, word] = argv;
      if (word === undefined) io.stdout.write(`${shell.mask.toString(8).padStart(4, '0')}\n`);
      else if (word === '-S') {
        const rights = (shift: number) =>
          ['r', 'w', 'x'].filter((_letter, index) => ((shell.mask >> shift) & (4 >> index)) === 0).join('');
        io.stdout.write(`u=${rights(6)},g=${rights(3)},o=${rights(0)}\n`);
      } else if (/^[0-7]+$/.test(word)) shell.mask = Number.parseInt(word, 8) & 0o777;
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
  ['times', at(({ io }) => (io.stdout.write('0m0.00s 0m0.00s\n0m0.00s 0m0.00s\n'), 0))],
  ['fg', at(({ shell }) => noJob(shell, 'fg'))],
  ['bg', at(({ shell }) => noJob(shell, 'bg'))],
  [
    'let',
    at(({ shell, argv }) => {
      let last = 0;
      for (const word of argv.slice(1)) last = shell.calculate(word);
      return last === 0 ? 1 : 0;
    }),
  ],
  [
    'help',
    at(({ shell, io }) => {
      const names = [...BUILTINS.keys()].filter((name) => builtinOf(shell, name)).sort();
      io.stdout.write(`Built-in commands:\n------------------\n\t${names.join(' ')}\n`);
      return 0;
    }),
  ],
  ['history', at(() => 0)],
  ['hash', at(() => 0)],
  ['shopt', at(() => 0)],
]);
