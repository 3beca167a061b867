/** `'%s is %d'.format([...])`. */
import { CostExceeded } from '../cost.ts';
import { durationText, formatG, timestampText } from '../numbers.ts';
import {
  CelError,
  Duration,
  isMapValue,
  ListValue,
  Timestamp,
  typeNameOf,
  TypeValue,
  Uint,
  type MapValue,
  type Value,
} from '../values.ts';

/** Digits after the point that anyone may ask for. */
const MOST_DIGITS = 100;

/** Why a value cannot be printed as asked. */
export class FormatProblem extends Error {}

export interface Clause {
  /** `s`, `d`, `f`, ... */
  letter: string;
  precision: number | undefined;
}

const CLAUSES = new Set(['s', 'd', 'f', 'e', 'b', 'x', 'X', 'o']);
const cannot = (what: string) => new FormatProblem(`could not parse formatting clause: ${what}`);

/** Texts and clauses in turn; `%%` is text. @throws FormatProblem at the first that is none, after giving those before */
export function* clauses(text: string): Generator<string | Clause> {
  let i = 0;
  while (i < text.length) {
    const percent = text.indexOf('%', i);
    if (percent < 0) {
      yield text.slice(i);
      return;
    }
    if (percent > i) yield text.slice(i, percent);
    if (text[percent + 1] === '%') {
      yield '%';
      i = percent + 2;
      continue;
    }
    const match = /^%(?:\.(\d*))?(.?)/s.exec(text.slice(percent));
    const [all = '', digits, letter = ''] = match ?? [];
    if (all === '%') yield { letter: '', precision: undefined };
    if (digits !== undefined && letter === '')
      throw cannot('error while parsing precision: could not find end of precision specifier');
    if (digits === '') {
      throw cannot(
        'error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax',
      );
    }
    if (!CLAUSES.has(letter)) yield { letter: `?${letter}`, precision: undefined };
    else yield { letter, precision: digits === undefined ? undefined : Number(digits) };
    i = percent + all.length;
  }
}

const plain = (value: Value): string | undefined => {
  if (value === null) return 'null';
  if (typeof value === 'number') return formatG(value);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value instanceof Timestamp) return timestampText(value.nanos);
  if (value instanceof Duration) return durationText(value.nanos);
  return value instanceof TypeValue ? value.name : undefined;
};

/** Inside lists and maps, strings are quoted and doubles have six digits. */
function inner(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `b${JSON.stringify(Buffer.from(value).toString())}`;
  if (typeof value === 'number') return Number.isFinite(value) ? value.toFixed(6) : JSON.stringify(special(value));
  if (value instanceof Timestamp) return `timestamp("${timestampText(value.nanos)}")`;
  if (value instanceof Duration) return `duration("${durationText(value.nanos)}")`;
  if (value instanceof TypeValue) return `type(${value.name})`;
  if (value instanceof ListValue) return `[${[...value].map(inner).join(', ')}]`;
  if (isMapValue(value)) return mapText(value);
  const text = plain(value);
  if (text === undefined) throw new FormatProblem(`no formatting function for ${typeNameOf(value)}`);
  return text;
}
const special = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf');

function mapText(map: MapValue): string {
  const pairs = map.keys().map((key): [string, string] => {
    if (typeof key === 'number') throw new FormatProblem('no formatting function for map key of type double');
    return [typeof key === 'string' ? JSON.stringify(key) : (plain(key) ?? ''), inner(map.find(key) ?? null)];
  });
  return `{${pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}:${value}`)
    .join(', ')}}`;
}

const ONLY: Record<string, string> = {
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ',
  d: 'decimal clause can only be used on integers, was given ',
  f: 'fixed-point clause can only be used on doubles, was given ',
  e: 'scientific clause can only be used on doubles, was given ',
  b: 'only integers and bools can be formatted as binary, was given ',
  x: 'only integers, byte buffers, and strings can be formatted as hex, was given ',
  X: 'only integers, byte buffers, and strings can be formatted as hex, was given ',
  o: 'octal clause can only be used on integers, was given ',
};
export const wrongClause = (letter: string, type: string): string =>
  letter.startsWith('?')
    ? `could not parse formatting clause: unrecognized formatting clause "${letter.slice(1)}"`
    : `error during formatting: ${ONLY[letter] ?? ''}${type}`;

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function double(value: Value, letter: string, precision = 6): string | undefined {
  const number =
    typeof value === 'number'
      ? value
      : value === 'NaN'
        ? NaN
        : value === 'Infinity'
          ? Infinity
          : value === '-Infinity'
            ? -Infinity
            : undefined;
  if (number === undefined) return undefined;
  if (precision > MOST_DIGITS) throw new CostExceeded();
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : number > 0 ? '∞' : '-∞';
  if (letter === 'f') {
    const [whole = '', fraction] = number.toFixed(precision).split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    return fraction === undefined ? grouped : `${grouped}.${fraction}`;
  }
  const [mantissa = '', exponent = '+0'] = number.toExponential(precision).split('e');
  const power = exponent.slice(1).padStart(2, '0');
  const raised = power.replace(/\d/g, (digit) => SUPERSCRIPT[Number(digit)] ?? '');
  return `${mantissa}×10${exponent.startsWith('-') ? '⁻' : ''}${raised}`;
}

const integer = (value: Value): bigint | undefined =>
  typeof value === 'bigint' ? value : value instanceof Uint ? value.value : undefined;

function clauseText({ letter, precision }: Clause, value: Value): string | undefined {
  switch (letter) {
    case 's':
      return value instanceof ListValue || isMapValue(value) ? inner(value) : plain(value);
    case 'd':
      return integer(value)?.toString();
    case 'f':
    case 'e':
      return double(value, letter, precision);
    case 'b':
      return typeof value === 'boolean' ? String(Number(value)) : integer(value)?.toString(2);
    case 'o':
      return integer(value)?.toString(8);
    case 'x':
    case 'X': {
      const bytes = typeof value === 'string' || value instanceof Uint8Array ? Buffer.from(value as string) : undefined;
      const text = bytes ? bytes.toString('hex') : integer(value)?.toString(16);
      return letter === 'X' ? text?.toUpperCase() : text;
    }
    default:
      return undefined;
  }
}

export function format([text, list]: readonly Value[]): Value {
  const args = list as ListValue;
  let out = '';
  let used = 0;
  try {
    for (const clause of clauses(text as string)) {
      if (typeof clause === 'string') {
        out += clause;
        continue;
      }
      if (used >= args.size) return new CelError(`index ${used} out of range`);
      if (clause.letter === '') return new CelError('unexpected end of string');
      const value = args.at(used++);
      const printed = clauseText(clause, value);
      if (printed === undefined) return new CelError(wrongClause(clause.letter, typeNameOf(value)));
      out += printed;
    }
  } catch (problem) {
    if (problem instanceof FormatProblem) return new CelError(problem.message);
    throw problem;
  }
  return out;
}
