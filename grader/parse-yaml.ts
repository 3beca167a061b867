/** YAML files with their positions. Files are somebody's: each may be missing, huge, a device or a bomb, and none may stop the reader. */
import { readFileSync, statSync } from 'node:fs';
import { Lexer, LineCounter, parseAllDocuments, visit, type Document } from 'yaml';
import type { Filling } from './parameters.ts';
import { problemAt, type Problem, type Source } from './problem.ts';

/** Bytes of one file: a scenario is text that a person writes. */
const MAX_FILE_BYTES = 1024 * 1024;
/** A file of aliases that unfold into millions of nodes is refused. */
const MAX_ALIASES = 100;
/** Levels of maps and lists. Kubernetes' own objects need about 20; thousands cost the parser seconds. */
const MAX_DEPTH = 100;
/** Of one document: after the first few the others are mostly their consequence. */
const MAX_SYNTAX_ERRORS = 3;

/** What the lexer says of documents and scalars by tokens of its own, which are not in the text. */
const LEXER_MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f', '\ufeff']);

export interface ParsedDocument {
  source: Source;
  value: unknown;
}

/** A file's text, or why it cannot be had. */
export function readText(path: string): { text: string } | { problem: Problem } {
  const problem = (message: string) => ({ problem: { file: path, line: 0, column: 0, message } });
  try {
    const stat = statSync(path);
    // a pipe or device would be read for ever
    if (!stat.isFile()) return problem('this is no file');
    if (stat.size > MAX_FILE_BYTES) return problem(`this file is larger than ${MAX_FILE_BYTES / 1024} KiB`);
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return problem('this file is missing');
    return problem(`this file cannot be read: ${(error as Error).message}`);
  }
}

/** All documents of a file; empty ones are left out. `filling` puts parameters into them. */
export function parseYamlFile(path: string, filling?: Filling): { documents: ParsedDocument[]; problems: Problem[] } {
  const read = readText(path);
  return 'problem' in read ? { documents: [], problems: [read.problem] } : parseYaml(read.text, path, filling);
}

/** `file` is how problems name the text. */
export function parseYaml(
  text: string,
  file: string,
  filling?: Filling,
): { documents: ParsedDocument[]; problems: Problem[] } {
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    const { line, column } = placeOf(text, deep);
    return { documents: [], problems: [{ file, line, column, message: `nested deeper than ${MAX_DEPTH} levels` }] };
  }
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const documents: ParsedDocument[] = [];
  for (const document of parseAllDocuments(text, { lineCounter: lines, prettyErrors: false }) as Document[]) {
    const source: Source = { file, document, lines };
    const wrong = [...document.errors, ...document.warnings];
    for (const error of wrong.slice(0, MAX_SYNTAX_ERRORS)) {
      const { line, col } = lines.linePos(error.pos[0]);
      problems.push({ file, line, column: col, message: `not valid YAML: ${error.message}` });
    }
    if (wrong.length > 0 || document.contents === null) continue;
    if (filling) problems.push(...filling.document(source));
    const value = valueOf(source);
    if ('problem' in value) problems.push(value.problem);
    else documents.push({ source, value: value.value });
  }
  return { documents, problems };
}

function valueOf(source: Source): { value: unknown } | { problem: Problem } {
  try {
    const value: unknown = source.document.toJS({ maxAliasCount: MAX_ALIASES });
    if (depthWithin(value, MAX_DEPTH)) return { value };
    return { problem: atFirstAlias(source, `nested deeper than ${MAX_DEPTH} levels, or contains itself`) };
  } catch {
    // all that toJS throws of: aliases that unfold too far, or that name no anchor
    return {
      problem: atFirstAlias(source, 'these aliases unfold into too much; write the values out where they are needed'),
    };
  }
}

function atFirstAlias(source: Source, message: string): Problem {
  let start: number | undefined;
  visit(source.document, {
    Alias(_, node) {
      start = node.range?.[0];
      return visit.BREAK;
    },
  });
  if (start === undefined) return problemAt(source, [], message);
  const { line, col } = source.lines.linePos(start);
  return { file: source.file, line, column: col, message };
}

function depthWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => depthWithin(inner, levels - 1));
}

/** Offset of the bracket, dash or question mark that is one level too deep. Looks at tokens only, before anything recurses. */
function tooDeepAt(text: string): number | undefined {
  let offset = 0;
  let brackets = 0;
  let inLine = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets++;
    else if (token === ']' || token === '}') brackets--;
    else if (token === '-' || token === '?') inLine++;
    else if (token.includes('\n')) inLine = 0;
    if (brackets > MAX_DEPTH || inLine > MAX_DEPTH) return offset;
    if (!LEXER_MARKS.has(token)) offset += token.length;
  }
  return undefined;
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
