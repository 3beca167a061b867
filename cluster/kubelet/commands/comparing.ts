/** Two texts side by side: diff, cmp, comm, paste. */
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { inputs } from './input.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

type Edit = { kind: ' ' | '-' | '+'; line: string; old: number; fresh: number };
/** Lines of the table that finds what both have; beyond it the texts count as wholly different. */
const LARGEST = 4_000_000;

function edits(old: readonly string[], fresh: readonly string[]): Edit[] {
  const [n, m] = [old.length, fresh.length];
  const width = m + 1;
  const table = n * m > LARGEST ? undefined : new Uint32Array((n + 1) * width);
  if (table)
    for (let i = n - 1; i >= 0; i--)
      for (let j = m - 1; j >= 0; j--)
        table[i * width + j] =
          old[i] === fresh[j]
            ? (table[(i + 1) * width + j + 1] ?? 0) + 1
            : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
  const out: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    if (i < n && j < m && old[i] === fresh[j]) out.push({ kind: ' ', line: old[i] ?? '', old: i++, fresh: j++ });
    else if (i < n && (j >= m || !table || (table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)))
      out.push({ kind: '-', line: old[i] ?? '', old: i++, fresh: j });
    else out.push({ kind: '+', line: fresh[j] ?? '', old: i, fresh: j++ });
  }
  return out;
}

const CONTEXT = 3;
function unified(all: readonly Edit[]): string {
  let out = '';
  for (let at = 0; at < all.length;) {
    const first = all.findIndex((one, index) => index >= at && one.kind !== ' ');
    if (first === -1) break;
    let last = first;
    for (let next = first; next < all.length && next - last <= CONTEXT * 2; next++)
      if (all[next]?.kind !== ' ') last = next;
    const hunk = all.slice(Math.max(at, first - CONTEXT), last + CONTEXT + 1);
    const count = (kind: '-' | '+') => hunk.filter((one) => one.kind === ' ' || one.kind === kind).length;
    const range = (start: number, many: number) => `${many === 0 ? start : start + 1}${many === 1 ? '' : `,${many}`}`;
    out += `@@ -${range(hunk[0]?.old ?? 0, count('-'))} +${range(hunk[0]?.fresh ?? 0, count('+'))} @@\n${hunk.map((one) => `${one.kind}${one.line}\n`).join('')}`;
    at = last + CONTEXT + 1;
  }
  return out;
}
/** As GNU diff shows it when nothing else is asked for. */
function normal(all: readonly Edit[]): string {
  let out = '';
  for (let at = 0; at < all.length;) {
    if (all[at]?.kind === ' ') {
      at++;
      continue;
    }
    let end = at;
    while (end < all.length && all[end]?.kind !== ' ') end++;
    const hunk = all.slice(at, end);
    const [gone, come] = [hunk.filter((one) => one.kind === '-'), hunk.filter((one) => one.kind === '+')];
    const range = (from: number, many: number) => (many > 1 ? `${from},${from + many - 1}` : String(from));
    const [oldFrom, freshFrom] = [(hunk[0]?.old ?? 0) + 1, (hunk[0]?.fresh ?? 0) + 1];
    const head =
      gone.length === 0
        ? `${oldFrom - 1}a${range(freshFrom, come.length)}`
        : come.length === 0
          ? `${range(oldFrom, gone.length)}d${freshFrom - 1}`
          : `${range(oldFrom, gone.length)}c${range(freshFrom, come.length)}`;
    out += `${head}\n${gone.map((one) => `< ${one.line}\n`).join('')}${gone.length > 0 && come.length > 0 ? '---\n' : ''}${come.map((one) => `> ${one.line}\n`).join('')}`;
    at = end;
  }
  return out;
}

