/** How kubectl shows what it has got. */

export interface Table {
  columnDefinitions: { name: string; priority: number }[];
  rows: { cells: (string | number | boolean | null)[]; object?: { metadata: { name: string; namespace?: string } } }[];
}

/** `all`: with namespaces; `wide`: all columns; `bare`: without a heading. */
export function tableText(
  { columnDefinitions, rows }: Table,
  { all, wide, bare }: { all: boolean; wide: boolean; bare: boolean },
): string {
  const shown = columnDefinitions.flatMap(({ priority }, index) => (priority === 0 || wide ? [index] : []));
  const head = shown.map((index) => (columnDefinitions[index]?.name ?? '').toUpperCase());
  const lines = rows.map(({ cells, object }) => [
    ...(all ? [object?.metadata.namespace ?? ''] : []),
    ...shown.map((index) => String(cells[index] ?? '<none>')),
  ]);
  const whole = bare ? lines : [[...(all ? ['NAMESPACE'] : []), ...head], ...lines];
  const widths = (whole[0] ?? []).map((_one, column) => Math.max(...whole.map((line) => (line[column] ?? '').length)));
  const padded = (cell: string, column: number, line: readonly string[]) =>
    column === line.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 3);
  return whole.map((line) => `${line.map(padded).join('')}\n`).join('');
}

/** `{.items[*].metadata.name}` and the like: fields, `[*]`, `[0]`, text between. */
export function simplePath(value: unknown, template: string): string {
  return template.replaceAll(/\{([^}]*)\}/g, (_all, path: string) => {
    const quoted = /^"(.*)"$/.exec(path.trim());
    if (quoted) return (quoted[1] ?? '').replaceAll('\\n', '\n').replaceAll('\\t', '\t');
    let found: unknown[] = [value];
    for (const [, field, index] of path.matchAll(/\.((?:\\\.|[\w-])+)|\[(\*|\d+)\]/g)) {
      found = found.flatMap((one) => {
        if (field !== undefined) {
          const inner = (one as Record<string, unknown> | null)?.[field.replaceAll('\\.', '.')];
          return inner === undefined ? [] : [inner];
        }
        const list = Array.isArray(one) ? (one as unknown[]) : [];
        return index === '*' ? list : list.slice(Number(index), Number(index) + 1);
      });
    }
    return found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ');
  });
}
