/** What a schema finds wrong with a scenario.yaml or an exam's blueprint, as places in the file and in words for its author. */
import type { z } from 'zod';
import { nearest } from './near.ts';
import { isMap, pathText } from './paths.ts';
import { problemAt, type Problem, type Source } from './problem.ts';
import { BODY_KINDS, CHECK_KINDS } from './schema-checks.ts';
import { knownKeys } from './schema-keys.ts';
import { scenarioJsonSchema } from './schema.ts';
import { PROBE_STEP_KINDS, STEP_KINDS } from './schema-steps.ts';
import { shown } from './show.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

interface File {
  source: Source;
  value: unknown;
  /** The JSON Schema of the format. */
  format: object;
}

export const schemaProblems = (
  source: Source,
  value: unknown,
  error: z.ZodError,
  format: object = scenarioJsonSchema(),
): Problem[] => error.issues.flatMap((issue) => describe(issue, { source, value, format }));

function describe(issue: Issue, file: File): Problem[] {
  const { path } = issue;
  const at = (place: Path, message: string) => [problemAt(file.source, place, message)];
  const here = valueIn(file.value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.flatMap((key) => at([...path, key], unknownKey(key, path, file.format)));
    case 'invalid_union':
      return describeUnion(issue, here, file);
    case 'invalid_key':
      return at(path, `${pathText(path)}: ${issue.issues.map(({ message }) => message).join('; ')}`);
    default: {
      if (here === undefined) return at(path, `${JSON.stringify(path.at(-1))} is missing${inside(path)}`);
      const where = path.length === 0 ? '' : `${pathText(path)}: `;
      return at(path, `${where}${expectation(issue, here)}`);
    }
  }
}

const quoting = (expected: string, here: unknown) => {
  if (expected === 'string') return typeof here === 'object' ? '' : '; quote it';
  return expected === 'number' && typeof here === 'string' && here !== '' && Number.isFinite(Number(here))
    ? '; take the quotes away'
    : '';
};

/** The keys of which one says what is meant here; undefined: a count. */
function alternativesAt(path: Path): readonly string[] | undefined {
  if (path.length === 2) return path[0] === 'checks' ? CHECK_KINDS : path[0] === 'setup' ? STEP_KINDS : undefined;
  if (path.length !== 4) return undefined;
  if (path[2] === 'probe') return PROBE_STEP_KINDS;
  return path[2] === 'any' || path[2] === 'after' ? BODY_KINDS : undefined;
}

/** Says of which alternative something is wrong: the one whose own key is there. */
function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>, here: unknown, file: File): Problem[] {
  const { path } = issue;
  const at = (place: Path, message: string) => [problemAt(file.source, place, message)];
  const alternatives = alternativesAt(path);
  if (!alternatives) {
    return at(
      path,
      `${pathText(path)}: expected a whole number or bounds such as {min: 1, max: 3}, found ${shown(here)}`,
    );
  }
  const what = path[0] === 'setup' || path[2] === 'probe' ? 'step' : 'check';
  if (!isMap(here)) return at(path, `${pathText(path)}: expected a ${what}, found ${shown(here)}`);
  const given = alternatives.filter((kind) => Object.hasOwn(here, kind));
  const [kind, second] = given;
  if (kind !== undefined && second !== undefined) {
    return at([...path, second], `${pathText(path)}: one ${what} has one of ${given.join(', ')}; make it two`);
  }
  if (kind === undefined) {
    const known = knownKeys(file.format, path);
    const unknown = Object.keys(here).filter((key) => !known.includes(key));
    const mistyped = unknown.filter((key) => nearest(key, known) !== undefined);
    if (mistyped.length > 0) return mistyped.flatMap((key) => at([...path, key], unknownKey(key, path, file.format)));
    return at(path, `${pathText(path)}: what kind of ${what} is this? Give it one of: ${alternatives.join(', ')}`);
  }
  const meant = issue.errors[alternatives.indexOf(kind)] ?? [];
  return meant.flatMap((inner) => describe({ ...inner, path: [...path, ...inner.path] }, file));
}

function unknownKey(key: string, path: Path, format: object): string {
  const known = knownKeys(format, path);
  const meant = nearest(key, known);
  const cure = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean ${JSON.stringify(meant)}?`;
  return `unknown key ${JSON.stringify(key)}${path.length === 0 ? '' : ` in ${pathText(path)}`}; ${cure}`;
}

/** Where the field at `path` belongs. */
const inside = (path: Path) => (path.length < 2 ? '' : ` in ${pathText(path.slice(0, -1))}`);

const NOUNS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function expectation(issue: Issue, here: unknown): string {
  switch (issue.code) {
    case 'invalid_type': {
      const noun = NOUNS[issue.expected] ?? issue.expected;
      return `expected ${noun}, found ${shown(here)}${quoting(issue.expected, here)}`;
    }
    case 'invalid_value': {
      const choices = issue.values.map((value) => JSON.stringify(value));
      const meant = nearest(String(here), issue.values.map(String));
      const cure = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
      return `expected ${choices.length > 1 ? 'one of ' : ''}${choices.join(', ')}, found ${shown(here)}${cure}`;
    }
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      if (issue.origin === 'array') return 'must have at least one entry';
      return `expected ${String(issue.minimum)} or more, found ${shown(here)}`;
    case 'too_big':
      return `expected ${String(issue.maximum)} or less, found ${shown(here)}`;
    default:
      return `${issue.message}, found ${shown(here)}`;
  }
}

function valueIn(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    return (inner as Record<PropertyKey, unknown>)[step];
  }, value);
}
