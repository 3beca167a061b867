/** YAML as Go's encoder writes it: keys sorted, lists not indented, strings quoted only where they would be read as something else. */
import type { Json, JsonObject } from '../api/types.ts';

const INDENT = '  ';

// what a plain scalar would be taken for: YAML 1.1's booleans, null, numbers, times
const RESOLVED =
  /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|true|True|TRUE|false|False|FALSE|~|null|Null|NULL|<<|=|\.nan|\.NaN|\.NAN|[-+]?\.(?:inf|Inf|INF)|[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/;
const FIRST = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^---|^\.\.\.|^\s|\s$/;
const INSIDE = /: |:$| #/;
// what has to be written as an escape
const UNPRINTABLE = /[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\x85\u2028\u2029]/u;

const double = (text: string): string =>
  JSON.stringify(text).replace(/[\x7f-\x9f\xa0\ufeff\u2028\u2029\u{10000}-\u{10ffff}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const named: Record<number, string> = { 0x85: '\\N', 0xa0: '\\_', 0x2028: '\\L', 0x2029: '\\P' };
    const hex = code.toString(16).toUpperCase();
    if (code > 0xffff) return `\\U${hex.padStart(8, '0')}`;
    return named[code] ?? (code < 0x100 ? `\\x${hex}` : `\\u${hex}`);
  });

/** Lines under a `|`, with what the text's end and first blank need said. */
function block(text: string, indent: string): string {
  const chomp = text.endsWith('\n') ? (/\n\n$|^\n$/.test(text) ? '+' : '') : '-';
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}`;
}

function scalar(text: string, indent: string, isKey: boolean): string {
  if (text === '' || RESOLVED.test(text)) return `"${text}"`;
  if (UNPRINTABLE.test(text) || (text.includes('\t') && !text.includes('\n'))) return double(text);
  // a blank before a line's end cannot be seen in a block
  if (text.includes('\n')) return isKey || / \n/.test(text) || text.endsWith(' ') ? double(text) : block(text, indent);
  if (FIRST.test(text) || INSIDE.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return text;
}

function number(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

const isEmpty = (value: Json): boolean =>
  typeof value === 'object' && value !== null && (Array.isArray(value) ? value : Object.keys(value)).length === 0;

function inline(value: Json, indent: string): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'string') return scalar(value, indent, false);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'boolean') return String(value);
  return isEmpty(value) ? (Array.isArray(value) ? '[]' : '{}') : undefined;
}

/** As Go's YAML sorts keys: numbers in a text by their value, letters after what is no letter. */
function byKey(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  const isLetter = (char: string | undefined) => char !== undefined && /\p{L}/u.test(char);
  const isDigit = (char: string | undefined) => char !== undefined && /\p{Nd}/u.test(char);
  let digits = false;
  for (let i = 0; i < x.length && i < y.length; i++) {
    const [left = '', right = ''] = [x[i], y[i]];
    if (left === right) {
      digits = isDigit(left);
      continue;
    }
    if (isLetter(left) && isLetter(right)) return left < right ? -1 : 1;
    if (isLetter(left) || isLetter(right)) {
      if (digits) return isLetter(left) ? -1 : 1;
      return isLetter(right) ? -1 : 1;
    }
    const number = (chars: string[]) => /^\p{Nd}*/u.exec(chars.slice(i).join(''))?.[0] ?? '';
    const zeros =
      (left === '0' || right === '0') &&
      x
        .slice(0, i)
        .toReversed()
        .every((char) => !isDigit(char) || char === '0');
    const [m, n] = [number(x), number(y)];
    if (!zeros || m.length === n.length) {
      if (m !== '' && n !== '' && Number(m) !== Number(n)) return Number(m) - Number(n);
      if (m.length !== n.length && m !== '' && n !== '') return m.length - n.length;
    }
    return left < right ? -1 : 1;
  }
  return x.length - y.length;
}

function lines(value: Json[] | JsonObject, indent: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const text = inline(item, indent + INDENT);
      if (text !== undefined) return [`${indent}- ${text}`];
      const [first = '', ...rest] = lines(item as Json[] | JsonObject, indent + INDENT);
      return [`${indent}- ${first.slice(indent.length + INDENT.length)}`, ...rest];
    });
  }
  return Object.keys(value)
    .sort(byKey)
    .flatMap((key) => {
      const part = value[key] ?? null;
      const name = `${indent}${scalar(key, indent, true)}:`;
      const text = inline(part, indent + INDENT);
      if (text !== undefined) return [`${name} ${text}`];
      return [name, ...lines(part as Json[] | JsonObject, Array.isArray(part) ? indent : indent + INDENT)];
    });
}

export function yamlText(value: Json): string {
  const text = inline(value, '');
  return `${text ?? lines(value as Json[] | JsonObject, '').join('\n')}\n`;
}
