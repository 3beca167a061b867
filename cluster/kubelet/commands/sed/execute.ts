/** Runs the commands of a sed script over lines. */
import type { Wait } from '../../shell/coroutine.ts';
import type { Pattern } from '../regex/pattern.ts';
import type { Tool } from '../tool.ts';
import type { Line, Lines } from './input.ts';
import { FAULTS } from './faults.ts';
import { BadScript, type Address, type Command } from './script.ts';
import { substitute } from './substitute.ts';

/** Commands between two turns for others. */
const TURN = 500;
/** Commands for one line: a script that goes round for good has no other end when nothing waits. */
type Flow = 'next' | 'delete' | 'restart' | 'quit' | 'quit silently';

export interface Execution {
  tool: Tool;
  commands: readonly Command[];
  quiet: boolean;
  /** Columns that `l` breaks lines at. */
  columns: number;
  write(text: string): void;
}

export class Sed {
  readonly #run: Execution;
  /** Of ranges that are open: the line where they end, or Infinity. */
  readonly #ranges = new Map<Command, number>();
  /** Ranges by number that are over for good. */
  readonly #files = new Set<string>();
  #lines: Lines | undefined;
  #pattern = '';
  #isOpen = false;
  #hold = '';
  #file = '-';
  #number = 0;
  #changed = false;
  #last: Pattern | undefined;
  #after: { text: string }[] = [];
  #steps = 0;
  /** What was written last had no end of line. */
  #owesEnd = false;
  code = 0;

  constructor(run: Execution) {
    this.#run = run;
  }
  /** A file of its own counts its lines from the first. */
  restart(): void {
    this.#number = 0;
    this.#ranges.clear();
    this.#owesEnd = false;
  }

  /** false: it was told to quit. */
  *over(lines: Lines): Generator<Wait, boolean, void> {
    this.#lines = lines;
    let again = false;
    for (;;) {
      if (!again) {
        const line = yield* lines.next();
        if (line === undefined) return true;
        this.#take(line);
        this.#pattern = line.text;
      }
      const flow = yield* this.#cycle();
      again = flow === 'restart';
      if (flow !== 'delete' && flow !== 'restart' && flow !== 'quit silently' && !this.#run.quiet)
        this.#print(this.#pattern, this.#isOpen);
      this.#flush();
      if (flow === 'quit' || flow === 'quit silently') return false;
      while (this.#run.tool.context.io.stdout.full) yield { event: true };
      if (this.#run.tool.context.io.stdout.broken) return false;
    }
  }
  #take({ isOpen, file }: Line): void {
    this.#isOpen = isOpen;
    this.#file = file;
    this.#number++;
    this.#changed = false;
  }
  #print(text: string, isOpen = false): void {
    this.#run.write(`${this.#owesEnd ? '\n' : ''}${text}${isOpen ? '' : '\n'}`);
    this.#owesEnd = isOpen;
  }
  #flush(): void {
    for (const { text } of this.#after) {
      this.#run.write(`${this.#owesEnd ? '\n' : ''}${text}`);
      this.#owesEnd = false;
    }
    this.#after = [];
  }

