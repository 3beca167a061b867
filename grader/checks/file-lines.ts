/** Lines of a file against lines that have to be there. */
import type { Difference } from '../compare.ts';
import { show } from '../show.ts';
import type { Demands } from './check.ts';

export interface WantedLines {
  /** For each line the words that it has to have, in this order; with `whole`, the line itself. */
  rows: readonly (readonly string[])[];
  ordered: boolean;
  /** A line is nothing but its row; otherwise it may have more words, and the file a first line of column names. */
  whole: boolean;
  /** Rows with the same rank may stand in any order among each other. */
  ranks?: readonly number[];
}

/** Findings told: beyond that a reader looks into the file. */
const MOST_FINDINGS = 5;

/** Without what nobody sees: blank lines, spaces at the ends, more than one space between words. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');

function fits(row: readonly string[], line: string, whole: boolean): boolean {
  if (whole) return linesOf(row[0] ?? '').join(' ') === line;
  let words = line.split(/[\s,|]+/);
  return row.every((wanted) => {
    // kubectl's -o name writes the resource before it
    const at = words.findIndex((word) => word === wanted || word.endsWith(`/${wanted}`));
    words = words.slice(at + 1);
    return at >= 0;
  });
}

const isHeader = (line: string): boolean => /[A-Z]/.test(line) && line === line.toUpperCase();

export function compareLines(
  { rows, ordered, whole, ranks }: WantedLines,
  text: string,
): { findings: Difference[]; demands: Demands } {
  let lines = linesOf(text);
  const [first] = lines;
  const headed = first !== undefined && !whole && isHeader(first) && !rows.some((row) => fits(row, first, whole));
  if (headed) lines = lines.slice(1);
  const free = new Set(lines.keys());
  const placed = rows.map((row) => {
    const at = [...free].find((index) => fits(row, lines[index] ?? '', whole));
    if (at !== undefined) free.delete(at);
    return at;
  });
  const findings: Difference[] = [];
  const word = (row: readonly string[] | undefined) => show((row ?? []).join(' '));
  for (const [index, at] of placed.entries()) {
    if (at === undefined) findings.push({ path: '', expected: word(rows[index]), actual: '' });
  }
  for (const index of free)
    findings.push({ path: `line ${index + 1 + (headed ? 1 : 0)}`, expected: '', actual: show(lines[index]) });
  let misplaced = 0;
  if (ordered && findings.length === 0) {
    const rankOf = (index: number) => ranks?.[index] ?? index;
    // what stands on each line, by the rank it should have there
    const found = placed.map((at, index) => ({ at: at ?? 0, index })).sort((a, b) => a.at - b.at);
    for (const [position, { index, at }] of found.entries()) {
      if (rankOf(index) === rankOf(position)) continue;
      misplaced++;
      const line = at + 1 + (headed ? 1 : 0);
      findings.push({ path: `line ${line}`, expected: word(rows[position]), actual: word(rows[index]) });
    }
  }
  const lost = placed.filter((at) => at === undefined).length + free.size + misplaced;
  return {
    findings: findings.slice(0, MOST_FINDINGS),
    demands: { held: Math.max(0, rows.length - lost), of: rows.length },
  };
}
