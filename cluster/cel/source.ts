/** Problems of an expression, shown with the line they are on. */

export interface Issue {
  /** In code points from the start of the source; -1: nowhere in particular. */
  at: number;
  message: string;
}

/** No snippet is shown of a line longer than this many bytes. */
const LONGEST_SNIPPET = 16384;
const MOST_ISSUES = 100;

interface Place {
  line: number;
  column: number;
}

const isWide = (point: string | undefined) => point !== undefined && (point.codePointAt(0) ?? 0) > 0x7f;

/** All problems in the order of their places, each as `ERROR: <input>:1:5: ...` with the line and a pointer below. */
export function printIssues(source: string, issues: readonly Issue[]): string {
  const lines = source.split('\n').map((line) => Array.from(line));
  const place = (at: number): Place => {
    if (at < 0) return { line: -1, column: -1 };
    let start = 0;
    for (const [i, line] of lines.entries()) {
      if (at <= start + line.length || i === lines.length - 1) return { line: i + 1, column: at - start };
      start += line.length + 1;
    }
    return { line: 1, column: at };
  };
  const shown = issues
    .slice(0, MOST_ISSUES)
    .map((issue) => ({ ...issue, place: place(issue.at) }))
    .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ message, place: { line, column } }) => {
      const head = `ERROR: <input>:${line}:${column + 1}: ${message}`;
      const points = lines[line - 1];
      if (points === undefined || source === '' || Buffer.byteLength(points.join('')) > LONGEST_SNIPPET) return head;
      const snippet = points.map((point) => (point === '\t' ? ' ' : point));
      const dots = snippet.slice(0, Math.max(column, 0)).map((point) => (isWide(point) ? '\uff0e' : '.'));
      const mark = isWide(snippet[column]) ? '\uff3e' : '^';
      return `${head}\n | ${snippet.join('')}\n | ${dots.join('')}${mark}`;
    });
  if (issues.length > MOST_ISSUES) shown.push(`${issues.length - MOST_ISSUES} more errors were truncated`);
  return shown.join('\n');
}