  *#isOn(address: Address): Generator<Wait, boolean, void> {
    switch (address.kind) {
      case 'line':
        return address.line === this.#number;
      case 'last':
        return yield* this.#isLast();
      case 'step':
        return address.step === 0
          ? this.#number === address.first
          : this.#number >= address.first && (this.#number - address.first) % address.step === 0;
      case 'pattern':
        return this.#used(address.pattern).test(this.#pattern);
      default:
        return false;
    }
  }
  *#isLast(): Generator<Wait, boolean, void> {
    return this.#lines === undefined || (yield* this.#lines.isLast());
  }
  /** An empty pattern is the last that was used. */
  #used(pattern: Pattern | undefined): Pattern {
    const used = pattern ?? this.#last;
    if (used === undefined)
      throw new BadScript(this.#run.tool.gnu ? 'no previous regular expression' : 'no previous regexp');
    this.#last = used;
    return used;
  }

  *#applies(command: Command): Generator<Wait, boolean, void> {
    const { tool } = this.#run;
    const { from, to } = command;
    if (from === undefined) return true;
    if (to === undefined) return yield* this.#isOn(from);
    const end = this.#ranges.get(command);
    if (end === undefined) {
      // line 0 is before the first: the end may be on the first
      const isZero = tool.gnu && from.kind === 'line' && from.line === 0;
      if (isZero ? this.#number !== 1 : !(yield* this.#isOn(from))) return false;
      if (isZero) {
        if (!(yield* this.#isOn(to))) this.#ranges.set(command, Infinity);
        return true;
      }
      const last = this.#endOf(to);
      if (last === undefined ? to.kind !== 'last' || !(yield* this.#isLast()) : last > this.#number)
        this.#ranges.set(command, last ?? Infinity);
      return true;
    }
    if (end === Infinity) {
      if (yield* this.#isOn(to)) this.#ranges.delete(command);
      return true;
    }
    if (this.#number >= end) this.#ranges.delete(command);
    // lines that others have read meanwhile may have gone past the end
    return this.#number <= end;
  }
  /** The line that a range ends with, where that is known. */
  #endOf(to: Address): number | undefined {
    if (to.kind === 'line') return to.line;
    if (to.kind === 'more') return this.#number + to.lines;
    if (to.kind === 'multiple') return to.of === 0 ? this.#number : (Math.floor(this.#number / to.of) + 1) * to.of;
    return undefined;
  }

  *#cycle(): Generator<Wait, Flow, void> {
    const { commands } = this.#run;
    let at = 0;
    while (at < commands.length) {
      if (++this.#steps % TURN === 0) yield {};
      const command = commands[at++];
      if (command === undefined) break;
      const applies = (yield* this.#applies(command)) !== command.not;
      if (command.name === '{') {
        if (applies) continue;
        if (command.target === undefined) throw new BadScript(FAULTS['open block'].busybox);
        at = command.target;
        continue;
      }
      if (!applies) continue;
      if ('btT'.includes(command.name)) {
        const jumps = command.name === 'b' || this.#changed === (command.name === 't');
        if (command.name !== 'b') this.#changed = false;
        if (jumps) at = command.target ?? commands.length;
        continue;
      }
      const flow = yield* this.#command(command);
      if (flow !== undefined) return flow;
    }
    return 'next';
  }

  /** undefined: goes on with the next command. */
  *#command(command: Command): Generator<Wait, Flow | undefined, void> {
    const { tool } = this.#run;
    switch (command.name) {
      case 's':
        this.#substitute(command);
        return undefined;
      case 'y':
        this.#pattern = Array.from(this.#pattern, (char) => command.letters?.get(char) ?? char).join('');
        return undefined;
      case 'p':
        this.#print(this.#pattern);
        return undefined;
      case 'P':
        this.#print(this.#pattern.split('\n')[0] ?? '');
        return undefined;
      case 'd':
        return 'delete';
      case 'D': {
        const end = this.#pattern.indexOf('\n');
        if (end === -1) return 'delete';
        this.#pattern = this.#pattern.slice(end + 1);
        return 'restart';
      }
      case 'q':
      case 'Q':
        this.code = command.number ?? 0;
        return command.name === 'q' ? 'quit' : 'quit silently';
      case 'n':
      case 'N':
        return yield* this.#nextLine(command.name);
      case 'g':
        this.#pattern = this.#hold;
        return undefined;
      case 'G':
        this.#pattern += `\n${this.#hold}`;
        return undefined;
      case 'h':
        this.#hold = this.#pattern;
        return undefined;
      case 'H':
        this.#hold += `\n${this.#pattern}`;
        return undefined;
      case 'x':
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        return undefined;
      case 'z':
        this.#pattern = '';
        return undefined;
      case 'F':
        this.#print(this.#file);
        return undefined;
      case '=':
        this.#print(String(this.#number));
        return undefined;
      case 'l':
        // busybox takes it, and does nothing
        if (tool.gnu) this.#print(unambiguous(this.#pattern, command.number ?? this.#run.columns));
        return undefined;
      case 'a':
        this.#after.push({ text: command.text });
        return undefined;
      case 'i':
        this.#print(command.text.slice(0, -1));
        return undefined;
      case 'c':
        if (command.to === undefined || command.not || !this.#ranges.has(command))
          this.#print(command.text.slice(0, -1));
        return 'delete';
      case 'r': {
        const node = tool.box.files.find(tool.path(command.text));
        if (node?.kind === 'file') this.#after.push({ text: node.data });
        return undefined;
      }
      case 'w':
        this.#write(command.text, `${this.#pattern}\n`);
        return undefined;
      default:
        return undefined;
    }
  }
  *#nextLine(name: 'n' | 'N'): Generator<Wait, Flow | undefined, void> {
    const { quiet } = this.#run;
    // without another line it ends; the line is printed as at the end of a script
    if (yield* this.#isLast()) return name === 'n' && !this.#run.tool.gnu && !quiet ? 'next' : 'quit';
    if (name === 'n' && !quiet) this.#print(this.#pattern, this.#isOpen);
    this.#flush();
    const line = yield* (this.#lines as Lines).next();
    if (line === undefined) return 'quit';
    const changed = this.#changed;
    this.#take(line);
    this.#changed = changed;
    this.#pattern = name === 'n' ? line.text : `${this.#pattern}\n${line.text}`;
    return undefined;
  }
  #substitute({ substitution }: Command): void {
    if (substitution === undefined) return;
    const changed = substitute(this.#pattern, this.#used(substitution.pattern), substitution, this.#run.tool.gnu);
    if (changed === undefined) return;
    this.#pattern = changed;
    this.#changed = true;
    if (substitution.prints) this.#print(this.#pattern, this.#isOpen && !this.#run.tool.gnu);
    if (substitution.file !== undefined) this.#write(substitution.file, `${this.#pattern}\n`);
  }
  /** Files that a script writes are emptied once, when it begins. */
  open(): void {
    for (const { name, text, substitution } of this.#run.commands) {
      const file = name === 'w' ? text : substitution?.file;
      if (file !== undefined && !file.startsWith('/dev/std')) this.#write(file, '');
    }
  }
  #write(name: string, text: string): void {
    const { tool } = this.#run;
    if (name === '/dev/stdout') this.#run.write(text);
    else if (name === '/dev/stderr') tool.context.io.stderr.write(text);
    else {
      const first = !this.#files.has(name);
      this.#files.add(name);
      tool.attempt(
        () => tool.box.files.write(tool.path(name), text, { append: !first }),
        (error) =>
          tool.gnu ? `couldn't open file ${name}: ${error.message}` : `can't open '${name}': ${error.message}`,
        tool.gnu ? 4 : 1,
      );
    }
  }
}

/** A line with nothing in it that can't be seen. */
function unambiguous(text: string, columns: number): string {
  const width = columns > 1 ? columns - 1 : Infinity;
  const lines: string[] = [];
  let line = '';
  for (const char of text) {
    const code = char.charCodeAt(0);
    const shown = SHOWN[char] ?? (code < 32 || code > 126 ? `\\${code.toString(8).padStart(3, '0')}` : char);
    if (line.length + shown.length > width) {
      lines.push(`${line}\\`);
      line = '';
    }
    line += shown;
  }
  return [...lines, `${line}$`].join('\n');
}
const SHOWN: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
