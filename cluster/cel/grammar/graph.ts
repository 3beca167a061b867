/** The rules as states: what can come next from anywhere. */
import { RULES, type Part } from './rules.ts';

/** Stands for the end of a rule in sets of tokens. */
export const END = '';

export type Step =
  | { kind: 'stop' }
  | { kind: 'token'; types: ReadonlySet<string>; next: State }
  | { kind: 'rule'; rule: string; precedence: number; next: State }
  | { kind: 'above'; precedence: number; next: State }
  /** In the order of alternatives. */
  | { kind: 'choice'; to: State[] };

export interface State {
  id: number;
  step: Step;
}

/** A part with its states: `entry` is where it starts, `back` where a loop decides whether to go round again. */
export interface Node {
  part: Part;
  entry: State;
  back: State;
  parts: Node[];
}

let states = 0;
const state = (step: Step): State => ({ id: states++, step });

/** `next` is what follows the part in its rule. */
function build(part: Part, next: State): Node {
  const leaf = (step: Step): Node => {
    const entry = state(step);
    return { part, entry, back: entry, parts: [] };
  };
  switch (part.kind) {
    case 'token':
      return leaf({ kind: 'token', types: new Set(part.types), next });
    case 'rule':
      return leaf({ kind: 'rule', rule: part.name, precedence: part.precedence, next });
    case 'above':
      return leaf({ kind: 'above', precedence: part.precedence, next });
    case 'seq': {
      const parts: Node[] = [];
      let after = next;
      for (const one of part.parts.toReversed()) {
        const node = build(one, after);
        parts.unshift(node);
        after = node.entry;
      }
      return { part, entry: after, back: after, parts };
    }
    case 'alt': {
      const parts = part.parts.map((one) => build(one, next));
      const entry = state({ kind: 'choice', to: parts.map((one) => one.entry) });
      return { part, entry, back: entry, parts };
    }
    case 'opt': {
      const inside = build(part.part, next);
      const entry = state({ kind: 'choice', to: [inside.entry, next] });
      return { part, entry, back: entry, parts: [inside] };
    }
    case 'star':
    case 'plus': {
      const back = state({ kind: 'choice', to: [] });
      const inside = build(part.part, back);
      back.step = { kind: 'choice', to: [inside.entry, next] };
      return { part, entry: part.kind === 'star' ? back : inside.entry, back, parts: [inside] };
    }
  }
}

export const GRAPH: ReadonlyMap<string, Node> = new Map(
  Object.entries(RULES).map(([name, part]) => [name, build(part, state({ kind: 'stop' }))]),
);

export function ruleNode(name: string): Node {
  const node = GRAPH.get(name);
  if (!node) throw new Error(`no rule ${name}`);
  return node;
}

const firsts = new Map<number, ReadonlySet<string>>();

/** The tokens that can come next within the rule; END: the rule can end here. */
export function nextTokens(from: State): ReadonlySet<string> {
  const known = firsts.get(from.id);
  if (known) return known;
  const found = new Set<string>();
  const seen = new Set<number>();
  const visit = (at: State): void => {
    if (seen.has(at.id)) return;
    seen.add(at.id);
    const { step } = at;
    switch (step.kind) {
      case 'stop':
        found.add(END);
        break;
      case 'token':
        for (const type of step.types) found.add(type);
        break;
      case 'above':
        visit(step.next);
        break;
      case 'choice':
        step.to.forEach(visit);
        break;
      case 'rule':
        // no rule is empty: what it starts with is all
        for (const type of nextTokens(ruleNode(step.rule).entry)) if (type !== END) found.add(type);
    }
  };
  visit(from);
  firsts.set(from.id, found);
  return found;
}

/** What can follow a rule wherever it is called. */
const follows = new Map<string, Set<string>>();
/** The rule that a choice is in. */
const homes = new Map<number, string>();

const calls: { rule: string; next: State; caller: string }[] = [];
for (const [caller, root] of GRAPH) {
  const visit = ({ entry, back, parts }: Node): void => {
    homes.set(entry.id, caller).set(back.id, caller);
    const { step } = entry;
    if (step.kind === 'rule' && parts.length === 0) calls.push({ rule: step.rule, next: step.next, caller });
    parts.forEach(visit);
  };
  visit(root);
  follows.set(caller, new Set());
}
for (let grown = true; grown;) {
  grown = false;
  for (const { rule, next, caller } of calls) {
    const follow = follows.get(rule) ?? new Set();
    const before = follow.size;
    for (const type of nextTokens(next)) {
      if (type !== END) follow.add(type);
      else for (const one of follows.get(caller) ?? []) follow.add(one);
    }
    grown ||= follow.size > before;
  }
}

/** Whether one token is enough to tell two alternatives of the choice `at` apart. */
export function areDistinct(at: State, first: State, second: State): boolean {
  const whole = (state: State): Set<string> => {
    const own = nextTokens(state);
    return own.has(END) ? new Set([...own, ...(follows.get(homes.get(at.id) ?? '') ?? [])]) : new Set(own);
  };
  const other = whole(second);
  return ![...whole(first)].some((type) => other.has(type));
}
