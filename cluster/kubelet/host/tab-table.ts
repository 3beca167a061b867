/** Columns as Go's tabwriter sets them: each as wide as its widest cell and the padding, and no narrower than `least`; the last as it is. */
export function tabTable(rows: readonly (readonly string[])[], least: number, padding: number): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? least, cell.length + padding);
    });
  }
  return rows
    .map(
      (row) =>
        `${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('')}\n`,
    )
    .join('');
}
