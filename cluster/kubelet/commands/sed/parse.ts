/** sed scripts, read into commands, with the words that GNU's and busybox's have for mistakes. */
import { compilePattern, type Pattern } from '../regex/pattern.ts';
import { BadRegex } from '../regex/syntax.ts';
import { BadScript, type Address, type Command } from './script.ts';
import { FAULTS, type Fault } from './faults.ts';

const ENDS_AT_LINE = 'aic:btTrRwW';
/** GNU's has nothing against two for the others. */
const ONE_ADDRESS = { gnu: 'qQ', busybox: 'air' } as const;

export interface ScriptOptions {
  gnu: boolean;
  extended: boolean;
}

export class ScriptReader {
  readonly #options: ScriptOptions;
  readonly commands: Command[] = [];
  readonly #labels = new Map<string, number>();
  /** Where blocks began that are open. */
  readonly #open: number[] = [];
  #text = '';
  #at = 0;
  #where = '';

  constructor(options: ScriptOptions) {
    this.#options = options;
  }

  #fault(id: Fault, detail = '', at = this.#at): BadScript {
    const { gnu, busybox } = FAULTS[id];
    if (!this.#options.gnu) return new BadScript(busybox.replace('%s', () => detail));
    return new BadScript(
      `${this.#where}${this.#where.startsWith('-e') ? `, char ${at}` : ''}: ${gnu.replace('%s', () => detail)}`,
    );
  }
  get #char(): string {
    return this.#text.charAt(this.#at);
  }
  #skip(letters: RegExp): void {
    while (this.#at < this.#text.length && letters.test(this.#char)) this.#at++;
  }

  /** `where`: as GNU names the piece, `-e expression #1` or `file script line 1`. @throws BadScript */
  add(text: string, where: string): void {
    this.#text = text;
    this.#at = 0;
    this.#where = where;
    for (;;) {
      this.#skip(/[\s;]/);
      if (this.#at >= this.#text.length) return;
      this.#command();
    }
  }
  /** @throws BadScript */
  finished(): readonly Command[] {
    // busybox finds that out when it would go around the block
    if (this.#open.length > 0 && this.#options.gnu) throw this.#fault('open block', '', 0);
    for (const command of this.commands) {
      if (!'btT'.includes(command.name)) continue;
      if (command.text === '') command.target = this.commands.length;
      else {
        const target = this.#labels.get(command.text);
        if (target === undefined) {
          const words = FAULTS['no label'];
          throw new BadScript(
            (this.#options.gnu ? words.gnu : words.busybox).replace('%s', command.text),
            this.#options.gnu ? 4 : 1,
          );
        }
        command.target = target;
      }
    }
    return this.commands;
  }

  #command(): void {
    const { gnu } = this.#options;
    if (this.#char === '#') {
      this.#skip(/[^\n]/);
      return;
    }
    const from = this.#address();
    let to: Address | undefined;
    if (from !== undefined) {
      this.#skip(/[ \t]/);
      if (this.#char === ',') {
        this.#at++;
        this.#skip(/[ \t]/);
        to = this.#address(true);
        if (to === undefined) throw this.#fault('unexpected comma', '', this.#at + 1);
      }
      if (gnu && from.kind === 'line' && from.line === 0 && to?.kind !== 'pattern')
        throw this.#fault('line zero', '', this.#at + 1);
    } else if (gnu && this.#char === ',') throw this.#fault('unexpected comma', '', this.#at + 1);
    this.#skip(/[ \t]/);
    let not = false;
    while (this.#char === '!') {
      not = true;
      this.#at++;
      this.#skip(/[ \t]/);
    }
    const name = this.#char;
    if (name === '') throw this.#fault('missing command');
    this.#at++;
    const command: Command = { name, not, text: '', ...(from ? { from } : {}), ...(to ? { to } : {}) };
    if (to !== undefined && ONE_ADDRESS[gnu ? 'gnu' : 'busybox'].includes(name)) throw this.#fault('one address', name);
    if (this.#rest(command)) this.commands.push(command);
  }

  /** What follows a command's name; false: it is none that runs. */
  #rest(command: Command): boolean {
    const { name } = command;
    const { gnu } = this.#options;
    if (name === '{') {
      this.#open.push(this.commands.length);
      return true;
    }
    if (name === '}') {
      const begin = this.#open.pop();
      const block = begin === undefined ? undefined : this.commands[begin];
      if (gnu && block === undefined) throw this.#fault('not open');
      if (gnu && command.from !== undefined) throw this.#fault('address of end');
      if (block !== undefined) block.target = this.commands.length;
      this.#ended();
      return false;
    }
    if (name === 's') this.#substitution(command);
    else if (name === 'y') this.#letters(command);
    else if (ENDS_AT_LINE.includes(name)) {
      this.#lineOf(command);
      return name !== ':';
    } else if ((gnu ? 'qQlL' : 'ql').includes(name)) {
      this.#skip(/[ \t]/);
      const digits = gnu ? /^\d+/.exec(this.#text.slice(this.#at))?.[0] : undefined;
      if (digits !== undefined) {
        command.number = Number(digits);
        this.#at += digits.length;
      }
      this.#ended();
    } else if (this.#isKnown(name)) this.#ended();
    else throw this.#fault('unknown command', name);
    return true;
  }
  #isKnown(name: string): boolean {
    return (this.#options.gnu ? '=dDgGhHnNpPxzF' : '=dDgGhHnNpPx').includes(name);
  }
  /** Nothing but the end of a command may follow. */
  #ended(): void {
    this.#skip(/[ \t]/);
    if (this.#char === '' || this.#char === '\n' || this.#char === ';') {
      this.#at++;
      return;
    }
    if (this.#char === '}' || this.#char === '#') return;
    // busybox reads the next command
    if (this.#options.gnu) throw this.#fault('extra characters', '', this.#at + 1);
  }

  #lineOf(command: Command): void {
    const { name } = command;
    const { gnu } = this.#options;
    if ('aic'.includes(name)) {
      command.text = this.#given(name);
      return;
    }
    this.#skip(/[ \t]/);
    const stop = 'btT'.includes(name) ? /[^\n; \t}]/ : name === ':' ? /[^;\s]/ : /[^\n]/;
    const start = this.#at;
    this.#skip(stop);
    command.text = this.#text.slice(start, this.#at);
    if (name === ':') {
      if (gnu && command.from !== undefined) throw this.#fault('address of label');
      if (gnu && command.text === '') throw this.#fault('no name');
      this.#labels.set(command.text.trimEnd(), this.commands.length);
    } else if ('rRwW'.includes(name)) {
      if (command.text === '') throw this.#fault('no file');
    } else this.#ended();
  }
  /** The text of a, i and c: behind a backslash and the end of the line, or on the same line. */
  #given(name: string): string {
    const { gnu } = this.#options;
    this.#skip(/[ \t]/);
    if (gnu && this.#char === '') throw this.#fault('no text', name);
    if (this.#char === '\\') {
      this.#at++;
      const blank = /^[ \t]*\n/.exec(this.#text.slice(this.#at));
      if (blank) this.#at += blank[0].length;
      // GNU's takes a backslash without a text for no text at all
      if (gnu && this.#at >= this.#text.length) return '';
    }
    let text = '';
    while (this.#at < this.#text.length && this.#char !== '\n') {
      if (this.#char === '\\') {
        this.#at++;
        text += this.#char;
      } else text += this.#char;
      this.#at++;
    }
    this.#at++;
    return `${text}\n`;
  }

  #address(second = false): Address | undefined {
    const rest = this.#text.slice(this.#at);
    const [step, first, by] = (this.#options.gnu ? /^(\d+)~(\d+)/.exec(rest) : undefined) ?? [];
    if (step !== undefined) {
      this.#at += step.length;
      return { kind: 'step', first: Number(first), step: Number(by) };
    }
    const [relative, sign, count] =
      (second ? (this.#options.gnu ? /^([+~])(\d+)/ : /^(\+)(\d+)/).exec(rest) : undefined) ?? [];
    if (relative !== undefined) {
      this.#at += relative.length;
      return sign === '+' ? { kind: 'more', lines: Number(count) } : { kind: 'multiple', of: Number(count) };
    }
    const digits = /^\d+/.exec(rest)?.[0];
    if (digits !== undefined) {
      this.#at += digits.length;
      return { kind: 'line', line: Number(digits) };
    }
    if (this.#char === '$') {
      this.#at++;
      return { kind: 'last' };
    }
    const [start] = /^(?:\/|\\.)/.exec(rest) ?? [];
    if (start === undefined) return undefined;
    const delimiter = start.slice(-1);
    this.#at += start.length;
    const text = this.#until(delimiter, true, 'open address');
    const flags = this.#options.gnu ? (/^[IM]*/.exec(this.#text.slice(this.#at))?.[0] ?? '') : '';
    this.#at += flags.length;
    return { kind: 'pattern', pattern: this.#pattern(text, flags) };
  }
  #pattern(text: string, flags: string): Pattern | undefined {
    if (text === '') return undefined;
    try {
      return compilePattern(text, {
        extended: this.#options.extended,
        ignoreCase: /i/i.test(flags),
        lines: /m/i.test(flags),
      });
    } catch (error) {
      if (!(error instanceof BadRegex)) throw error;
      throw this.#options.gnu
        ? this.#fault('regex', error.message)
        : new BadScript(`bad regex '${text}': ${error.message}`);
    }
  }
  /** Up to a delimiter, which is taken; behind a backslash it stands for itself. */
  #until(delimiter: string, isPattern: boolean, open: Fault): string {
    let text = '';
    for (let inSet = false; ; this.#at++) {
      const char = this.#char;
      if (char === '' || (char === '\n' && isPattern && this.#options.gnu && open === 'open address'))
        throw this.#fault(open, delimiter, Math.min(this.#at, this.#text.length));
      if (char === delimiter && !(inSet && !this.#options.gnu)) break;
      if (isPattern && char === '[' && !inSet) {
        inSet = true;
        const first = /^\[\^?\]?/.exec(this.#text.slice(this.#at))?.[0] ?? '[';
        if (!first.slice(1).includes(delimiter)) {
          text += first;
          this.#at += first.length - 1;
          continue;
        }
      } else if (char === ']') inSet = false;
      if (char !== '\\' || (inSet && !this.#options.gnu)) {
        text += char;
        continue;
      }
      this.#at++;
      const next = this.#char;
      if (next === delimiter) text += isPattern && /[.*[\]^$+?(){}|]/.test(next) && next !== '|' ? `\\${next}` : next;
      else if (isPattern && next === 'n') text += '\n';
      else text += `\\${next}`;
    }
    this.#at++;
    return text;
  }

  #substitution(command: Command): void {
    const delimiter = this.#char;
    this.#at++;
    const text = this.#until(delimiter, true, 'open s');
    const replacement = this.#until(delimiter, false, 'open s');
    const found = { pattern: undefined, replacement, nth: 1, all: false, prints: false } as NonNullable<
      Command['substitution']
    >;
    let flags = '';
    let counted = false;
    for (; ; this.#at++) {
      const flag = this.#char;
      if (flag === 'g') {
        if (found.all && this.#options.gnu) throw this.#fault('many g', '', this.#at + 1);
        found.all = true;
        // busybox keeps one of both, the last
        if (!this.#options.gnu) found.nth = 1;
      } else if (flag === 'p') {
        if (found.prints && this.#options.gnu) throw this.#fault('many p', '', this.#at + 1);
        found.prints = true;
      } else if (/[iImM]/.test(flag)) flags += flag;
      else if (/\d/.test(flag)) {
        const digits = /^\d+/.exec(this.#text.slice(this.#at))?.[0] ?? '';
        this.#at += digits.length - 1;
        if (this.#options.gnu && counted) throw this.#fault('many numbers', '', this.#at + 1);
        if (Number(digits) === 0 && this.#options.gnu) throw this.#fault('number zero', '', this.#at + 1);
        if (!this.#options.gnu) found.all = Number(digits) === 0;
        found.nth = Math.max(Number(digits), 1);
        counted = true;
      } else if (flag === 'w') {
        this.#at++;
        this.#skip(/[ \t]/);
        const start = this.#at;
        this.#skip(/[^\n]/);
        found.file = this.#text.slice(start, this.#at);
        break;
      } else if (flag === 'e' && this.#options.gnu) throw new BadScript('e/r/w commands disabled in sandbox mode');
      else if (!(flag === ' ' && !this.#options.gnu)) break;
    }
    if (this.#options.gnu) this.#skip(/[ \t]/);
    if (!/^[\n;}#]?$/.test(this.#char)) throw this.#fault('s option', '', this.#at + 1);
    found.pattern = this.#pattern(text, flags);
    const groups = found.pattern?.groups ?? 9;
    const most = Math.max(0, ...Array.from(replacement.matchAll(/\\(?:(\d)|[^])/g), ([, digit]) => Number(digit ?? 0)));
    if (most > groups) {
      if (this.#options.gnu) throw this.#fault('reference', String(most), this.#at);
    }
    command.substitution = found;
  }
  #letters(command: Command): void {
    const delimiter = this.#char;
    this.#at++;
    const plain = (text: string): string[] =>
      Array.from(text.matchAll(/\\([^])|([^])/g), ([, escaped, char]) =>
        escaped === undefined ? (char ?? '') : ({ n: '\n', t: '\t', '\\': '\\' }[escaped] ?? `\\${escaped}`),
      );
    const from = plain(this.#until(delimiter, false, 'open y'));
    const to = plain(this.#until(delimiter, false, 'open y'));
    if (this.#options.gnu && from.length !== to.length) throw this.#fault('y lengths', '', this.#at);
    command.letters = new Map(
      from
        .slice(0, to.length)
        .map((char, index): [string, string] => [char, to[index] ?? ''])
        .toReversed(),
    );
    this.#ended();
  }
}