function* diff(tool: Tool): Generator<Wait, number, void> {
  const [left = '', right = ''] = tool.operands;
  if (tool.operands.length < 2) {
    tool.context.io.stderr.write(
      tool.gnu
        ? `diff: missing operand after '${left || 'diff'}'\ndiff: Try 'diff --help' for more information.\n`
        : 'Usage: diff [-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2\n',
    );
    return tool.gnu ? 2 : 1;
  }
  for (const name of [left, right]) {
    if (name === '-' || tool.box.files.find(tool.path(name)) !== undefined) continue;
    tool.problem(
      tool.gnu ? `${name}: No such file or directory` : `can't stat '${name}': No such file or directory`,
      2,
    );
    if (!tool.gnu) return 2;
  }
  if (tool.code !== 0) return 2;
  const read = function* (name: string): Generator<Wait, string, void> {
    const text = yield* inputs(tool, [name]);
    const spaced = tool.has('w') ? text.replace(/[ \t]+/g, '') : tool.has('b') ? text.replace(/[ \t]+/g, ' ') : text;
    return tool.has('i') ? spaced.toLowerCase() : spaced;
  };
  const [old, fresh] = [yield* read(left), yield* read(right)];
  if (old === fresh) {
    if (tool.has('s')) tool.out(`Files ${left} and ${right} are identical\n`);
    return 0;
  }
  if (tool.has('q', 'brief')) {
    tool.out(`Files ${left} and ${right} differ\n`);
    return 1;
  }
  const all = edits(linesOf(old), linesOf(fresh));
  const asUnified = !tool.gnu || tool.has('u', 'U', 'unified');
  const stamp = (name: string) => {
    const node = tool.box.files.find(tool.path(name));
    return tool.gnu
      ? `\t${new Date(node?.mtime ?? 0).toISOString().replace('T', ' ').replace('Z', '000000 +0000')}`
      : '';
  };
  tool.out(asUnified ? `--- ${left}${stamp(left)}\n+++ ${right}${stamp(right)}\n${unified(all)}` : normal(all));
  return 1;
}

function* cmp(tool: Tool): Generator<Wait, number, void> {
  const [left = '', right = '-'] = tool.operands;
  const [a, b] = [yield* inputs(tool, [left]), yield* inputs(tool, [right])];
  if (tool.code !== 0) return 2;
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a.charAt(at) === b.charAt(at)) at++;
  if (tool.has('s')) return 1;
  if (at >= Math.min(a.length, b.length))
    tool.context.io.stderr.write(`cmp: EOF on ${a.length < b.length ? left : right}\n`);
  else
    tool.out(
      `${left} ${right} differ: ${tool.gnu ? 'byte' : 'char'} ${at + 1}, line ${a.slice(0, at).split('\n').length}\n`,
    );
  return 1;
}

function* comm(tool: Tool): Generator<Wait, void, void> {
  const [left = '', right = ''] = tool.operands;
  const [a, b] = [linesOf(yield* inputs(tool, [left])), linesOf(yield* inputs(tool, [right]))];
  const put = (column: 1 | 2 | 3, line: string) => {
    if (tool.has(String(column))) return;
    const tabs = ([1, 2] as const).filter((one) => one < column && !tool.has(String(one))).length;
    tool.out(`${'\t'.repeat(tabs)}${line}\n`);
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (one !== undefined && one === other) {
      put(3, one);
      i++;
      j++;
    } else if (one !== undefined && (other === undefined || one < other)) {
      put(1, one);
      i++;
    } else {
      put(2, other ?? '');
      j++;
    }
  }
}

function* paste(tool: Tool): Generator<Wait, void, void> {
  const delimiters = (tool.values.get('d') ?? '\t').replace(/\\t/g, '\t').replace(/\\n/g, '\n').replace(/\\0/g, '');
  const columns: string[][] = [];
  for (const name of tool.operands.length === 0 ? ['-'] : tool.operands)
    columns.push(linesOf(yield* inputs(tool, [name])));
  if (tool.code !== 0) return;
  const join = (cells: readonly string[]) =>
    cells.reduce(
      (text, cell, index) =>
        index === 0 ? cell : text + delimiters.charAt((index - 1) % Math.max(delimiters.length, 1)) + cell,
      '',
    );
  if (tool.has('s')) for (const column of columns) tool.out(`${join(column)}\n`);
  else
    for (let row = 0; row < Math.max(...columns.map((column) => column.length)); row++)
      tool.out(`${join(columns.map((column) => column[row] ?? ''))}\n`);
}

export const COMPARING: Readonly<Record<string, Program>> = {
  diff: lasting(diff, 'ULS'),
  cmp: lasting(cmp, 'n'),
  comm: lasting(comm),
  paste: lasting(paste, 'd'),
};
