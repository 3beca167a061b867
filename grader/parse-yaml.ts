/** YAML files with their positions, and zod's findings about them as problems. */
import { readFileSync } from 'node:fs';
import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import type { z } from 'zod';
import { nearest } from './near.ts';
import { problemAt, type Problem, type Source } from './problem.ts';

/** Bytes of one file: a scenario is text that a person writes. */
const MAX_FILE_BYTES = 1024 * 1024;
/** A file of aliases that unfold into millions of nodes is refused. */
const MAX_ALIASES = 100;

export interface ParsedDocument {
  source: Source;
  value: unknown;
}

/** All documents of a file; empty ones are left out. */
export function parseYamlFile(path: string, shown: string): { documents: ParsedDocument[]; problems: Problem[] } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? 'this file is missing' : `cannot be read: ${(error as Error).message}`;
    return { documents: [], problems: [{ file: shown, line: 0, column: 0, message }] };
  }
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    return {
      documents: [],
      problems: [{ file: shown, line: 0, column: 0, message: `larger than ${MAX_FILE_BYTES} bytes` }],
    };
  }
  return parseYaml(text, shown);
}

export function parseYaml(text: string, shown: string): { documents: ParsedDocument[]; problems: Problem[] } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = [];
  const documents: ParsedDocument[] = [];
  for (const document of parsed as Document[]) {
    const source: Source = { file: shown, document, lines };
    for (const error of document.errors) {
      const { line, col } = lines.linePos(error.pos[0]);
      problems.push({ file: shown, line, column: col, message: `no valid YAML: ${error.message}` });
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    try {
      documents.push({ source, value: document.toJS({ maxAliasCount: MAX_ALIASES }) });
    } catch (error) {
      problems.push(problemAt(source, [], `no usable YAML: ${(error as Error).message}`));
    }
  }
  return { documents, problems };
}

/** What zod found wrong, as places in the file and in our words. */
export function schemaProblems(
  source: Source,
  error: z.ZodError,
  known: (path: readonly PropertyKey[]) => readonly string[],
): Problem[] {
  return error.issues.flatMap((issue) => describe(source, issue, known));
}

function describe(
  source: Source,
  issue: z.core.$ZodIssue,
  known: (path: readonly PropertyKey[]) => readonly string[],
): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearest(key, known(issue.path));
      const cure = meant ? `did you mean ${JSON.stringify(meant)}?` : `known here: ${known(issue.path).join(', ')}`;
      return problemAt(source, [...issue.path, key], `unknown key ${JSON.stringify(key)}; ${cure}`);
    });
  }
  if (issue.code === 'invalid_union') {
    // the branch that got furthest is the one that was meant
    const branches = issue.errors.toSorted((a, b) => score(a) - score(b));
    const meant = branches[0];
    if (meant) {
      return meant.flatMap((inner) =>
        describe(source, { ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, known),
      );
    }
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  const field = String(issue.path.at(-1) ?? '');
  const lacks = missing && source.document.getIn(issue.path) === undefined;
  const message = lacks ? `${JSON.stringify(field)} is missing` : issue.message;
  return [problemAt(source, issue.path, issue.path.length === 0 ? message : `${issue.path.join('.')}: ${message}`)];
}

/** Fewer unknown and missing keys: nearer to what was meant. */
const score = (issues: readonly z.core.$ZodIssue[]) =>
  issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length * 2 : issue.path.length <= 1 ? 2 : 1),
    0,
  );
