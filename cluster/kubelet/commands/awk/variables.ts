/** awk's variables, arrays and the fields of the record. */
import type { Tool } from '../tool.ts';
import { Input, numberOf, patternOf, splitBy, textOf, type Store, type Value } from './values.ts';

/** Fields that a program may ask for. */
const MOST_FIELDS = 10_000;

export class Variables {
  readonly globals = new Map<string, Value | Store>();
  /** Of functions that are running. */
  readonly frames: Map<string, Value | Store>[] = [];
  #fields: string[] = [''];

  constructor(tool: Tool, operands: readonly string[], separator: string | undefined) {
    const initial: [string, Value][] = [
      ['FS', separator ?? ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['NF', 0],
      ['SUBSEP', '\x1c'],
      ['OFMT', '%.6g'],
      ['CONVFMT', '%.6g'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['FILENAME', ''],
      ['ARGC', operands.length + 1],
    ];
    for (const [name, value] of initial) this.globals.set(name, value);
    this.globals.set(
      'ENVIRON',
      new Map([...tool.context.env].map(([name, value]): [string, Value] => [name, new Input(value)])),
    );
    this.globals.set(
      'ARGV',
      new Map(['awk', ...operands].map((word, index): [string, Value] => [String(index), new Input(word)])),
    );
  }
  /** `-v name=value` */
  assign(name: string, value: string): void {
    this.globals.set(name, new Input(value));
  }

  get record(): string {
    return this.#fields[0] ?? '';
  }
  setRecord(line: string): void {
    this.#fields = [line, ...this.cut(line, this.text(this.get('FS')))];
    this.globals.set('NF', this.#fields.length - 1);
  }
  cut(text: string, separator: string): string[] {
    if (text === '') return [];
    if (separator === ' ') {
      const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
      return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
    }
    if (separator === '') return text.split('');
    if (separator.length === 1 && separator !== '\\') return text.split(separator);
    return splitBy(text, patternOf(separator));
  }
  setField(index: number, text: string): void {
    if (index === 0) {
      this.setRecord(text);
      return;
    }
    while (this.#fields.length <= index) this.#fields.push('');
    this.#fields[index] = text;
    this.globals.set('NF', this.#fields.length - 1);
    this.#join();
  }
  #join(): void {
    this.#fields[0] = this.#fields.slice(1).join(this.text(this.get('OFS')));
  }

  field(index: number): Value {
    const text = this.#fields[Math.trunc(index)];
    return text === undefined ? undefined : new Input(text);
  }
  get(name: string): Value {
    const frame = this.frames.at(-1);
    const found = frame?.has(name) ? frame.get(name) : this.globals.get(name);
    return found instanceof Map ? '' : found;
  }
  set(name: string, value: Value): void {
    const frame = this.frames.at(-1);
    if (frame?.has(name)) frame.set(name, value);
    else this.globals.set(name, value);
    if (name === 'NF') {
      const count = numberOf(value);
      this.#fields = Array.from({ length: Math.min(count, MOST_FIELDS) + 1 }, (_, index) => this.#fields[index] ?? '');
      this.#join();
    }
  }
  array(name: string): Store {
    const frame = this.frames.at(-1);
    const where = frame?.has(name) ? frame : this.globals;
    const found = where.get(name);
    if (found instanceof Map) return found;
    const made: Store = new Map();
    where.set(name, made);
    return made;
  }
  /** What a name is where it stands: a value, or an array. */
  found(name: string): Value | Store {
    const frame = this.frames.at(-1);
    return frame?.has(name) ? frame.get(name) : this.globals.get(name);
  }
  text(value: Value): string {
    return typeof value === 'number' && !Number.isInteger(value)
      ? textOf(value, textOf(this.get('CONVFMT')))
      : textOf(value);
  }
}
