/**
 * The difference of two texts as `diff -u` prints it, without file names: the server shows it when a spec may not change.
 * The real server takes Python's difflib over, and with it a notion of its own of what belongs together: the longest run of
 * equal lines first, then what is before and after it; lines that are everywhere (braces) start no run.
 */

/** Lines of unchanged text around a change. */
const CONTEXT = 3;
/** From so many lines on, a line that makes up more than a hundredth of them is everywhere. */
const MANY_LINES = 200;

interface Run {
  a: number;
  b: number;
  size: number;
}
/** Lines a[fromA..toA) stand where lines b[fromB..toB) stand. */
interface Part {
  equal: boolean;
  fromA: number;
  toA: number;
  fromB: number;
  toB: number;
}

/** Where each line stands in `b`, without those that are everywhere. */
function positions(b: readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [at, line] of b.entries()) {
    const places = found.get(line);
    if (places) places.push(at);
    else found.set(line, [at]);
  }
  if (b.length < MANY_LINES) return found;
  const most = Math.floor(b.length / 100) + 1;
  for (const [line, places] of found) if (places.length > most) found.delete(line);
  return found;
}

class Matcher {
  readonly #a: readonly string[];
  readonly #b: readonly string[];
  readonly #places: Map<string, number[]>;
  constructor(a: readonly string[], b: readonly string[]) {
    this.#a = a;
    this.#b = b;
    this.#places = positions(b);
  }

  /** The longest run of equal lines between two parts; of several the one that is first in a, then in b. */
  #longest(fromA: number, toA: number, fromB: number, toB: number): Run {
    let best: Run = { a: fromA, b: fromB, size: 0 };
    let ending = new Map<number, number>();
    for (let i = fromA; i < toA; i++) {
      const next = new Map<number, number>();
      for (const j of this.#places.get(this.#a[i] ?? '') ?? []) {
        if (j < fromB) continue;
        if (j >= toB) break;
        const size = (ending.get(j - 1) ?? 0) + 1;
        next.set(j, size);
        if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
      }
      ending = next;
    }
    let { a, b, size } = best;
    while (a > fromA && b > fromB && this.#a[a - 1] === this.#b[b - 1]) {
      a--;
      b--;
      size++;
    }
    while (a + size < toA && b + size < toB && this.#a[a + size] === this.#b[b + size]) size++;
    return { a, b, size };
  }

  /** All runs, in order. What is still to be looked at is kept in a list: a spec may be of any length. */
  runs(): Run[] {
    const found: Run[] = [];
    const open: [number, number, number, number][] = [[0, this.#a.length, 0, this.#b.length]];
    for (let next = open.pop(); next; next = open.pop()) {
      const [fromA, toA, fromB, toB] = next;
      const run = this.#longest(fromA, toA, fromB, toB);
      if (run.size === 0) continue;
      found.push(run);
      if (fromA < run.a && fromB < run.b) open.push([fromA, run.a, fromB, run.b]);
      const [endA, endB] = [run.a + run.size, run.b + run.size];
      if (endA < toA && endB < toB) open.push([endA, toA, endB, toB]);
    }
    return found.sort((one, other) => one.a - other.a);
  }
}

/** Equal and changed parts in turn. */
function partsOf(a: readonly string[], b: readonly string[]): Part[] {
  const parts: Part[] = [];
  let [i, j] = [0, 0];
  for (const run of [...new Matcher(a, b).runs(), { a: a.length, b: b.length, size: 0 }]) {
    if (i < run.a || j < run.b) parts.push({ equal: false, fromA: i, toA: run.a, fromB: j, toB: run.b });
    [i, j] = [run.a + run.size, run.b + run.size];
    const last = parts.at(-1);
    // two runs that touch are one
    if (last?.equal) [last.toA, last.toB] = [i, j];
    else if (run.size > 0) parts.push({ equal: true, fromA: run.a, toA: i, fromB: run.b, toB: j });
  }
  return parts;
}

/** Changes that are near each other, with the lines around them. */
function groups(parts: readonly Part[]): Part[][] {
  const result: Part[][] = [];
  let group: Part[] = [];
  for (const [position, part] of parts.entries()) {
    if (!part.equal) {
      group.push(part);
      continue;
    }
    const size = part.toA - part.fromA;
    const isLast = position === parts.length - 1;
    const tail = { ...part, toA: part.fromA + CONTEXT, toB: part.fromB + CONTEXT };
    const head = { ...part, fromA: part.toA - CONTEXT, fromB: part.toB - CONTEXT };
    if (position === 0) group = [size > CONTEXT ? head : part];
    else if (isLast) group.push(size > CONTEXT ? tail : part);
    else if (size > 2 * CONTEXT) {
      result.push([...group, tail]);
      group = [head];
    } else group.push(part);
  }
  return group.some(({ equal }) => !equal) ? [...result, group] : result;
}

/** `7,5`; one line needs no count, and none is counted from the line before. */
function range(from: number, to: number): string {
  const count = to - from;
  if (count === 1) return String(from + 1);
  return `${count === 0 ? from : from + 1},${count}`;
}

const marked = (lines: readonly string[], mark: string) => lines.map((line) => `${mark}${line}\n`).join('');

export function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  return groups(partsOf(a, b))
    .map((group) => {
      const [first, last] = [group[0], group.at(-1)];
      if (!first || !last) return '';
      const lines = group.map(({ equal, fromA, toA, fromB, toB }) =>
        equal ? marked(a.slice(fromA, toA), ' ') : marked(a.slice(fromA, toA), '-') + marked(b.slice(fromB, toB), '+'),
      );
      return `@@ -${range(first.fromA, last.toA)} +${range(first.fromB, last.toB)} @@\n${lines.join('')}`;
    })
    .join('');
}
