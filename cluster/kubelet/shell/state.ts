/** What a shell knows: variables, functions, options, jobs. */
import type { CommandNode, ScriptNode } from 'just-bash';
import type { FileView } from '../files/file-view.ts';
import type { Box, Context } from './box.ts';
import type { Run, Sink, Wait } from './coroutine.ts';
import { Expansion, type Scope } from './expansion.ts';
import { familyOf, type Family } from './family.ts';
import { Leave } from './leave.ts';

export type FunctionNode = Extract<CommandNode, { type: 'FunctionDef' }>;
interface Variable {
  value: string;
  exported: boolean;
  readonly?: boolean;
}
interface Job {
  id: number;
  pid: number;
  run: Run;
  code?: number | undefined;
  /** What ended it, until that has been told. */
  signal?: string;
  text: string;
}

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

/** Whose variables, functions, options and place a shell has, and its words for mistakes. */
export abstract class ShellState implements Scope {
  readonly kind: ShellOptions['kind'];
  readonly name: string;
  readonly interactive: boolean;
  readonly context: Context;
  readonly box: Box;
  readonly family: Family;
  /** Started by no other shell. */
  readonly isRoot: boolean;
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
  /** Rights that new files do not get. */
  mask = 0o022;
  /** Inside of which word `getopts` is, and at which letter. */
  optionAt = { index: 1, letter: 1 };
  /** Loops it is in. */
  loops = 0;
  readonly pid: number;
  /** Variables to put back when the function returns. */
  locals: Map<string, Variable | undefined>[] = [];
  readonly #fromFile: boolean;
  readonly expansion: Expansion;
  /** Shells and functions it is in. */
  depth = 0;
  /** Of the script, where it is. */
  line = 1;

  constructor(
    { context, name, kind, interactive = false, positional = [], fromFile = false }: ShellOptions,
    parent?: ShellState,
  ) {
    // `exec` changes where it goes, for the shell alone
    this.context = { ...context, io: { ...context.io } };
    this.pid = context.isFirst === true ? 1 : (parent?.pid ?? familyOf(context.box).nextPid());
    this.box = context.box;
    this.family = familyOf(context.box);
    this.isRoot = parent === undefined;
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
      this.mask = parent.mask;
      this.loops = parent.loops;
      this.depth = parent.depth + 1;
    } else if (!this.variables.has('PWD')) this.variables.set('PWD', { value: this.cwd, exported: true });
  }

  // --- what expansion needs
  get files(): FileView {
    return this.box.files;
  }
  get keepsPatterns(): boolean {
    return this.options.has('f');
  }
  get expandsBraces(): boolean {
    return this.kind === 'bash';
  }
  get strict(): boolean {
    return this.options.has('u');
  }
  get(name: string): string | undefined {
    if (name === 'RANDOM' && this.kind !== 'dash') return String(Math.floor(this.box.random() * 32768));
    if (name === 'PPID') return this.context.isFirst === true ? '0' : (this.variables.get(name)?.value ?? '1');
    if (name === 'LINENO' && this.kind === 'bash') return String(this.line);
    if (name === 'LINENO' && this.kind === 'ash') return this.variables.get(name)?.value ?? '0';
    if (name === 'OPTIND') return this.variables.get(name)?.value ?? '1';
    if (name === 'SECONDS' && this.kind === 'bash') return String(Math.floor(this.box.now() / 1000) % 100_000);
    return this.variables.get(name)?.value;
  }
  set(name: string, value: string): void {
    const before = this.variables.get(name);
    if (before?.readonly === true)
      this.fail(this.kind === 'bash' ? `${name}: readonly variable` : `${name}: is read only`);
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
        return String(this.pid);
      case '!':
        return this.lastJob;
      case '0':
        return this.name;
      case '-':
        return [...this.options].filter((option) => option.length === 1).join('') + (this.kind === 'ash' ? 'c' : '');
      default:
        return undefined;
    }
  }
  abstract substitute(script: ScriptNode): Generator<Wait, string, void>;
  fail(message: string): never {
    this.complain(message);
    throw new Leave('exit', this.kind === 'bash' ? 1 : 2);
  }

  /** Where in the script it is, as its messages say it. */
  place(): string {
    if (this.kind === 'dash') return `${this.line}: `;
    return this.#fromFile || (this.kind === 'bash' && !this.interactive) ? `line ${this.line}: ` : '';
  }
  /** A mistake in the shell's own words. */
  complain(message: string, stderr: Sink = this.context.io.stderr): void {
    stderr.write(`${this.name}: ${this.interactive ? '' : this.place()}${message}\n`);
  }

  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, { value, exported }] of this.variables) if (exported) env.set(name, value);
    return env;
  }
}
