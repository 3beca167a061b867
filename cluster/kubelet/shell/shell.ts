/** The shell that containers' scripts and `kubectl exec` run in: walks a parsed script as a coroutine. */
import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode } from 'just-bash';
import { ArithmeticError, evaluate } from './arithmetic.ts';
import { builtinOf, SPECIAL } from './builtins.ts';
import type { Context } from './box.ts';
import { compound } from './compound.ts';
import { Collector, nothingIn, Pipe, together, type Io, type Run, type Sink, type Wait } from './coroutine.ts';
import { tend } from './jobs.ts';
import { Leave } from './leave.ts';
import { endsOpen, faultWords, foreign, type ScriptFault } from './dialect.ts';
import { parseScript, SyntaxFault } from './parser.ts';
import { DEFAULT_PATH, findProgram, type NotRun } from './programs.ts';
import { redirect } from './redirection.ts';
import { ShellState, type FunctionNode } from './state.ts';

/** Functions and shells inside of each other. */
const MAX_DEPTH = 60;

/** As `set -x` shows a word: dash never quotes. */
const traced = (kind: Shell['kind'], word: string): string =>
  kind === 'dash' || /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

export class Shell extends ShellState {
  /** In a condition, where `set -e` does not count. */
  #lenient = 0;
  #leaving = false;

  *substitute(script: ScriptNode): Generator<Wait, string, void> {
    const collected = new Collector();
    this.status = yield* this.inside(script.statements, { ...this.context.io, stdout: collected });
    return collected.text;
  }

