/** Something wrong in a file that an author wrote: where, what, and what was expected. */
import { LineCounter, type Document, isNode } from 'yaml';

export interface Problem {
  /** Path as the author gave it. */
  file: string;
  /** Counted from 1; 0: the file as a whole. */
  line: number;
  column: number;
  message: string;
  /** A warning is told and keeps nobody from using the scenario. Left out: an error. */
  level?: 'warning';
}

export function printProblem({ file, line, column, message, level }: Problem): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  return `${place}: ${level === undefined ? '' : `${level}: `}${message}`;
}

/** In the order of a reader: file by file in the order given, and down each file. */
export function inReadingOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

/** A YAML file with its positions. */
export interface Source {
  file: string;
  document: Document;
  lines: LineCounter;
}

/** A problem at a place in a document; the nearest place that exists if that one does not. */
export function problemAt(source: Source, path: readonly PropertyKey[], message: string): Problem {
  for (let length = path.length; length >= 0; length--) {
    const start = startOf(source.document, path.slice(0, length));
    if (start === undefined) continue;
    const { line, col } = source.lines.linePos(start);
    return { file: source.file, line, column: col, message };
  }
  return { file: source.file, line: 0, column: 0, message };
}

function startOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const last = path.at(-1);
  if (last === undefined) return document.contents?.range?.[0];
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  // a field's own place is its key, not its value
  if (parent && typeof parent === 'object' && 'items' in parent && Array.isArray(parent.items)) {
    for (const item of parent.items as unknown[]) {
      if (item && typeof item === 'object' && 'key' in item) {
        const { key } = item;
        if (isNode(key) && 'value' in key && key.value === last) return key.range?.[0];
      }
    }
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}
