/** The shell that containers' scripts and `kubectl exec` run in: walks a parsed script as a coroutine. */
import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode } from 'just-bash';
import { FileError, normalisePath, type FileView } from '../files/file-view.ts';
import { ArithmeticError, evaluate } from './arithmetic.ts';
import type { Box, Context, Program } from './box.ts';
import { BUILTINS } from './builtins.ts';
import {
  Collector,
  nothingIn,
  nowhere,
  Pipe,
  textSource,
  together,
  type Io,
  type Run,
  type Sink,
  type Wait,
} from './coroutine.ts';
import { condition } from './condition.ts';
import { Expansion, type Scope } from './expansion.ts';
import { parseScript, SyntaxFault } from './parser.ts';
import { matches } from './pattern.ts';

type Redirection = SimpleCommandNode['redirections'][number];
type FunctionNode = Extract<CommandNode, { type: 'FunctionDef' }>;

/** Leaves loops, functions or the shell. */
export class Leave {
  readonly kind: 'break' | 'continue' | 'return' | 'exit';
  /** Loops to leave, or the exit code. */
  count: number;
  constructor(kind: Leave['kind'], count: number) {
    this.kind = kind;
    this.count = count;
  }
}

interface Variable {
  value: string;
  exported: boolean;
  readonly?: boolean;
}
interface Job {
  id: number;
  pid: number;
  run: Run;
  code?: number;
  text: string;
}

/** Commands between two turns for others. */
const TURN = 32;
const MAX_DEPTH = 60;

export interface ShellOptions {
  context: Context;
  /** As its messages begin: `sh`, `bash`, a script's path. */
  name: string;
  /** Which words it has for mistakes. */
  kind: 'ash' | 'dash' | 'bash';
  interactive?: boolean;
  positional?: readonly string[];
  /** Runs from a file: lines are counted. */
  fromFile?: boolean;
}

export class Shell implements Scope {
  readonly kind: ShellOptions['kind'];
  readonly name: string;
  readonly interactive: boolean;
  readonly context: Context;
  readonly box: Box;
  positional: readonly string[];
  cwd: string;
  status = 0;
  options = new Set<string>();
  readonly variables: Map<string, Variable>;
  readonly functions: Map<string, FunctionNode>;
  readonly aliases = new Map<string, string>();
  readonly traps = new Map<string, string>();
  readonly jobs: Job[] = [];
  lastJob = '';
  /** Variables to put back when the function returns. */
  locals: Map<string, Variable | undefined>[] = [];
  readonly #fromFile: boolean;
  readonly expansion: Expansion;
  #turn = 0;
  #depth = 0;
  #line = 1;
  /** In a condition, where `set -e` does not count. */
  #lenient = 0;
  #leaving = false;

  constructor(
    { context, name, kind, interactive = false, positional = [], fromFile = false }: ShellOptions,
    parent?: Shell,
  ) {
    this.context = context;
    this.box = context.box;
    this.name = name;
    this.kind = kind;
    this.interactive = interactive;
    this.positional = positional;
    this.cwd = context.cwd;
    this.#fromFile = fromFile;
    this.expansion = new Expansion(this);
    this.variables = new Map(
      parent
        ? [...parent.variables].map(([key, value]) => [key, { ...value }])
        : [...context.env].map(([key, value]) => [key, { value, exported: true }]),
    );
    this.functions = new Map(parent?.functions);
    if (parent) {
      this.options = new Set(parent.options);
      this.status = parent.status;
      this.cwd = parent.cwd;
      this.#depth = parent.#depth + 1;
    } else if (!this.variables.has('PWD')) this.variables.set('PWD', { value: this.cwd, exported: true });
  }