  // --- running
  /** A whole script; the shell ends with it. */
  script(text: string): Run {
    return this.#alone(this.#script(text));
  }
  *#script(text: string): Run {
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
    const parsed = this.#read(text);
    if (!('message' in parsed)) {
      yield* this.statements(parsed.statements, this.context.io);
      return this.status;
    }
    // what comes before a line that can't be read has run by then
    const rows = text.split('\n');
    const good = rows.findLastIndex(
      (_row, index) => index > 0 && !('message' in this.#read(rows.slice(0, index).join('\n'))),
    );
    if (good > 0) yield* this.lines(rows.slice(0, good).join('\n'));
    this.line = Math.max(1, rows.length - (rows.at(-1) === '' && rows.length > 1 ? 1 : 0));
    this.complain(parsed.message);
    this.status = 2;
    if (!this.interactive) throw new Leave('exit', 2);
    return 2;
  }
  #read(text: string): ScriptNode | ScriptFault {
    try {
      const parsed = parseScript(text);
      if (endsOpen(text)) return { message: faultWords(this.kind, 'unexpected end of file') };
      return foreign(this.kind, parsed, text) ?? parsed;
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      return { message: faultWords(this.kind, error.message) };
    }
  }
  /** Of `let`. @throws ArithmeticError */
  calculate(text: string): number {
    const [statement] = parseScript(`((${text}))`).statements;
    const command = statement?.pipelines[0]?.commands[0];
    return command?.type === 'ArithmeticCommand' ? evaluate(command.expression, this) : 0;
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

  *statements(statements: readonly StatementNode[], io: Io): Run {
    for (const statement of statements) {
      if (statement.background) {
        this.#background(statement, io);
        this.status = 0;
        continue;
      }
      if (statement.deferredError) {
        this.complain(faultWords(this.kind, statement.deferredError.message));
        throw new Leave('exit', 2);
      }
      yield* this.#statement(statement, io);
    }
    return this.status;
  }

  /** Another process beside those that run, if there may be one. */
  *#fork(run: Run): Run {
    if (this.family.isFull) {
      const why = 'Resource temporarily unavailable';
      this.complain({ ash: `can't fork: ${why}`, dash: 'Cannot fork', bash: `fork: ${why}` }[this.kind]);
      throw new Leave('exit', this.kind === 'bash' ? 254 : 2);
    }
    return yield* this.family.count(run);
  }
  /** What runs in its background goes on without it. */
  #abandon(): void {
    this.family.orphans.push(...this.jobs.filter(({ code }) => code === undefined).map(({ run }) => run));
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
    const run = this.#alone(this.#inside([{ ...statement, background: false }], { ...io, stdin: nothingIn }));
    this.jobs.push({ id, pid, run, text: statement.sourceText?.replace(/\s*&$/, '') ?? '' });
    if (this.interactive) io.stderr.write(`[${id}] ${pid}\n`);
  }

  *#signals(): Generator<Wait, void, void> {
    // what a shell has started gets no signals of its own
    const signal = this.isRoot ? this.context.pending() : undefined;
    if (signal === undefined) return;
    const trap = this.traps.get(signal);
    if (trap === undefined && this.context.isFirst === true) return;
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
      const runs = commands.map((command, index) => this.#part(command, index, pipes, io));
      const codes = yield* tend(this, together(runs));
      const failed = this.options.has('pipefail') ? codes.findLast((one) => one !== 0) : undefined;
      code = failed ?? codes.at(-1) ?? 0;
    }
    return negated ? (code === 0 ? 1 : 0) : code;
  }

  /** A process that ends by itself: what it throws is for no other. */
  *#alone(run: Run, ended: () => void = () => undefined): Run {
    try {
      return yield* this.#fork(run);
    } catch (leave) {
      if (!(leave instanceof Leave)) throw leave;
      return leave.count;
    } finally {
      ended();
    }
  }
  #part(command: CommandNode, index: number, pipes: readonly Pipe[], io: Io): Run {
    return this.#alone(this.#stage(command, index, pipes, io), () => {
      pipes[index]?.end();
      pipes[index - 1]?.break();
    });
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
      child.#abandon();
    }
  }

  /** In a shell of its own. */
  inside(statements: readonly StatementNode[], io: Io): Run {
    return this.#fork(this.#inside(statements, io));
  }
  *#inside(statements: readonly StatementNode[], given: Io): Run {
    const io = { ...given };
    if (this.depth > MAX_DEPTH) this.fail('Maximum function recursion depth exceeded');
    const child = new Shell(
      { context: { ...this.context, io }, name: this.name, kind: this.kind, positional: this.positional },
      this,
    );
    try {
      yield* child.statements(statements, io);
    } catch (leave) {
      if (!(leave instanceof Leave)) throw leave;
      return yield* child.leave(leave.kind === 'exit' ? leave.count : child.status);
    } finally {
      child.#abandon();
    }
    return yield* child.leave(child.status);
  }

  /** Lets others have their turn, every so often. */
  *turn(): Generator<Wait, void, void> {
    if (this.family.isTurnOver()) yield {};
  }

  *command(command: CommandNode, io: Io): Run {
    yield* this.turn();
    while (io.stdout.full) yield { event: true };
    if (io.stdout.broken) throw new Leave('exit', 141);
    yield* this.#signals();
    if (command.type === 'FunctionDef') {
      this.functions.set(command.name, command);
      return 0;
    }
    if (command.type === 'SimpleCommand') {
      this.line = command.line ?? this.line;
      return yield* this.#simple(command, io);
    }
    const redirected = yield* redirect(this, command.redirections, io);
    if (redirected === undefined) return this.#notOpened;
    try {
      return yield* compound(this, command, redirected);
    } catch (error) {
      if (error instanceof ArithmeticError) {
        this.complain(error.message);
        return 1;
      }
      throw error;
    }
  }

  /** Whether they succeed, where `set -e` does not count. */
  *condition(statements: readonly StatementNode[], io: Io): Generator<Wait, boolean, void> {
    this.#lenient++;
    try {
      return (yield* this.statements(statements, io)) === 0;
    } finally {
      this.#lenient--;
    }
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
      for (const { name, value, append, array } of command.assignments) {
        if (array !== null) {
          // elements are variables of their own: `items[0]`
          const before = append ? Number(this.get(`${name}[#]`) ?? 0) : 0;
          const elements = yield* this.expansion.many(array);
          elements.forEach((text, index) => assignments.push([`${name}[${before + index}]`, text]));
          assignments.push([`${name}[#]`, String(before + elements.length)]);
          if (before === 0) assignments.push([name, elements[0] ?? '']);
          continue;
        }
        const text = value === null ? '' : yield* this.expansion.one(value);
        assignments.push([name, append ? (this.get(name) ?? '') + text : text]);
      }
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error;
      if (this.kind === 'bash') this.complain(error.message);
      else this.fail(error.message);
      return 1;
    }
    if (this.options.has('x')) {
      for (const [name, value] of assignments) outer.stderr.write(`+ ${name}=${traced(this.kind, value)}\n`);
      if (argv.length > 0) outer.stderr.write(`+ ${argv.map((word) => traced(this.kind, word)).join(' ')}\n`);
    }
    const io = yield* redirect(this, command.redirections, outer);
    if (io === undefined) return this.#notOpened;
    if (argv.length === 0) {
      for (const [name, value] of assignments) this.set(name, value);
      return this.status;
    }
    if (argv.length === 1 && argv[0] === 'exec') {
      // for all that follows
      Object.assign(outer, io);
      return 0;
    }
    const [word = ''] = argv;
    const alias = this.aliases.get(word);
    const words = alias === undefined ? argv : [...alias.split(' '), ...argv.slice(1)];
    const [name = ''] = words;
    const called = this.functions.get(name);
    if (called !== undefined) return yield* this.#function(called, words, io, assignments);
    const builtin = builtinOf(this, name);
    if (builtin !== undefined) {
      const before = SPECIAL.has(name) ? [] : assignments.map(([key]) => [key, this.variables.get(key)] as const);
      for (const [key, value] of assignments) this.set(key, value);
      try {
        return yield* builtin({ shell: this, argv: words, io });
      } finally {
        for (const [key, variable] of before) {
          if (variable === undefined) this.variables.delete(key);
          else this.variables.set(key, variable);
        }
      }
    }
    const env = this.environment();
    for (const [key, value] of assignments) env.set(key, value);
    return yield* tend(this, this.runProgram(words, io, env));
  }

  *runProgram(argv: readonly string[], io: Io, env: ReadonlyMap<string, string> = this.environment()): Run {
    const [name = ''] = argv;
    const found = findProgram(this.box, name, env.get('PATH') ?? DEFAULT_PATH, this.cwd);
    if (typeof found === 'string') {
      this.#cannotRun(name, found, io.stderr);
      return found === 'denied' || found === 'folder' ? 126 : 127;
    }
    const { cwd } = this;
    // what a program runs itself is heard where the program is
    const call: Context['call'] = (words, changes) => this.context.call(words, { io, env, cwd, ...changes });
    return yield* found.program({ ...this.context, argv: found.argv(argv), env, cwd, io, call });
  }
  #cannotRun(name: string, why: NotRun, stderr: Sink): void {
    const words: Record<NotRun, string> = {
      denied: 'Permission denied',
      folder: this.kind === 'bash' ? 'Is a directory' : 'Permission denied',
      missing: this.kind === 'bash' && !name.includes('/') ? 'command not found' : 'not found',
    };
    const missing =
      this.kind === 'bash' && why === 'missing' && name.includes('/') ? 'No such file or directory' : words[why];
    this.complain(`${name}: ${missing}`, stderr);
  }

  get #notOpened(): number {
    return this.kind === 'dash' ? 2 : 1;
  }

  *#function(called: FunctionNode, argv: readonly string[], io: Io, assignments: readonly [string, string][]): Run {
    if (this.depth > MAX_DEPTH) this.fail('Maximum function recursion depth exceeded');
    const before = this.positional;
    this.positional = argv.slice(1);
    for (const [key, value] of assignments) this.set(key, value);
    this.locals.push(new Map());
    this.depth++;
    try {
      return yield* this.command(called.body, io);
    } catch (leave) {
      if (!(leave instanceof Leave) || leave.kind !== 'return') throw leave;
      return leave.count;
    } finally {
      this.depth--;
      this.positional = before;
      for (const [name, variable] of this.locals.pop() ?? []) {
        if (variable === undefined) this.variables.delete(name);
        else this.variables.set(name, variable);
      }
    }
  }
}
