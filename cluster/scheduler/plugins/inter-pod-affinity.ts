import type { Node, Pod } from '../../api/types.ts';
import type { InterPodAffinityArgs } from '../configuration/types.ts';
import type { Reader } from '../../store/client.ts';
import {
  labelsOf,
  MAX_NODE_SCORE,
  SKIP,
  unresolvable,
  unschedulable,
  type Cycle,
  type Happening,
  type Plugin,
} from '../framework.ts';
import { termMatches, termsOf, type PodTerms, type Term } from './pod-affinity-terms.ts';

/** How often something was found in each topology domain: `key=value` to a count, or a sum of weights. */
class DomainCounts {
  readonly #counts = new Map<string, number>();
  static #domain(node: Node, topologyKey: string): string | undefined {
    const value = labelsOf(node)[topologyKey];
    return value === undefined ? undefined : `${topologyKey}=${value}`;
  }
  add(node: Node, topologyKey: string, amount: number): void {
    const domain = DomainCounts.#domain(node, topologyKey);
    if (domain !== undefined) this.#counts.set(domain, (this.#counts.get(domain) ?? 0) + amount);
  }
  /** undefined when the node is in no domain of that key. */
  at(node: Node, topologyKey: string): number | undefined {
    const domain = DomainCounts.#domain(node, topologyKey);
    return domain === undefined ? undefined : (this.#counts.get(domain) ?? 0);
  }
  /** Whether the node is in any domain counted. */
  touches(node: Node): boolean {
    return Object.entries(labelsOf(node)).some(([key, value]) => (this.#counts.get(`${key}=${value}`) ?? 0) > 0);
  }
  sumAt(node: Node): number {
    return Object.entries(labelsOf(node)).reduce(
      (sum, [key, value]) => sum + (this.#counts.get(`${key}=${value}`) ?? 0),
      0,
    );
  }
  get empty(): boolean {
    return this.#counts.size === 0;
  }
}

interface Required {
  terms: PodTerms;
  /** Pods that all of the pod's affinity terms speak of. */
  affinity: DomainCounts;
  antiAffinity: DomainCounts;
  /** Pods whose own anti-affinity speaks of this pod. */
  existingAntiAffinity: DomainCounts;
}

const matchesAll = (terms: readonly Term[], pod: Pod, cycle: Cycle) =>
  terms.length > 0 && terms.every((term) => termMatches(term, pod, cycle.reader));

function required(cycle: Cycle): Required {
  const terms = termsOf(cycle.pod);
  const affinity = new DomainCounts();
  const antiAffinity = new DomainCounts();
  const existingAntiAffinity = new DomainCounts();
  const wishes = terms.affinity.length > 0 || terms.antiAffinity.length > 0;
  for (const { node, pods, podsWithAffinity } of cycle.snapshot.nodes) {
    for (const existing of podsWithAffinity) {
      for (const term of termsOf(existing).antiAffinity) {
        if (termMatches(term, cycle.pod, cycle.reader)) existingAntiAffinity.add(node, term.topologyKey, 1);
      }
    }
    if (!wishes) continue;
    for (const existing of pods) {
      if (matchesAll(terms.affinity, existing, cycle)) {
        for (const term of terms.affinity) affinity.add(node, term.topologyKey, 1);
      }
      for (const term of terms.antiAffinity) {
        if (termMatches(term, existing, cycle.reader)) antiAffinity.add(node, term.topologyKey, 1);
      }
    }
  }
  return { terms, affinity, antiAffinity, existingAntiAffinity };
}

function affinityHolds({ terms, affinity }: Required, node: Node, cycle: Cycle): boolean {
  const counts = terms.affinity.map((term) => affinity.at(node, term.topologyKey));
  if (counts.includes(undefined)) return false;
  if (counts.every((count) => (count ?? 0) > 0)) return true;
  // the first pod of a group that wants to be together may start the group anywhere
  return affinity.empty && matchesAll(terms.affinity, cycle.pod, cycle);
}

function preferences(cycle: Cycle, args: InterPodAffinityArgs): DomainCounts {
  const own = termsOf(cycle.pod);
  // required affinity of existing pods pulls a new pod as a preferred term of this weight would
  const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } = args;
  const sums = new DomainCounts();
  if (ignorePreferredTermsOfExistingPods && own.preferredAffinity.length + own.preferredAntiAffinity.length === 0) {
    return sums;
  }
  const add = (term: Term, pod: Pod, node: Node, weight: number) => {
    if (termMatches(term, pod, cycle.reader)) sums.add(node, term.topologyKey, weight);
  };
  const wishes = own.preferredAffinity.length > 0 || own.preferredAntiAffinity.length > 0;
  for (const { node, pods, podsWithAffinity } of cycle.snapshot.nodes) {
    for (const existing of wishes ? pods : podsWithAffinity) {
      const theirs = termsOf(existing);
      for (const { term, weight } of own.preferredAffinity) add(term, existing, node, weight);
      for (const { term, weight } of own.preferredAntiAffinity) add(term, existing, node, -weight);
      if (hardPodAffinityWeight > 0) {
        for (const term of theirs.affinity) add(term, cycle.pod, node, hardPodAffinityWeight);
      }
      for (const { term, weight } of theirs.preferredAffinity) add(term, cycle.pod, node, weight);
      for (const { term, weight } of theirs.preferredAntiAffinity) add(term, cycle.pod, node, -weight);
    }
  }
  return sums;
}

/** A neighbour that it wants has come, or one that it does not want has gone. */
function podHelps(pod: Pod, { before, after }: Happening<Pod>, reader: Reader): boolean {
  if ([before, after].some((one) => one && !one.spec?.nodeName)) return false;
  const { affinity, antiAffinity } = termsOf(pod);
  const all = (terms: readonly Term[], one: Pod) =>
    terms.length > 0 && terms.every((term) => termMatches(term, one, reader));
  if (!before) return after !== undefined && all(affinity, after);
  if (!after) return all(antiAffinity, before);
  return (!all(affinity, before) && all(affinity, after)) || (all(antiAffinity, before) && !all(antiAffinity, after));
}

/** The node has come into another domain. */
function nodeHelps(pod: Pod, { before, after }: Happening<Node>): boolean {
  if (!after) return false;
  const { affinity, antiAffinity } = termsOf(pod);
  const value = (node: Node, { topologyKey }: Term) => labelsOf(node)[topologyKey];
  const moved = (term: Term) =>
    before !== undefined &&
    value(before, term) !== undefined &&
    value(after, term) !== undefined &&
    value(before, term) !== value(after, term);
  return (
    affinity.some(
      (term) => moved(term) || ((!before || value(before, term) === undefined) && value(after, term) !== undefined),
    ) ||
    antiAffinity.some(
      (term) => !before || moved(term) || (value(before, term) !== undefined && value(after, term) === undefined),
    )
  );
}

/** Pods that must or would rather be near other pods, or far from them. */
export function interPodAffinity(args: InterPodAffinityArgs = {}): Plugin {
  const preferred = (cycle: Cycle) => cycle.memo('InterPodAffinity/preferred', () => preferences(cycle, args));
  return {
    name: 'InterPodAffinity',
    hints: { pods: podHelps, nodes: nodeHelps },
    preFilter(cycle) {
      const { terms, existingAntiAffinity } = cycle.memo('InterPodAffinity/required', () => required(cycle));
      const indifferent = terms.affinity.length === 0 && terms.antiAffinity.length === 0 && existingAntiAffinity.empty;
      return indifferent ? SKIP : undefined;
    },
    filter(cycle, { node }) {
      const state = cycle.memo('InterPodAffinity/required', () => required(cycle));
      if (!affinityHolds(state, node, cycle)) return unresolvable("node(s) didn't match pod affinity rules");
      const tooNear = state.terms.antiAffinity.some((term) => (state.antiAffinity.at(node, term.topologyKey) ?? 0) > 0);
      if (tooNear) return unschedulable("node(s) didn't match pod anti-affinity rules");
      return state.existingAntiAffinity.touches(node)
        ? unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")
        : undefined;
    },
    scores: (cycle) => !preferred(cycle).empty,
    score: (cycle, { node }) => preferred(cycle).sumAt(node),
    normalize(scores) {
      // the quotient first, as in Go: 100 * (29 / 100) is 28.99...
      const least = Math.min(...scores);
      const span = Math.max(...scores) - least;
      return scores.map((score) => (span === 0 ? 0 : Math.trunc(MAX_NODE_SCORE * ((score - least) / span))));
    },
  };
}
