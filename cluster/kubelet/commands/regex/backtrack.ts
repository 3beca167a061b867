/** Matching by trying, for expressions that refer back to a group. It gives up after so many steps: such a search has no other end. */
import { RE2JS } from 're2js';
import type { Found } from './pattern.ts';
import type { Regex, RegexNode } from './syntax.ts';

/** Of one search through one text. */
const MOST_STEPS = 200_000;
/** Groups repeated inside of each other, far from what the thread's stack holds. */
const DEEPEST = 1000;

type Rest = (at: number) => number | undefined;

class Search {
  readonly #text: string;
  readonly #ignoreCase: boolean;
  readonly #lines: boolean;
  readonly #sets = new Map<string, RE2JS>();
  #steps = 0;
  #depth = 0;
  starts: (number | undefined)[] = [];
  ends: (number | undefined)[] = [];

  constructor(text: string, { ignoreCase, lines }: { ignoreCase: boolean; lines: boolean }) {
    this.#text = text;
    this.#ignoreCase = ignoreCase;
    this.#lines = lines;
  }
  get isOver(): boolean {
    return this.#steps > MOST_STEPS;
  }
  #same(a: string, b: string): boolean {
    return a === b || (this.#ignoreCase && a.toLowerCase() === b.toLowerCase());
  }
  #isIn(source: string, char: string): boolean {
    let set = this.#sets.get(source);
    if (set === undefined) {
      set = RE2JS.compile(`^[${source}]$`, RE2JS.DOTALL | (this.#ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
      this.#sets.set(source, set);
    }
    return set.matcher(char).find();
  }
  #isWord(at: number): boolean {
    return /\w/.test(this.#text.charAt(at));
  }
  #holds(node: RegexNode & { kind: 'assertion' }, at: number): boolean {
    const [before, after] = [at > 0 && this.#isWord(at - 1), this.#isWord(at)];
    switch (node.what) {
      case 'start':
        return at === 0 || (this.#lines && this.#text.charAt(at - 1) === '\n');
      case 'end':
        return at === this.#text.length || (this.#lines && this.#text.charAt(at) === '\n');
      case 'text start':
        return at === 0;
      case 'text end':
        return at === this.#text.length;
      case 'boundary':
        return before !== after;
      case 'no boundary':
        return before === after;
      case 'word start':
        return !before && after;
      case 'word end':
        return before && !after;
    }
  }
  /** Where the whole ends that begins with this here; undefined: not so. */
  match(node: RegexNode, at: number, rest: Rest): number | undefined {
    if (++this.#steps > MOST_STEPS) return undefined;
    switch (node.kind) {
      case 'char':
        return this.#same(this.#text.charAt(at), node.char) ? rest(at + 1) : undefined;
      case 'any':
        return at < this.#text.length ? rest(at + 1) : undefined;
      case 'set':
        return at < this.#text.length && this.#isIn(node.source, this.#text.charAt(at)) ? rest(at + 1) : undefined;
      case 'assertion':
        return this.#holds(node, at) ? rest(at) : undefined;
      case 'reference': {
        const [start, end] = [this.starts[node.number], this.ends[node.number]];
        if (start === undefined || end === undefined) return undefined;
        const wanted = this.#text.slice(start, end);
        return this.#same(this.#text.slice(at, at + wanted.length), wanted) ? rest(at + wanted.length) : undefined;
      }
      case 'group': {
        const [start, end] = [this.starts[node.number], this.ends[node.number]];
        const found = this.match(node.body, at, (after) => {
          const before = [this.starts[node.number], this.ends[node.number]] as const;
          this.starts[node.number] = at;
          this.ends[node.number] = after;
          const done = rest(after);
          if (done === undefined) [this.starts[node.number], this.ends[node.number]] = before;
          return done;
        });
        if (found === undefined) [this.starts[node.number], this.ends[node.number]] = [start, end];
        return found;
      }
      case 'sequence':
        return this.#sequence(node.items, 0, at, rest);
      case 'choice':
        for (const option of node.options) {
          const found = this.match(option, at, rest);
          if (found !== undefined) return found;
        }
        return undefined;
      case 'repeat':
        return this.#repeat(node, 0, at, rest);
    }
  }
  #sequence(items: readonly RegexNode[], index: number, at: number, rest: Rest): number | undefined {
    const item = items[index];
    return item === undefined
      ? rest(at)
      : this.match(item, at, (after) => this.#sequence(items, index + 1, after, rest));
  }
  #repeat(node: RegexNode & { kind: 'repeat' }, times: number, at: number, rest: Rest): number | undefined {
    if (['char', 'any', 'set'].includes(node.body.kind)) return this.#run(node, at, rest);
    if (this.#depth > DEEPEST) return undefined;
    this.#depth++;
    const found = this.#again(node, times, at, rest);
    this.#depth--;
    return found;
  }
  /** Of what is one letter long: as many as there are, then fewer. */
  #run({ body, least, most }: RegexNode & { kind: 'repeat' }, at: number, rest: Rest): number | undefined {
    let count = 0;
    while (count < most && this.match(body, at + count, (after) => after) !== undefined) count++;
    for (; count >= least; count--) {
      const found = rest(at + count);
      if (found !== undefined) return found;
      if (++this.#steps > MOST_STEPS) return undefined;
    }
    return undefined;
  }
  #again(node: RegexNode & { kind: 'repeat' }, times: number, at: number, rest: Rest): number | undefined {
    if (times < node.most) {
      const found = this.match(node.body, at, (after) =>
        after === at && times >= node.least ? undefined : this.#repeat(node, times + 1, after, rest),
      );
      if (found !== undefined) return found;
    }
    return times >= node.least ? rest(at) : undefined;
  }
}

/** All from the left. */
export function* backtrack(
  { root, groups }: Regex,
  text: string,
  options: { ignoreCase: boolean; lines: boolean },
): Generator<Found, void, void> {
  const search = new Search(text, options);
  for (let at = 0; at <= text.length && !search.isOver;) {
    search.starts = [];
    search.ends = [];
    const end = search.match(root, at, (after) => after);
    if (end === undefined) {
      at++;
      continue;
    }
    const parts = Array.from({ length: groups }, (_, index) => {
      const [start, stop] = [search.starts[index + 1], search.ends[index + 1]];
      return start === undefined || stop === undefined ? undefined : text.slice(start, stop);
    });
    yield { start: at, end, groups: [text.slice(at, end), ...parts] };
    at = end > at ? end : at + 1;
  }
}
