/** Words of a script to arguments: variables, `$(...)`, `$((...))`, `~`, `{a,b}`, splitting and file names. */
import type { ScriptNode, WordNode } from 'just-bash';
import type { FileView } from '../files/file-view.ts';
import { evaluate } from './arithmetic.ts';
import type { Wait } from './coroutine.ts';
import { isPattern, matches, replace, strip, type PatternPiece } from './pattern.ts';

type Part = WordNode['parts'][number];
type ParameterPart = Extract<Part, { type: 'ParameterExpansion' }>;
type BracePart = Extract<Part, { type: 'BraceExpansion' }>;

/** What the expansion asks of the shell it works for. */
export interface Scope {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  readonly positional: readonly string[];
  readonly cwd: string;
  readonly files: FileView;
  /** Names of all variables. */
  names(): string[];
  /** `$?`, `$$`, `$#`, `$!`, `$-`; undefined for other names. */
  special(name: string): string | undefined;
  substitute(script: ScriptNode): Generator<Wait, string, void>;
  /** `set -u`. */
  readonly strict: boolean;
  /** `set -f`. */
  readonly keepsPatterns: boolean;
  /** `a{b,c}` stands for `ab ac`: bash's. */
  readonly expandsBraces: boolean;
  /** Says it and ends the shell. */
  fail(message: string): never;
}

type Piece = PatternPiece & { split?: boolean };
type Field = Piece[];
type Expanding<T> = Generator<Wait, T, void>;

const plain = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

export class Expansion {
  readonly #scope: Scope;
  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** One string, never split: assignments, redirections, `case`. */
  *one(word: WordNode): Expanding<string> {
    return plain(yield* this.pieces(word));
  }
  /** As a pattern: what was quoted stands for itself. */
  *pieces(word: WordNode): Expanding<Piece[]> {
    const fields = yield* this.#parts(word.parts, false);
    return fields.flatMap((field, index) => (index === 0 ? field : [{ text: ' ', quoted: true }, ...field]));
  }
  /** Arguments. */
  *many(words: readonly WordNode[]): Expanding<string[]> {
    const out: string[] = [];
    for (const word of words) {
      for (const alternative of this.#scope.expandsBraces ? this.#braces(word) : [asWritten(word)]) {
        for (const field of yield* this.#parts(alternative.parts, false)) {
          for (const split of this.#split(field)) out.push(...this.#files(split));
        }
      }
    }
    return out;
  }

  #braces(word: WordNode): WordNode[] {
    const at = word.parts.findIndex((part) => part.type === 'BraceExpansion');
    const brace = word.parts[at] as BracePart | undefined;
    if (brace === undefined) return [word];
    const alternatives = brace.items.flatMap((item): Part[][] => {
      if (item.type === 'Word') return [item.word.parts];
      return range(item).map((value) => [{ type: 'Literal', value }]);
    });
    return alternatives.flatMap((parts) =>
      this.#braces({ ...word, parts: [...word.parts.slice(0, at), ...parts, ...word.parts.slice(at + 1)] }),
    );
  }

