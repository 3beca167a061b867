/** Paths that definitions write: of rules (`.spec.replicas`, `.labels['a.b']`) and of selectable fields. */
import { Path } from '../../api/field.ts';
import { CONTROL_LETTERS } from '../../api/go-quote.ts';
import { own, valuesOf, type SchemaProps } from '../../schema/structural/schema-props.ts';

export type FoundField = { path: Path; root: string; schema: SchemaProps | undefined } | { problem: string };

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let rest = text;
  while (rest !== '') {
    const token = /^(?:'(?:[^\\']|\\.)*'|[.[\]]|[^.[\]]+)/s.exec(rest)?.[0] ?? rest;
    tokens.push(token);
    rest = rest.slice(token.length);
  }
  return tokens;
}

const ESCAPES = new Map([
  ...CONTROL_LETTERS.map(([character, letter]) => [letter, character] as const),
  ["'", "'"],
  ['\\', '\\'],
]);

/** What a path names in a schema, or why it names nothing. */
export function fieldAt(text: string, root: SchemaProps, arrayNotation = true): FoundField {
  const tokens = tokensOf(text);
  let schema: SchemaProps | undefined = root;
  let path: Path | undefined;
  let first = '';
  const step = (name: string): string | undefined => {
    const named = schema?.properties !== undefined;
    if (!named && schema?.additionalProperties === undefined) return 'does not refer to a valid field';
    if (named) {
      const field = own(schema?.properties, name);
      if (!field) return 'does not refer to a valid field';
      schema = field;
      path = path ? path.child(name) : new Path(name);
    } else {
      schema = schema && valuesOf(schema);
      path = (path ?? new Path('')).key(name);
    }
    if (first === '') first = name;
    return undefined;
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    let problem: string | undefined;
    if (token === '.') {
      const name = tokens[++i];
      problem = name === undefined ? 'unexpected end of JSON path' : step(name);
    } else if (token === '[') {
      if (!arrayNotation) return { problem: 'array notation is not allowed' };
      const quoted = tokens[++i];
      if (quoted === undefined) return { problem: 'unexpected end of JSON path' };
      if (!/^'.*'$/s.test(quoted) || quoted.length < 2)
        return { problem: `expected single quoted string but got ${quoted}` };
      const inside = quoted.slice(1, -1);
      const bad = [...inside.matchAll(/\\(.)/gs)].find(([, one = '']) => ESCAPES.get(one) === undefined);
      if (bad) return { problem: `invalid string literal: invalid escape char ${bad[0]}` };
      problem = step(inside.replace(/\\(.)/gs, (_, one: string) => ESCAPES.get(one) ?? one));
      if (problem === undefined) {
        const end = tokens[++i];
        if (end === undefined) problem = 'unexpected end of JSON path';
        else if (end !== ']') problem = `expected ] but got ${end}`;
      }
    } else problem = `expected [ or . but got: ${token ?? ''}`;
    if (problem !== undefined) return { problem };
  }
  return { path: path ?? new Path(''), root: first, schema };
}
