/** Lines in order, once each, or compared. */
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { inputs } from './input.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

function* sort(tool: Tool): Generator<Wait, void, void> {
  const lines = linesOf(yield* inputs(tool, tool.operands));
  const key = tool.values.get('k');
  const separator = tool.values.get('t');
  const [field = 1] = (key ?? '')
    .split(/[,.]/)
    .map((text) => Number.parseInt(text, 10))
    .filter((value) => !Number.isNaN(value));
  const keyOf = (line: string) => {
    if (key === undefined) return line;
    return (separator === undefined ? line.trim().split(/[ \t]+/) : line.split(separator)).slice(field - 1).join(' ');
  };
  const numeric = tool.has('n', 'g', 'h') || /n/.test(key ?? '');
  const scale = (text: string) =>
    (Number.parseFloat(text) || 0) *
    (tool.has('h') ? ({ K: 1e3, M: 1e6, G: 1e9 }[/[KMG]/.exec(text)?.[0] ?? ''] ?? 1) : 1);
  lines.sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    const order = numeric ? scale(left) - scale(right) : 0;
    return order !== 0 ? order : left < right ? -1 : left > right ? 1 : 0;
  });
  if (tool.has('r')) lines.reverse();
  const shown = tool.has('u') ? lines.filter((line, index) => index === 0 || line !== lines[index - 1]) : lines;
  tool.out(shown.map((line) => `${line}\n`).join(''));
}

function* uniq(tool: Tool): Generator<Wait, void, void> {
  const lines = linesOf(yield* inputs(tool, tool.operands.slice(0, 1)));
  for (let at = 0; at < lines.length;) {
    let end = at + 1;
    while (end < lines.length && lines[end] === lines[at]) end++;
    const times = end - at;
    if (!(tool.has('d') && times === 1) && !(tool.has('u') && times > 1))
      tool.out(`${tool.has('c') ? `${String(times).padStart(7)} ` : ''}${lines[at]}\n`);
    at = end;
  }
}

export const SORTING: Readonly<Record<string, Program>> = {
  sort: lasting(sort, 'kto'),
  uniq: lasting(uniq),
  diff: lasting(function* diff(tool) {
    const [left, right] = [
      yield* inputs(tool, [tool.operands[0] ?? '-']),
      yield* inputs(tool, [tool.operands[1] ?? '-']),
    ];
    if (left === right) return 0;
    const [old, fresh] = [linesOf(left), linesOf(right)];
    for (const line of old) if (!fresh.includes(line)) tool.out(`-${line}\n`);
    for (const line of fresh) if (!old.includes(line)) tool.out(`+${line}\n`);
    return 1;
  }),
};
