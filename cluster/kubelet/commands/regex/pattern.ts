/** Regular expressions that programs search with: in linear time, but for those that refer back to a group. */
import { RE2JS } from 're2js';
import { backtrack } from './backtrack.ts';
import { readRegex, type Assertion, type RegexNode } from './syntax.ts';

export interface Found {
  start: number;
  end: number;
  /** The whole first; a group that took no part is undefined. */
  groups: readonly (string | undefined)[];
}
export interface RegexOptions {
  extended?: boolean;
  ignoreCase?: boolean;
  /** `^` and `$` match at each line of the text. */
  lines?: boolean;
}
export interface Pattern {
  readonly groups: number;
  test(text: string): boolean;
  /** All of them from the left; none that is empty directly behind another. */
  all(text: string): IterableIterator<Found>;
}

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  start: '^',
  end: '$',
  'text start': String.raw`\A`,
  'text end': String.raw`\z`,
  boundary: String.raw`\b`,
  'no boundary': String.raw`\B`,
  'word start': String.raw`\b`,
  'word end': String.raw`\b`,
};

function sourceOf(node: RegexNode): string {
  switch (node.kind) {
    case 'char':
      return RE2JS.quote(node.char);
    case 'any':
      return '.';
    case 'set':
      return `[${node.source}]`;
    case 'assertion':
      return ASSERTIONS[node.what];
    case 'group':
      return `(${sourceOf(node.body)})`;
    case 'sequence':
      return node.items.map(sourceOf).join('');
    case 'choice':
      return `(?:${node.options.map(sourceOf).join('|')})`;
    case 'repeat': {
      const { least, most, body } = node;
      const times = most === Infinity ? `{${least},}` : least === most ? `{${least}}` : `{${least},${most}}`;
      return `(?:${sourceOf(body)})${least === 0 && most === Infinity ? '*' : least === 1 && most === Infinity ? '+' : times}`;
    }
    case 'reference':
      throw new Error('a reference has no automaton');
  }
}
const hasChoice = (node: RegexNode): boolean =>
  node.kind === 'choice' ||
  ('body' in node && hasChoice(node.body)) ||
  (node.kind === 'sequence' && node.items.some(hasChoice));

/** @throws BadRegex */
export function compilePattern(
  text: string,
  { extended = false, ignoreCase = false, lines = false }: RegexOptions = {},
): Pattern {
  const regex = readRegex(text, extended);
  const each: (text: string) => Iterable<Found> = regex.hasReferences
    ? (searched) => backtrack(regex, searched, { ignoreCase, lines })
    : automaton(regex.root, { ignoreCase, lines });
  return {
    groups: regex.groups,
    test: (searched) => each(searched)[Symbol.iterator]().next().done !== true,
    *all(searched) {
      let before = -1;
      for (const found of each(searched)) {
        if (found.start === found.end && found.start === before) continue;
        before = found.end;
        yield found;
      }
    },
  };
}

function automaton(root: RegexNode, { ignoreCase, lines }: { ignoreCase: boolean; lines: boolean }) {
  const flags =
    RE2JS.DOTALL |
    (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (lines ? RE2JS.MULTILINE : 0) |
    // of several ways the longest counts, as in all of POSIX: without a choice the greedy one is
    (hasChoice(root) ? RE2JS.LONGEST_MATCH : 0);
  const compiled = RE2JS.compile(sourceOf(root), flags);
  return function* each(text: string): Generator<Found, void, void> {
    const matcher = compiled.matcher(text);
    while (matcher.find()) {
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined);
      yield { start: matcher.start(), end: matcher.end(), groups };
    }
  };
}
