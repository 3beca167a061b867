/**
 * JSON as Go's encoder writes it: fields in the order of their structs, the keys of maps and of kinds that no struct knows sorted,
 * and the characters that HTML cares about escaped.
 */
import type { Json } from '../api/types.ts';
import { goStruct, schema, type ValueSchema } from './lookup.ts';

// also the line separators that JavaScript once could not have in a string
const ESCAPED = /[<>&\u2028\u2029]/g;
const ESCAPES: Record<string, string> = {
  '<': String.raw`\u003c`,
  '>': String.raw`\u003e`,
  '&': String.raw`\u0026`,
  '\u2028': String.raw`\u2028`,
  '\u2029': String.raw`\u2029`,
};

/** Control characters that Go has no short form for are written the same by both. */
export function goString(text: string): string {
  const json = JSON.stringify(text);
  return ESCAPED.test(json) ? json.replace(ESCAPED, (char) => ESCAPES[char] ?? char) : json;
}

/** By code point, as Go compares texts. */
const byKey = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** A list or map of what no schema describes. */
const UNKNOWN: ValueSchema = { type: 'any' };

/** `of` says what the value is; what it does not describe is written with sorted keys. */
export function goJson(value: Json | undefined, of: ValueSchema = UNKNOWN): string {
  if (typeof value === 'string') return goString(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) {
    const items = of.items ?? UNKNOWN;
    let text = '[';
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ',') + goJson(value[i], items);
    return `${text}]`;
  }
  const struct = of.ref === undefined ? undefined : goStruct(of.ref);
  let text = '';
  const member = (key: string, part: Json | undefined, of: ValueSchema) => {
    if (part !== undefined) text += `${text === '' ? '' : ','}${goString(key)}:${goJson(part, of)}`;
  };
  if (!struct || of.ref === undefined) {
    const entries = of.map ?? UNKNOWN;
    for (const key of Object.keys(value).sort(byKey)) member(key, value[key], entries);
    return `{${text}}`;
  }
  const fields = schema(of.ref).fields ?? {};
  for (const { name } of struct.fields)
    if (Object.hasOwn(value, name)) member(name, value[name], fields[name] ?? UNKNOWN);
  // what the facts do not list comes last
  for (const key of Object.keys(value)) if (!struct.byName.has(key)) member(key, value[key], UNKNOWN);
  return `{${text}}`;
}

/** JSON text with two spaces for each level, as `pretty=true` asks for. The text must be valid and compact. */
export function prettyJson(text: string): string {
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"') {
      const start = i;
      for (i++; text.charAt(i) !== '"'; i++) if (text.charAt(i) === '\\') i++;
      out += text.slice(start, i + 1);
    } else if (char === '{' || char === '[') {
      const next = text.charAt(i + 1);
      if (next === '}' || next === ']') {
        out += char + next;
        i++;
      } else {
        depth++;
        out += char + line();
      }
    } else if (char === '}' || char === ']') {
      depth--;
      out += line() + char;
    } else if (char === ',') out += char + line();
    else out += char === ':' ? ': ' : char;
  }
  return out;
}
