/** Rows as clients print them. */
import type { Value } from './expression.ts';

const shown = (value: Value): string => (value === null ? 'NULL' : String(value));
/** Columns on the screen: letters of several bytes count once. */
const width = (bytes: string): number => Buffer.from(bytes, 'latin1').toString('utf8').length;

export function tableText(titles: readonly string[], rows: readonly (readonly Value[])[]): string {
  const widths = titles.map((title, index) =>
    Math.max(width(title), ...rows.map((row) => width(shown(row[index] ?? null)))),
  );
  const rule = `+${widths.map((one) => '-'.repeat(one + 2)).join('+')}+\n`;
  const isNumber = titles.map(
    (_title, index) =>
      rows.every((row) => typeof row[index] === 'number' || row[index] === null) &&
      rows.some((row) => row[index] !== null),
  );
  const line = (cells: readonly string[], right: boolean) =>
    `|${cells
      .map((cell, index) => {
        const gap = ' '.repeat((widths[index] ?? 0) - width(cell));
        return right && isNumber[index] ? ` ${gap}${cell} ` : ` ${cell}${gap} `;
      })
      .join('|')}|\n`;
  return rule + line(titles, false) + rule + rows.map((row) => line(row.map(shown), true)).join('') + rule;
}
export const tabbed = (titles: readonly string[], rows: readonly (readonly Value[])[], headings: boolean): string =>
  (headings ? `${titles.join('\t')}\n` : '') +
  rows
    .map(
      (row) =>
        `${row.map((value) => shown(value).replace(/[\t\n\\]/g, (char) => ({ '\t': '\\t', '\n': '\\n' })[char] ?? '\\\\')).join('\t')}\n`,
    )
    .join('');

export function verticalText(titles: readonly string[], rows: readonly (readonly Value[])[]): string {
  const widest = Math.max(0, ...titles.map((title) => title.length));
  const stars = '*'.repeat(27);
  return rows
    .map(
      (row, index) =>
        `${stars} ${index + 1}. row ${stars}\n${titles.map((title, at) => `${title.padStart(widest)}: ${shown(row[at] ?? null)}\n`).join('')}`,
    )
    .join('');
}

/** As psql prints them. */
export function psqlText(titles: readonly string[], rows: readonly (readonly Value[])[]): string {
  const cell = (value: Value): string => (value === null ? '' : String(value));
  const widths = titles.map((title, index) =>
    Math.max(width(title), ...rows.map((row) => width(cell(row[index] ?? null)))),
  );
  const isNumber = titles.map(
    (_title, index) =>
      rows.some((row) => typeof row[index] === 'number') &&
      rows.every((row) => typeof row[index] === 'number' || row[index] === null),
  );
  const center = (title: string, size: number) => {
    const left = Math.floor((size - width(title)) / 2);
    return `${' '.repeat(left)}${title}${' '.repeat(size - width(title) - left)}`;
  };
  const heading = titles.map((title, index) => ` ${center(title, widths[index] ?? 0)} `).join('|');
  const body = rows.map((row) =>
    row
      .map((value, index) => {
        const text = cell(value);
        const gap = ' '.repeat((widths[index] ?? 0) - width(text));
        const last = index === row.length - 1;
        return isNumber[index] ? ` ${gap}${text}${last ? '' : ' '}` : ` ${text}${last ? '' : `${gap} `}`;
      })
      .join('|'),
  );
  return `${heading}\n${widths.map((one) => '-'.repeat(one + 2)).join('+')}\n${body.map((line) => `${line}\n`).join('')}(${rows.length} row${rows.length === 1 ? '' : 's'})\n\n`;
}
