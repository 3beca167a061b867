/** Regular expressions in RE2's syntax, in time linear to the text: strangers write them. */
import { RE2JS, RE2JSException } from 're2js';
import { member, type Overload } from '../declarations.ts';
import { INT, listType, STRING } from '../types.ts';
import { CelError, ListValue, type Value } from '../values.ts';

/** How many compiled patterns are kept. */
const KEPT = 256;
const compiled = new Map<string, RE2JS | CelError>();

/** The pattern, or why it is none, in Go's words. */
export function matcher(pattern: string): RE2JS | CelError {
  const known = compiled.get(pattern);
  if (known) return known;
  let made: RE2JS | CelError;
  try {
    made = RE2JS.compile(pattern);
  } catch (problem) {
    if (!(problem instanceof RE2JSException)) throw problem;
    made = new CelError(problem.message);
  }
  if (compiled.size >= KEPT) compiled.delete(compiled.keys().next().value ?? '');
  compiled.set(pattern, made);
  return made;
}

function findAll(text: Value | undefined, pattern: Value | undefined, most: number): string[] | CelError {
  if (typeof text !== 'string' || typeof pattern !== 'string') return new CelError('no such overload');
  const re = matcher(pattern);
  if (re instanceof CelError) return new CelError(`Illegal regex: ${re.message}`);
  const found: string[] = [];
  const matches = re.matcher(text);
  const limit = most < 0 ? Infinity : most;
  while (found.length < limit && matches.find()) found.push(matches.group() ?? '');
  return found;
}

const list = (texts: string[] | CelError): Value => (texts instanceof CelError ? texts : ListValue.of(texts));

export const PATTERNS: readonly Overload[] = [
  member('find', [STRING, STRING], STRING, ([text, pattern]) => {
    const found = findAll(text, pattern, 1);
    return found instanceof CelError ? found : (found[0] ?? '');
  }),
  member('findAll', [STRING, STRING], listType(STRING), ([text, pattern]) => list(findAll(text, pattern, -1))),
  member('findAll', [STRING, STRING, INT], listType(STRING), ([text, pattern, most]) =>
    list(findAll(text, pattern, Number(most))),
  ),
];