  // --- what expansion needs
  get files(): FileView {
    return this.box.files;
  }
  get strict(): boolean {
    return this.options.has('u');
  }
  get(name: string): string | undefined {
    if (name === 'RANDOM' && this.kind !== 'dash') return String(Math.floor(this.box.random() * 32768));
    if (name === 'SECONDS' && this.kind === 'bash') return String(Math.floor(this.box.now() / 1000) % 100_000);
    return this.variables.get(name)?.value;
  }
  set(name: string, value: string): void {
    const before = this.variables.get(name);
    if (before?.readonly === true) this.fail(`${name}: is read only`);
    this.variables.set(name, { value, exported: before?.exported === true || this.options.has('a') });
  }
  names(): string[] {
    return [...this.variables.keys()].sort();
  }
  special(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.status);
      case '#':
        return String(this.positional.length);
      case '$':
        return '1';
      case '!':
        return this.lastJob;
      case '0':
        return this.name;
      case '-':
        return [...this.options].join('');
      default:
        return undefined;
    }
  }
  *substitute(script: ScriptNode): Generator<Wait, string, void> {
    const collected = new Collector();
    this.status = yield* this.#inside(script.statements, { ...this.context.io, stdout: collected });
    return collected.text;
  }
  fail(message: string): never {
    this.complain(message);
    throw new Leave('exit', this.kind === 'bash' ? 1 : 2);
  }

  /** A mistake in the shell's own words. */
  complain(message: string): void {
    const line =
      this.kind === 'dash'
        ? `${this.#line}: `
        : this.#fromFile || (this.kind === 'bash' && !this.interactive)
          ? `line ${this.#line}: `
          : '';
    this.context.io.stderr.write(`${this.name}: ${this.interactive ? '' : line}${message}\n`);
  }

  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, { value, exported }] of this.variables) if (exported) env.set(name, value);
    return env;
  }

  // --- running
  /** A whole script; the shell ends with it. */
  *script(text: string): Run {
    let code: number;
    try {
      code = yield* this.lines(text);
    } catch (leave) {
      if (!(leave instanceof Leave)) throw leave;
      code = leave.kind === 'exit' ? leave.count : this.status;
    }
    return yield* this.leave(code);
  }
  /** Some lines of it. @throws Leave */
  *lines(text: string): Run {
    let parsed: ScriptNode;
    try {
      parsed = parseScript(text);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      this.complain(`syntax error: ${error.message.replace(/^.*?: /, '')}`);
      this.status = 2;
      return 2;
    }
    const only = parsed.statements.length === 1 ? parsed.statements : undefined;
    yield* this.#statements(only ?? parsed.statements, this.context.io);
    return this.status;
  }
  /** Traps of the end run once. */
  *leave(code: number): Run {
    const trap = this.traps.get('EXIT');
    if (trap === undefined || this.#leaving) return code;
    this.#leaving = true;
    this.status = code;
    try {
      yield* this.lines(trap);
    } catch (leave) {
      if (!(leave instanceof Leave)) throw leave;
      return leave.kind === 'exit' ? leave.count : code;
    }
    return code;
  }

  *#statements(statements: readonly StatementNode[], io: Io): Run {
    for (const statement of statements) {
      if (statement.background) {
        this.#background(statement, io);
        this.status = 0;
        continue;
      }
      if (statement.deferredError) {
        this.complain(`syntax error: ${statement.deferredError.message}`);
        throw new Leave('exit', 2);
      }
      yield* this.#statement(statement, io);
    }
    return this.status;
  }

  *#statement(statement: StatementNode, io: Io): Run {
    for (const [index, pipeline] of statement.pipelines.entries()) {
      const operator = index === 0 ? ';' : (statement.operators[index - 1] ?? ';');
      if (operator === '&&' && this.status !== 0) continue;
      if (operator === '||' && this.status === 0) continue;
      const last = index === statement.pipelines.length - 1;
      if (!last || pipeline.negated) this.#lenient++;
      try {
        this.status = yield* this.#pipeline(pipeline, io);
      } finally {
        if (!last || pipeline.negated) this.#lenient--;
      }
      if (last && this.status !== 0 && this.options.has('e') && this.#lenient === 0)
        throw new Leave('exit', this.status);
    }
    return this.status;
  }

  #background(statement: StatementNode, io: Io): void {
    const id = (this.jobs.at(-1)?.id ?? 0) + 1;
    const pid = 6 + id;
    this.lastJob = String(pid);
    const run = this.#inside([{ ...statement, background: false }], { ...io, stdin: nothingIn });
    this.jobs.push({ id, pid, run, text: statement.sourceText?.replace(/\s*&$/, '') ?? '' });
    if (this.interactive) io.stderr.write(`[${id}] ${pid}\n`);
  }

  /** Lets background jobs go on a little; what they wait for, if anything is alive. */
  pump(): Wait | undefined {
    let wait: Wait | undefined;
    for (const job of this.jobs) {
      if (job.code !== undefined) continue;
      const step = job.run.next();
      if (step.done) job.code = step.value;
      else {
        const until = Math.min(wait?.until ?? Infinity, step.value.until ?? (step.value.event ? Infinity : 0));
        wait = { until, event: true };
      }
    }
    return wait;
  }

  /** Waits for something, while jobs in the background go on and signals are heard. */
  *#tend<T>(run: Generator<Wait, T, void>): Generator<Wait, T, void> {
    for (;;) {
      const step = run.next();
      if (step.done) return step.value;
      if (this.interactive && this.context.pending('INT') !== undefined) {
        run.return(undefined as T);
        throw new Leave('exit', 130);
      }
      const jobs = this.jobs.length === 0 ? undefined : this.pump();
      const own = step.value;
      if (jobs === undefined || (own.until === undefined && own.event === undefined)) yield own;
      else yield { until: Math.min(own.until ?? Infinity, jobs.until ?? Infinity), event: true };
    }
  }

  *#signals(): Generator<Wait, void, void> {
    const signal = this.context.pending();
    if (signal === undefined) return;
    const trap = this.traps.get(signal);
    if (trap === undefined) throw new Leave('exit', 128 + (signal === 'INT' ? 2 : 15));
    const before = this.status;
    if (trap !== '') yield* this.lines(trap);
    this.status = before;
  }

  *#pipeline({ commands, negated }: PipelineNode, io: Io): Run {
    let code: number;
    if (commands.length === 1 && commands[0]) code = yield* this.command(commands[0], io);
    else {
      const pipes = commands.slice(1).map(() => new Pipe());
      const runs = commands.map((command, index) => this.#stage(command, index, pipes, io));
      const codes = yield* this.#tend(together(runs));
      const failed = this.options.has('pipefail') ? codes.findLast((one) => one !== 0) : undefined;
      code = failed ?? codes.at(-1) ?? 0;
    }
    return negated ? (code === 0 ? 1 : 0) : code;
  }

  *#stage(command: CommandNode, index: number, pipes: readonly Pipe[], io: Io): Run {
    const stdin = pipes[index - 1] ?? io.stdin;
    const stdout = pipes[index] ?? io.stdout;
    const child = new Shell(
      {
        context: { ...this.context, io: { ...io, stdin, stdout } },
        name: this.name,
        kind: this.kind,
        positional: this.positional,
      },
      this,
    );
    child.status = this.status;
    try {
      return yield* child.command(command, child.context.io);
    } catch (leave) {
      if (!(leave instanceof Leave)) throw leave;
      return leave.kind === 'exit' ? leave.count : child.status;
    } finally {
      if (stdout instanceof Pipe && pipes.includes(stdout)) stdout.end();
      if (stdin instanceof Pipe && pipes.includes(stdin)) stdin.break();
    }
  }

  /** In a shell of its own. */
  *#inside(statements: readonly StatementNode[], io: Io): Run {
    if (this.#depth > MAX_DEPTH) this.fail('Maximum function recursion depth exceeded');
    const child = new Shell(
      { context: { ...this.context, io }, name: this.name, kind: this.kind, positional: this.positional },
      this,
    );
    try {
      yield* child.#statements(statements, io);
    } catch (leave) {
      if (!(leave instanceof Leave)) throw leave;
      return yield* child.leave(leave.kind === 'exit' ? leave.count : child.status);
    }
    return yield* child.leave(child.status);
  }

  *command(command: CommandNode, io: Io): Run {
    if (++this.#turn % TURN === 0) yield {};
    while (io.stdout.full) yield { event: true };
    if (io.stdout.broken) throw new Leave('exit', 141);
    yield* this.#signals();
    if (command.type === 'FunctionDef') {
      this.functions.set(command.name, command);
      return 0;
    }
    if (command.type === 'SimpleCommand') {
      this.#line = command.line ?? this.#line;
      return yield* this.#simple(command, io);
    }
    const redirected = yield* this.#redirect(command.redirections, io);
    if (redirected === undefined) return 1;
    try {
      return yield* this.#compound(command, redirected);
    } catch (error) {
      if (error instanceof ArithmeticError) {
        this.complain(error.message);
        return 1;
      }
      throw error;
    }
  }

  *#condition(statements: readonly StatementNode[], io: Io): Generator<Wait, boolean, void> {
    this.#lenient++;
    try {
      return (yield* this.#statements(statements, io)) === 0;
    } finally {
      this.#lenient--;
    }
  }

  *#compound(command: Exclude<CommandNode, { type: 'SimpleCommand' | 'FunctionDef' }>, io: Io): Run {
    const body = (statements: readonly StatementNode[]) => this.#statements(statements, io);
    switch (command.type) {
      case 'If':
        for (const clause of command.clauses) {
          if (yield* this.#condition(clause.condition, io)) {
            this.status = 0;
            return yield* body(clause.body);
          }
        }
        this.status = 0;
        return command.elseBody === null ? 0 : yield* body(command.elseBody);
      case 'While':
      case 'Until': {
        let code = 0;
        while ((yield* this.#condition(command.condition, io)) === (command.type === 'While')) {
          this.status = 0;
          if ((yield* this.#round(command.body, io)) === 'stop') {
            code = this.status;
            break;
          }
          code = this.status;
        }
        this.status = code;
        return code;
      }
      case 'For': {
        const words = command.words === null ? this.positional : yield* this.expansion.many(command.words);
        this.status = 0;
        for (const word of words) {
          this.set(command.variable, word);
          if ((yield* this.#round(command.body, io)) === 'stop') break;
        }
        return this.status;
      }
      case 'CStyleFor':
        if (command.init) evaluate(command.init, this);
        this.status = 0;
        while (command.condition === null || evaluate(command.condition, this) !== 0) {
          if ((yield* this.#round(command.body, io)) === 'stop') break;
          if (command.update) evaluate(command.update, this);
        }
        return this.status;
      case 'Case': {
        const word = yield* this.expansion.one(command.word);
        for (const item of command.items) {
          for (const pattern of item.patterns) {
            if (matches(yield* this.expansion.pieces(pattern), word)) return yield* body(item.body);
          }
        }
        return 0;
      }
      case 'Subshell':
        return yield* this.#tend(this.#inside(command.body, io));
      case 'Group':
        return yield* body(command.body);
      case 'ArithmeticCommand':
        return evaluate(command.expression, this) === 0 ? 1 : 0;
      case 'ConditionalCommand':
        return (yield* condition(command.expression, this)) ? 0 : 1;
    }
  }

  *#round(statements: readonly StatementNode[], io: Io): Generator<Wait, 'go on' | 'stop', void> {
    // an empty round still lets others have their turn
    if (++this.#turn % TURN === 0) yield {};
    try {
      yield* this.#statements(statements, io);
    } catch (leave) {
      if (!(leave instanceof Leave) || (leave.kind !== 'break' && leave.kind !== 'continue')) throw leave;
      if (--leave.count > 0) throw leave;
      return leave.kind === 'break' ? 'stop' : 'go on';
    }
    return 'go on';
  }

  *#simple(command: SimpleCommandNode, outer: Io): Run {
    const substituted = this.status;
    this.status = 0;
    let argv: string[];
    const assignments: [string, string][] = [];
    try {
      this.status = substituted;
      argv = yield* this.expansion.many(command.name === null ? command.args : [command.name, ...command.args]);
      if (command.name === null || argv.length === 0) this.status = 0;
      for (const { name, value, append } of command.assignments) {
        const text = value === null ? '' : yield* this.expansion.one(value);
        assignments.push([name, append ? (this.get(name) ?? '') + text : text]);
      }
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error;
      this.complain(error.message);
      return 2;
    }
    if (this.options.has('x')) outer.stderr.write(`+ ${argv.join(' ')}\n`);
    const io = yield* this.#redirect(command.redirections, outer);
    if (io === undefined) return 1;
    if (argv.length === 0) {
      for (const [name, value] of assignments) this.set(name, value);
      return this.status;
    }
    const [word = ''] = argv;
    const alias = this.aliases.get(word);
    const words = alias === undefined ? argv : [...alias.split(' '), ...argv.slice(1)];
    const [name = ''] = words;
    const called = this.functions.get(name);
    if (called !== undefined) return yield* this.#function(called, words, io, assignments);
    const builtin = BUILTINS.get(name);
    if (builtin !== undefined) {
      for (const [key, value] of assignments) this.set(key, value);
      return yield* builtin({ shell: this, argv: words, io });
    }
    const env = this.environment();
    for (const [key, value] of assignments) env.set(key, value);
    return yield* this.#tend(this.runProgram(words, io, env));
  }

  *runProgram(argv: readonly string[], io: Io, env: ReadonlyMap<string, string> = this.environment()): Run {
    const [name = ''] = argv;
    const found = findProgram(this.box, name, env.get('PATH') ?? DEFAULT_PATH, this.cwd);
    if (typeof found === 'string') {
      this.#cannotRun(name, found, io.stderr);
      return found === 'denied' || found === 'folder' ? 126 : 127;
    }
    return yield* found.program({ ...this.context, argv: found.argv(argv), env, cwd: this.cwd, io });
  }
  #cannotRun(name: string, why: NotRun, stderr: Sink): void {
    const words: Record<NotRun, string> = {
      denied: 'Permission denied',
      folder: this.kind === 'bash' ? 'Is a directory' : 'Permission denied',
      missing: this.kind === 'bash' && !name.includes('/') ? 'command not found' : 'not found',
    };
    const missing =
      this.kind === 'bash' && why === 'missing' && name.includes('/') ? 'No such file or directory' : words[why];
    const saved = this.context.io.stderr;
    if (saved === stderr) this.complain(`${name}: ${missing}`);
    else
      stderr.write(
        `${this.name}: ${this.kind === 'dash' ? `${this.#line}: ` : this.kind === 'bash' && !this.interactive ? `line ${this.#line}: ` : ''}${name}: ${missing}\n`,
      );
  }

  *#function(called: FunctionNode, argv: readonly string[], io: Io, assignments: readonly [string, string][]): Run {
    if (this.#depth > MAX_DEPTH) this.fail('Maximum function recursion depth exceeded');
    const before = this.positional;
    this.positional = argv.slice(1);
    for (const [key, value] of assignments) this.set(key, value);
    this.locals.push(new Map());
    this.#depth++;
    try {
      return yield* this.command(called.body, io);
    } catch (leave) {
      if (!(leave instanceof Leave) || leave.kind !== 'return') throw leave;
      return leave.count;
    } finally {
      this.#depth--;
      this.positional = before;
      for (const [name, variable] of this.locals.pop() ?? []) {
        if (variable === undefined) this.variables.delete(name);
        else this.variables.set(name, variable);
      }
    }
  }

  /** undefined: one could not be opened, which has been said. */
  *#redirect(redirections: readonly Redirection[], io: Io): Generator<Wait, Io | undefined, void> {
    let { stdin, stdout, stderr } = io;
    for (const { operator, target, fd } of redirections) {
      if (target.type === 'HereDoc') {
        stdin = textSource(
          target.quoted
            ? target.content.parts.map((part) => ('value' in part ? part.value : '')).join('')
            : yield* this.expansion.one(target.content),
        );
        continue;
      }
      const word = yield* this.expansion.one(target);
      if (operator === '<<<') stdin = textSource(`${word}\n`);
      else if (operator === '<' || operator === '<>') {
        try {
          stdin = this.#open(word, io);
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          this.#cannot('open', word, error, stderr);
          return undefined;
        }
      } else if (operator === '>&' && /^[0-9-]$/.test(word)) {
        const to = word === '1' ? stdout : word === '2' ? stderr : nowhere;
        if ((fd ?? 1) === 2) stderr = to;
        else stdout = to;
      } else if (operator === '<&') continue;
      else {
        let sink: Sink;
        try {
          sink = this.fileSink(word, { append: operator.endsWith('>>') }, { ...io, stdout, stderr });
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          this.#cannot('create', word, error, stderr);
          return undefined;
        }
        if (operator.startsWith('&') || operator === '>&') stdout = stderr = sink;
        else if (fd === 2) stderr = sink;
        else stdout = sink;
      }
    }
    return { stdin, stdout, stderr };
  }
  #cannot(what: 'open' | 'create', path: string, error: FileError, stderr: Sink): void {
    const missing = error.fault === 'ENOENT';
    const line =
      this.kind === 'dash'
        ? `${this.#line}: `
        : this.kind === 'bash' && !this.interactive
          ? `line ${this.#line}: `
          : this.#fromFile
            ? `line ${this.#line}: `
            : '';
    const say = (text: string) => stderr.write(`${this.name}: ${line}${text}\n`);
    if (this.kind === 'bash') say(`${path}: ${error.message}`);
    else if (this.kind === 'dash')
      say(
        `cannot ${what} ${path}: ${missing ? (what === 'open' ? 'No such file' : 'Directory nonexistent') : error.message}`,
      );
    else
      say(
        `can't ${what} ${path}: ${missing ? (what === 'open' ? 'no such file' : 'nonexistent directory') : error.message}`,
      );
  }
  #open(path: string, io: Io): Io['stdin'] {
    const full = normalisePath(path, this.cwd);
    const node = this.files.stat(full);
    if (node.kind === 'device') return node.name === 'stdin' || node.name === 'tty' ? io.stdin : nothingIn;
    return textSource(this.files.read(full));
  }
  /** Writes to a file as it comes. @throws FileError */
  fileSink(path: string, { append }: { append: boolean }, io: Io = this.context.io): Sink {
    const full = normalisePath(path, this.cwd);
    const node = this.files.find(full);
    if (node?.kind === 'device') {
      if (node.name === 'stdout' || node.name === 'tty') return io.stdout;
      return node.name === 'stderr' ? io.stderr : nowhere;
    }
    this.files.write(full, '', { append });
    const { files } = this;
    return {
      full: false,
      broken: false,
      isTerminal: false,
      write: (bytes) => files.write(full, bytes, { append: true }),
    };
  }
}

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export type NotRun = 'missing' | 'denied' | 'folder';
export interface Found {
  program: Program;
  /** Where it is. */
  path: string;
  /** With an interpreter before it, for scripts. */
  argv(given: readonly string[]): readonly string[];
}

/** The program that a name stands for. */
export function findProgram(box: Box, name: string, path: string, cwd: string): Found | NotRun {
  const candidates = name.includes('/')
    ? [normalisePath(name, cwd)]
    : path.split(':').map((where) => normalisePath(name, where || cwd));
  let problem: NotRun = 'missing';
  for (const candidate of candidates) {
    const node = box.files.find(candidate);
    if (node === undefined) continue;
    if (node.kind === 'folder') {
      if (name.includes('/')) problem = 'folder';
      continue;
    }
    if (!box.files.mayRun(candidate)) {
      problem = 'denied';
      continue;
    }
    const base = candidate.slice(candidate.lastIndexOf('/') + 1);
    const data = box.files.read(candidate);
    const program = data.startsWith(NATIVE)
      ? (box.programs.get(base) ?? box.programs.get(data.slice(NATIVE.length)))
      : undefined;
    if (program !== undefined) return { program, path: candidate, argv: (given) => [base, ...given.slice(1)] };
    if (data.startsWith(NATIVE)) return { program: silent, path: candidate, argv: (given) => given };
    const interpreter = /^#! *(\S+)(?: +(\S+))?/.exec(data);
    const shell = box.programs.get(interpreterOf(interpreter));
    if (shell !== undefined)
      return { program: shell, path: candidate, argv: (given) => ['sh', candidate, ...given.slice(1)] };
  }
  return problem;
}
const interpreterOf = (match: RegExpExecArray | null): string => {
  const name = (match?.[1] ?? '/bin/sh').split('/').at(-1) ?? 'sh';
  return name === 'env' ? (match?.[2] ?? 'sh') : name;
};
/** How the files of programs begin; the name of the program follows. */
export const NATIVE = '\x7fELF';
/** A program of an image that is not simulated: does nothing, well. */
// eslint-disable-next-line require-yield -- a program that never waits is a program all the same
function* silent(): Run {
  return 0;
}
