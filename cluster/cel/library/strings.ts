/** cel-go's extension for strings, version 2. Positions are code points. */
import { CONTROL_LETTERS } from '../../api/go-quote.ts';
import { CostExceeded, PER_CALL_LIMIT } from '../cost.ts';
import { global, member, type Overload } from '../declarations.ts';
import { DYN, INT, listType, STRING } from '../types.ts';
import { valueText } from '../print.ts';
import { CelError, ListValue, type Value } from '../values.ts';
import { format } from './format-string.ts';

const LIST = listType(STRING);
const points = (value: Value | undefined): string[] => Array.from(value as string);
const number = (value: Value | undefined): number => (typeof value === 'bigint' ? Number(value) : 0);
const outOfRange = (position: number) => new CelError(`index out of range: ${position}`);
/** No text grows past what its cost would allow anyway. */
const LONGEST = 10 * PER_CALL_LIMIT;

function charAt([value, at]: readonly Value[]): Value {
  const all = points(value);
  const i = number(at);
  return i < 0 || i > all.length ? outOfRange(i) : (all[i] ?? '');
}

const startsAt = (all: string[], part: string[], at: number) => part.every((point, j) => all[at + j] === point);

function indexOf([value, part, from = 0n]: readonly Value[]): Value {
  if (part === '') return from;
  const [all, sought] = [points(value), points(part)];
  const offset = number(from);
  if (offset < 0) return outOfRange(offset);
  for (let i = offset; i <= all.length - sought.length; i++) if (startsAt(all, sought, i)) return BigInt(i);
  return -1n;
}

function lastIndexOf([value, part, from]: readonly Value[]): Value {
  const [all, sought] = [points(value), points(part)];
  if (part === '') return from === undefined ? BigInt(all.length) : from;
  if (from === undefined && all.length < sought.length) return -1n;
  const offset = from === undefined ? all.length - 1 : number(from);
  if (offset < 0) return outOfRange(offset);
  if (offset >= all.length) return -1n;
  for (let i = Math.min(offset, all.length - sought.length); i >= 0; i--) {
    if (startsAt(all, sought, i)) return BigInt(i);
  }
  return -1n;
}

function replace([value, old, by, most = -1n]: readonly Value[]): Value {
  const [text, part, other] = [value as string, old as string, by as string];
  const limit = number(most);
  const pieces = part === '' ? ['', ...points(text), ''] : text.split(part);
  const count = limit < 0 ? pieces.length - 1 : Math.min(limit, pieces.length - 1);
  if (text.length + count * other.length > LONGEST) throw new CostExceeded();
  return (
    pieces.slice(0, count + 1).join(other) +
    pieces
      .slice(count + 1)
      .map((piece) => part + piece)
      .join('')
  );
}

function split([value, by, most = -1n]: readonly Value[]): Value {
  const limit = number(most);
  if (limit === 0) return ListValue.of([]);
  const separator = by as string;
  const pieces = separator === '' ? points(value) : (value as string).split(separator);
  if (limit < 0 || pieces.length <= limit) return ListValue.of(pieces);
  return ListValue.of([...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join(separator)]);
}

function substring([value, from, to]: readonly Value[]): Value {
  const all = points(value);
  const start = number(from);
  const end = to === undefined ? all.length : number(to);
  if (to !== undefined && start > end) return new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0 || start > all.length) return outOfRange(start);
  return end < 0 || end > all.length ? outOfRange(end) : all.slice(start, end).join('');
}

function join([list, separator = '']: readonly Value[]): Value {
  const items = [...(list as ListValue)];
  const all = items.filter((item) => typeof item === 'string');
  const wrong = items.find((item) => typeof item !== 'string');
  if (wrong !== undefined) return new CelError(`join: invalid input: ${valueText(wrong)}`);
  const length = all.reduce((sum, item) => sum + item.length + (separator as string).length, 0);
  if (length > LONGEST) throw new CostExceeded();
  return all.join(separator as string);
}

const QUOTES = new Map([
  ...CONTROL_LETTERS.map(([character, letter]) => [character, `\\${letter}`] as const),
  ['\\', '\\\\'],
  ['"', '\\"'],
]);
const quote = ([value]: readonly Value[]): Value =>
  `"${points(value)
    .map((point) => QUOTES.get(point) ?? (/^[\ud800-\udfff]$/.test(point) ? '\ufffd' : point))
    .join('')}"`;
/** What Unicode calls white space, as Go trims it. */
const SPACE = '[\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const EDGES = new RegExp(`^${SPACE}|${SPACE}$`, 'g');

export const STRINGS: readonly Overload[] = [
  member('charAt', [STRING, INT], STRING, charAt),
  member('indexOf', [STRING, STRING], INT, indexOf),
  member('indexOf', [STRING, STRING, INT], INT, indexOf),
  member('lastIndexOf', [STRING, STRING], INT, lastIndexOf),
  member('lastIndexOf', [STRING, STRING, INT], INT, lastIndexOf),
  member('lowerAscii', [STRING], STRING, ([value]) =>
    (value as string).replace(/[A-Z]+/g, (part) => part.toLowerCase()),
  ),
  member('upperAscii', [STRING], STRING, ([value]) =>
    (value as string).replace(/[a-z]+/g, (part) => part.toUpperCase()),
  ),
  member('replace', [STRING, STRING, STRING], STRING, replace),
  member('replace', [STRING, STRING, STRING, INT], STRING, replace),
  member('split', [STRING, STRING], LIST, split),
  member('split', [STRING, STRING, INT], LIST, split),
  member('substring', [STRING, INT], STRING, substring),
  member('substring', [STRING, INT, INT], STRING, substring),
  member('trim', [STRING], STRING, ([value]) => (value as string).replace(EDGES, '')),
  member('format', [STRING, listType(DYN)], STRING, format),
  global('strings.quote', [STRING], STRING, quote),
  member('join', [LIST], STRING, join),
  member('join', [LIST, STRING], STRING, join),
];