  *#parts(parts: readonly Part[], quoted: boolean): Expanding<Field[]> {
    const fields: Field[] = [];
    let current: Field | undefined;
    const add = (piece: Piece) => (current ??= []).push(piece);
    for (const part of parts) {
      switch (part.type) {
        case 'Literal':
          add({ text: part.value, quoted });
          break;
        case 'Glob':
          add({ text: part.pattern, quoted });
          break;
        case 'SingleQuoted':
        case 'Escaped':
          add({ text: part.value, quoted: true });
          break;
        case 'DoubleQuoted': {
          const inner = yield* this.#parts(part.parts, true);
          const only = part.parts[0];
          // "$@" of nothing is nothing at all
          if (inner.length === 0 && only?.type === 'ParameterExpansion' && only.parameter === '@') break;
          if (inner.length === 0) add({ text: '', quoted: true });
          inner.forEach((field, index) => {
            if (index > 0) {
              fields.push(current ?? []);
              current = undefined;
            }
            add({ text: '', quoted: true });
            field.forEach((piece) => add({ ...piece, quoted: true }));
          });
          break;
        }
        case 'TildeExpansion':
          add({ text: this.#scope.get('HOME') ?? '/', quoted: true });
          break;
        case 'CommandSubstitution': {
          const text = (yield* this.#scope.substitute(part.body)).replace(/\n+$/, '');
          add({ text, quoted, split: !quoted });
          break;
        }
        case 'ArithmeticExpansion':
          add({ text: String(this.#number(part.expression)), quoted, split: !quoted });
          break;
        case 'ParameterExpansion': {
          const all = this.#all(part.parameter);
          if (part.operation === null && all !== undefined) {
            const values = all;
            if (quoted && /^\*$|\[\*\]$/.test(part.parameter))
              add({ text: values.join((this.#scope.get('IFS') ?? ' ').charAt(0)), quoted });
            else {
              values.forEach((text, index) => {
                if (index > 0) {
                  fields.push(current ?? []);
                  current = undefined;
                }
                add({ text, quoted, split: !quoted });
              });
            }
            break;
          }
          for (const piece of yield* this.#parameter(part, quoted)) add(piece);
          break;
        }
        default:
          break;
      }
    }
    if (current !== undefined) fields.push(current);
    return fields;
  }

  #number(expression: Parameters<typeof evaluate>[0]): number {
    return evaluate(expression, {
      get: (name) => this.#value(name),
      set: (name, value) => this.#scope.set(name, value),
    });
  }
  /** What `@` and `*` stand for, of the arguments or of an array. */
  #all(name: string): readonly string[] | undefined {
    if (name === '@' || name === '*') return this.#scope.positional;
    const [, array] = /^(\w+)\[[@*]\]$/.exec(name) ?? [];
    if (array === undefined) return undefined;
    const count = Number(this.#scope.get(`${array}[#]`) ?? 0);
    return Array.from({ length: count }, (_, index) => this.#scope.get(`${array}[${index}]`) ?? '');
  }
  /** An element's index: a number, or the name of a variable that has one. */
  #index(text: string): string {
    const filled = text.replace(/\$\{?(\w+)\}?/g, (_all, name: string) => this.#value(name) ?? '');
    return /^\d+$/.test(filled) ? filled : (this.#value(filled) ?? '0');
  }
  #value(name: string): string | undefined {
    const [, array, index = ''] = /^(\w+)\[(.*)\]$/.exec(name) ?? [];
    if (array !== undefined) return this.#all(name)?.join(' ') ?? this.#scope.get(`${array}[${this.#index(index)}]`);
    if (/^\d+$/.test(name) && name !== '0') return this.#scope.positional[Number(name) - 1];
    if (name === '@' || name === '*') return this.#scope.positional.join(' ');
    return this.#scope.special(name) ?? this.#scope.get(name);
  }

  *#parameter({ parameter, operation }: ParameterPart, quoted: boolean): Expanding<Piece[]> {
    const value = this.#value(parameter);
    const piece = (text: string): Piece[] => [{ text, quoted, split: !quoted }];
    if (operation === null) {
      if (value === undefined && this.#scope.strict) this.#scope.fail(`${parameter}: parameter not set`);
      return piece(value ?? '');
    }
    const lacks = 'checkEmpty' in operation && (value === undefined || (operation.checkEmpty && value === ''));
    switch (operation.type) {
      case 'DefaultValue':
        if (!lacks) return piece(value ?? '');
        return (yield* this.pieces(operation.word)).map((one) => ({ ...one, quoted: one.quoted || quoted }));
      case 'AssignDefault': {
        if (!lacks) return piece(value ?? '');
        const text = yield* this.one(operation.word);
        this.#scope.set(parameter, text);
        return piece(text);
      }
      case 'UseAlternative':
        return lacks ? [] : yield* this.pieces(operation.word);
      case 'ErrorIfUnset': {
        if (!lacks) return piece(value ?? '');
        const text = operation.word === null ? 'parameter not set' : yield* this.one(operation.word);
        return this.#scope.fail(`${parameter}: ${text}`);
      }
      case 'Length':
        return piece(String(this.#all(parameter)?.length ?? (value ?? '').length));
      case 'Substring': {
        const text = value ?? '';
        const from = this.#number(operation.offset);
        const start = from < 0 ? Math.max(text.length + from, 0) : from;
        const length = operation.length === null ? Infinity : this.#number(operation.length);
        return piece(text.slice(start, length < 0 ? text.length + length : start + length));
      }
      case 'PatternRemoval':
        return piece(strip(yield* this.pieces(operation.pattern), value ?? '', operation));
      case 'PatternReplacement': {
        const replacement = operation.replacement === null ? '' : yield* this.one(operation.replacement);
        return piece(replace(yield* this.pieces(operation.pattern), value ?? '', { ...operation, replacement }));
      }
      case 'CaseModification': {
        const change = (text: string) => (operation.direction === 'upper' ? text.toUpperCase() : text.toLowerCase());
        const text = value ?? '';
        return piece(operation.all ? change(text) : change(text.slice(0, 1)) + text.slice(1));
      }
      case 'Indirection':
        return piece(this.#value(value ?? '') ?? '');
      case 'VarNamePrefix':
        return piece(
          this.#scope
            .names()
            .filter((name) => name.startsWith(operation.prefix))
            .join(' '),
        );
      default:
        return this.#scope.fail('bad substitution');
    }
  }

  #split(field: Field): Field[] {
    const separators = this.#scope.get('IFS') ?? ' \t\n';
    const fields: Field[] = [];
    let current: Field | undefined;
    /** A space has ended the field before: a separator that follows belongs to it. */
    let afterSpace = false;
    for (const piece of field) {
      if (piece.split !== true) {
        (current ??= []).push(piece);
        continue;
      }
      let word = '';
      for (const char of piece.text) {
        if (!separators.includes(char)) {
          word += char;
          continue;
        }
        if (word !== '') (current ??= []).push({ text: word, quoted: false });
        word = '';
        const isSpace = ' \t\n'.includes(char);
        // each that is no space ends a field, an empty one as well
        if (current !== undefined) fields.push(current);
        else if (!isSpace && !afterSpace) fields.push([{ text: '', quoted: true }]);
        afterSpace = isSpace && (current !== undefined || afterSpace);
        current = undefined;
      }
      if (word !== '') (current ??= []).push({ text: word, quoted: false });
    }
    if (current !== undefined) fields.push(current);
    return fields;
  }

  #files(field: Field): string[] {
    if (!isPattern(field)) return [plain(field)];
    if (this.#scope.keepsPatterns) return [plain(field)];
    const found = glob(field, this.#scope.files, this.#scope.cwd);
    return found.length === 0 ? [plain(field)] : found;
  }
}

/** Braces stand for themselves. */
const asWritten = (word: WordNode): WordNode => ({
  ...word,
  parts: word.parts.flatMap((part): Part[] => {
    if (part.type !== 'BraceExpansion') return [part];
    const items = part.items.map((item): Part[] =>
      item.type === 'Word'
        ? asWritten(item.word).parts
        : [
            {
              type: 'Literal',
              value: [item.start, item.end, ...(item.step === undefined ? [] : [item.step])].join('..'),
            },
          ],
    );
    const comma: Part = { type: 'Literal', value: ',' };
    const inner = items.flatMap((parts, index) => (index === 0 ? parts : [comma, ...parts]));
    return [{ type: 'Literal', value: '{' }, ...inner, { type: 'Literal', value: '}' }];
  }),
});

function range(item: Extract<BracePart['items'][number], { type: 'Range' }>): string[] {
  const letters = typeof item.start === 'string';
  const number = (value: string | number) => (typeof value === 'string' ? value.charCodeAt(0) : value);
  const [start, end] = [number(item.start), number(item.end)];
  const step = Math.max(Math.abs(item.step ?? 1), 1);
  const count = Math.min(Math.floor(Math.abs(end - start) / step) + 1, 10_000);
  const sign = end < start ? -step : step;
  return Array.from({ length: count }, (_, index) => {
    const value = start + index * sign;
    return letters ? String.fromCharCode(value) : String(value);
  });
}

function glob(field: Field, files: FileView, cwd: string): string[] {
  // the pieces cut at slashes: one list of pieces for each name on the way
  const segments: Field[] = [[]];
  for (const { text, quoted } of field) {
    text.split('/').forEach((part, index) => {
      if (index > 0) segments.push([]);
      if (part !== '') segments.at(-1)?.push({ text: part, quoted });
    });
  }
  const absolute = segments[0]?.length === 0 && segments.length > 1;
  let found = [absolute ? '/' : ''];
  for (const segment of absolute ? segments.slice(1) : segments) {
    found = found.flatMap((base) => {
      if (!isPattern(segment)) {
        const path = base + plain(segment);
        return files.find(path.startsWith('/') ? path : `${cwd}/${path}`) === undefined ? [] : [`${path}/`];
      }
      const where = base.startsWith('/') ? base : `${cwd}/${base}`;
      if (files.find(where)?.kind !== 'folder') return [];
      const hidden = plain(segment).startsWith('.');
      return files
        .list(where)
        .filter((name) => (hidden || !name.startsWith('.')) && matches(segment, name))
        .map((name) => `${base}${name}/`);
    });
  }
  return found.map((path) => (path.length > 1 ? path.slice(0, -1) : path));
}
