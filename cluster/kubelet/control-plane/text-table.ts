/** A table with borders, as etcd's tools print them: titles in the middle, cells to the right. */
export function textTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, index) => Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)));
  const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const centred = (text: string, width: number) => {
    const before = Math.floor((width - text.length) / 2);
    return `${' '.repeat(before)}${text}`.padEnd(width);
  };
  const printed = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const head = printed(titles.map((title, index) => centred(title, widths[index] ?? 0)));
  const body = rows.map((row) => printed(row.map((cell, index) => cell.padStart(widths[index] ?? 0))));
  return `${line}${head}${line}${body.join('')}${line}`;
}

const UNITS = ['B', 'kB', 'MB', 'GB'];
const TEN = 10;

/** `2.7 MB`: powers of a thousand, one digit after the point below ten. */
export function humanBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  const rounded = Math.floor(amount * 10 + 0.5) / 10;
  return `${unit > 0 && rounded < TEN ? rounded.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}
