/** What awk reads: operands one after another, and files and commands of `getline`. */
import { Collector, nothingIn, readLine, readSome, type Wait } from '../../shell/coroutine.ts';
import type { Tool } from '../tool.ts';
import { numberOf, patternOf, splitBy, textOf } from './values.ts';
import type { Variables } from './variables.ts';

type Eval<T> = Generator<Wait, T, void>;

export class Records {
  readonly #tool: Tool;
  readonly #variables: Variables;
  /** Not read yet: files, and `name=value`. */
  readonly #operands: string[];
  #reading: { lines: string[]; at: number } | undefined;
  #stdinUsed = false;
  readonly #inputs = new Map<string, { lines: string[]; at: number }>();
  /** Of a file that could not be opened. */
  code = 0;

  constructor(tool: Tool, variables: Variables, operands: readonly string[]) {
    this.#tool = tool;
    this.#variables = variables;
    this.#operands = [...operands];
  }
  /** The rest of the file is left out. */
  skipFile(): void {
    this.#reading = undefined;
  }
  /** What was read by that name is read anew. */
  close(name: string): void {
    this.#inputs.delete(name);
  }

  /** The lines of what is read now; false: there is no more. */
  *#line(): Eval<string | undefined> {
    for (;;) {
      if (this.#reading !== undefined) {
        const line = this.#reading.lines[this.#reading.at++];
        if (line !== undefined) return line;
        this.#reading = undefined;
      }
      const operand = this.#operands.shift();
      if (operand === undefined) {
        if (this.#stdinUsed) return undefined;
        const line = yield* this.#stdinLine();
        if (line === undefined) this.#stdinUsed = true;
        return line;
      }
      const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(operand) ?? [];
      if (name !== undefined) {
        this.#variables.assign(name, value ?? '');
        continue;
      }
      this.#stdinUsed = true;
      const text = yield* this.#tool.input(operand, (error) => `${operand}: ${error.message}`);
      if (text === undefined) {
        this.code = this.#tool.gnu ? 2 : 1;
        continue;
      }
      this.#variables.globals.set('FILENAME', operand);
      this.#variables.globals.set('FNR', 0);
      this.#reading = { lines: this.#split(text), at: 0 };
    }
  }
  *#stdinLine(): Eval<string | undefined> {
    const separator = textOf(this.#variables.get('RS'));
    if (separator === '\n') return yield* readLine(this.#tool.context.io.stdin);
    let text = '';
    for (;;) {
      const more = yield* readSome(this.#tool.context.io.stdin);
      if (more === '') break;
      text += more;
    }
    this.#reading = { lines: this.#split(text), at: 1 };
    this.#stdinUsed = true;
    return this.#reading.lines[0];
  }
  #split(text: string): string[] {
    const separator = textOf(this.#variables.get('RS'));
    const parts =
      separator === ''
        ? text.replace(/^\n+|\n+$/g, '').split(/\n{2,}/)
        : separator.length === 1
          ? text.split(separator)
          : splitBy(text, patternOf(separator));
    if (parts.at(-1) === '' || (separator !== '\n' && parts.at(-1) === '\n')) parts.pop();
    return parts;
  }
  /** false: there is no more. */
  *next(): Eval<boolean> {
    const line = yield* this.#line();
    if (line === undefined) return false;
    this.#count();
    this.#variables.setRecord(line);
    return true;
  }
  #count(): void {
    this.#variables.globals.set('NR', numberOf(this.#variables.get('NR')) + 1);
    this.#variables.globals.set('FNR', numberOf(this.#variables.get('FNR')) + 1);
  }
  /** `getline`: of the input, a file or a command. A number where there is none: 0 at the end, -1 where it can't be read. */
  *line(from?: { name: string; isCommand: boolean }): Eval<string | 0 | -1> {
    if (from === undefined) {
      const line = yield* this.#line();
      if (line === undefined) return 0;
      this.#count();
      return line;
    }
    const { name, isCommand } = from;
    if (name === '-' && !isCommand) return (yield* readLine(this.#tool.context.io.stdin)) ?? 0;
    let known = this.#inputs.get(name);
    if (known === undefined) {
      const text = isCommand ? yield* this.#outputOf(name) : this.#contents(name);
      if (text === undefined) return -1;
      known = { lines: this.#split(text), at: 0 };
      this.#inputs.set(name, known);
    }
    const line = known.lines[known.at++];
    if (isCommand && line !== undefined) this.#count();
    return line ?? 0;
  }
  #contents(name: string): string | undefined {
    const node = this.#tool.box.files.find(this.#tool.path(name));
    return node?.kind === 'file' ? node.data : undefined;
  }
  *#outputOf(command: string): Eval<string> {
    const output = new Collector();
    const { io } = this.#tool.context;
    yield* this.#tool.context.call(['sh', '-c', command], { io: { ...io, stdin: nothingIn, stdout: output } });
    return output.text;
  }
}
