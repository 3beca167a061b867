import { equal } from '../../api/merge.ts';
import { findUntolerated } from '../../api/taints.ts';
import type { Node, Pod } from '../../api/types.ts';
import {
  labelsOf,
  MAX_NODE_SCORE,
  isSame,
  SKIP,
  taintsOf,
  tolerationsOf,
  unresolvable,
  unschedulable,
  type Cycle,
  type Happening,
  type Plugin,
} from '../framework.ts';
import type { Reader } from '../../store/client.ts';
import type { PodTopologySpreadArgs, SpreadConstraint } from '../configuration/types.ts';
import type { NodeInfo } from '../snapshot.ts';
import { nodeAffinityMatches } from './node-affinity.ts';
import { HOSTNAME, constraintsOf, defaultConstraints, SYSTEM_DEFAULTS, type Constraint } from './spread-constraints.ts';

const NO_MATCH = "node(s) didn't match pod topology spread constraints";

/** Whether the node counts for a constraint at all. */
function included(constraint: Constraint, pod: Pod, node: Node): boolean {
  if (constraint.nodeAffinityPolicy === 'Honor' && !nodeAffinityMatches(pod, node)) return false;
  return (
    constraint.nodeTaintsPolicy !== 'Honor' ||
    !findUntolerated(taintsOf(node), tolerationsOf(pod), ['NoSchedule', 'NoExecute'])
  );
}

const hasAllKeys = (node: Node, constraints: readonly Constraint[]) =>
  constraints.every(({ topologyKey }) => Object.hasOwn(labelsOf(node), topologyKey));

interface Counted {
  selectors: readonly object[];
  namespace: string;
  count: number;
}
/** By the pods of a node, which are the same list until one of them changes: the next pod of a set asks the same of nearly all nodes. */
const counted = new WeakMap<readonly Pod[], Counted>();

function countMatching(pods: readonly Pod[], constraint: Constraint, namespace: string): number {
  if (constraint.matchesNothingSpecial) return 0;
  const { selectors } = constraint;
  const last = selectors && counted.get(pods);
  if (
    last?.namespace === namespace &&
    last.selectors.length === selectors?.length &&
    last.selectors.every((one, i) => one === selectors[i])
  ) {
    return last.count;
  }
  let count = 0;
  for (const pod of pods) {
    const { deletionTimestamp, namespace: where } = pod.metadata;
    if (deletionTimestamp === undefined && where === namespace && constraint.matches(labelsOf(pod))) count++;
  }
  if (selectors) counted.set(pods, { selectors, namespace, count });
  return count;
}

/** For each constraint: topology value to the number of matching pods there. */
function domains(cycle: Cycle, constraints: readonly Constraint[]): Map<string, number>[] {
  const counts = constraints.map(() => new Map<string, number>());
  for (const { node, pods } of cycle.snapshot.nodes) {
    if (!hasAllKeys(node, constraints)) continue;
    constraints.forEach((constraint, i) => {
      if (!included(constraint, cycle.pod, node)) return;
      const value = labelsOf(node)[constraint.topologyKey] ?? '';
      const found = countMatching(pods, constraint, cycle.namespace);
      counts[i]?.set(value, (counts[i].get(value) ?? 0) + found);
    });
  }
  return counts;
}

/** What a configuration says of pods without constraints of their own. */
interface Defaults {
  constraints: readonly SpreadConstraint[];
  /** Those of every scheduler: nodes without their keys count, too. */
  system: boolean;
}

const hasOwn = ({ pod }: Pick<Cycle, 'pod'>) => (pod.spec?.topologySpreadConstraints ?? []).length > 0;

function hardConstraints(pod: Pod, reader: Reader, { constraints: defaults }: Defaults): Constraint[] {
  const whenUnsatisfiable = 'DoNotSchedule';
  return hasOwn({ pod })
    ? constraintsOf(pod, whenUnsatisfiable)
    : defaultConstraints(pod, reader, { defaults, whenUnsatisfiable });
}

function hard(cycle: Cycle, defaults: Defaults) {
  const constraints = hardConstraints(cycle.pod, cycle.reader, defaults);
  return { constraints, counts: domains(cycle, constraints) };
}

/** A domain has come, gone or changed. */
function nodeHelps(constraints: readonly Constraint[], { before, after }: Happening<Node>): boolean {
  const [counted, counts] = [before && hasAllKeys(before, constraints), after && hasAllKeys(after, constraints)];
  if (!before || !after) return Boolean(counted ?? counts);
  if (counted !== counts) return true;
  const moved = ({ topologyKey }: Constraint) => labelsOf(before)[topologyKey] !== labelsOf(after)[topologyKey];
  return Boolean(counts) && (constraints.some(moved) || !equal(taintsOf(before), taintsOf(after)));
}

/** The numbers of pods in the domains have changed, or what the pod itself is counted by. */
function podHelps(pod: Pod, constraints: readonly Constraint[], { before, after }: Happening<Pod>): boolean {
  const counts = (one: Pod | undefined) => one === undefined || isSame(one, pod) || countedWith(one, pod);
  if (!counts(before) || !counts(after)) return false;
  const matching = (one: Pod) => constraints.map(({ matches }) => matches(labelsOf(one)));
  if (before && after) {
    const honours = constraints.some(({ nodeTaintsPolicy }) => nodeTaintsPolicy === 'Honor');
    if (isSame(after, pod) && honours && !equal(tolerationsOf(before), tolerationsOf(after))) return true;
    return !equal(matching(before), matching(after));
  }
  const one = before ?? after;
  return one !== undefined && matching(one).includes(true);
}

const countedWith = (one: Pod, pod: Pod): boolean =>
  Boolean(one.spec?.nodeName) && one.metadata.namespace === pod.metadata.namespace;

interface Soft {
  constraints: readonly Constraint[];
  /** Nodes that lack a topology key score nothing. */
  ignored: ReadonlySet<string>;
  counts: readonly ReadonlyMap<string, number>[];
  weights: readonly number[];
}

function soft(cycle: Cycle, feasible: readonly NodeInfo[], { constraints: defaults, system }: Defaults): Soft {
  const whenUnsatisfiable = 'ScheduleAnyway';
  const own = hasOwn(cycle) || !system;
  const constraints = hasOwn(cycle)
    ? constraintsOf(cycle.pod, whenUnsatisfiable)
    : defaultConstraints(cycle.pod, cycle.reader, { defaults, whenUnsatisfiable });
  const ignored = new Set<string>();
  const counts = constraints.map(() => new Map<string, number>());
  for (const { node, name } of feasible) {
    if (own && !hasAllKeys(node, constraints)) {
      ignored.add(name);
      continue;
    }
    constraints.forEach(({ topologyKey }, i) => {
      if (topologyKey !== HOSTNAME) counts[i]?.set(labelsOf(node)[topologyKey] ?? '', 0);
    });
  }
  // the more domains there are, the more a single pod in one of them counts
  const weights = constraints.map(({ topologyKey }, i) =>
    Math.log((topologyKey === HOSTNAME ? feasible.length - ignored.size : (counts[i]?.size ?? 0)) + 2),
  );
  for (const { node, pods } of cycle.snapshot.nodes) {
    if (own && !hasAllKeys(node, constraints)) continue;
    constraints.forEach((constraint, i) => {
      const value = labelsOf(node)[constraint.topologyKey] ?? '';
      const count = counts[i]?.get(value);
      if (count === undefined || !included(constraint, cycle.pod, node)) return;
      counts[i]?.set(value, count + countMatching(pods, constraint, cycle.namespace));
    });
  }
  return { constraints, ignored, counts, weights };
}

/** What a configuration has to say of a constraint; without it, it is not taken. */
const WHOLE: SpreadConstraint = { maxSkew: 1, topologyKey: '', whenUnsatisfiable: '' };

/** Keeps the numbers of matching pods in the domains of a topology close together. */
export function podTopologySpread(args: PodTopologySpreadArgs = {}): Plugin {
  const system = (args.defaultingType ?? 'System') === 'System';
  const listed = (args.defaultConstraints ?? []).map((constraint) => ({ ...WHOLE, ...constraint }));
  const defaults: Defaults = { system, constraints: system ? SYSTEM_DEFAULTS : listed };
  const hardOf = (cycle: Cycle) => cycle.memo('PodTopologySpread/hard', () => hard(cycle, defaults));
  const softOf = (cycle: Cycle, feasible: readonly NodeInfo[]) =>
    cycle.memo('PodTopologySpread/soft', () => soft(cycle, feasible, defaults));
  return {
    name: 'PodTopologySpread',
    hints: {
      hearsTaints: true,
      nodes: (pod, happening, reader) => nodeHelps(hardConstraints(pod, reader, defaults), happening),
      pods: (pod, happening, reader) => podHelps(pod, hardConstraints(pod, reader, defaults), happening),
    },
    preFilter: (cycle) => (hardOf(cycle).constraints.length === 0 ? SKIP : undefined),
    filter(cycle, { node }) {
      const { constraints, counts } = hardOf(cycle);
      for (const [i, constraint] of constraints.entries()) {
        const value = labelsOf(node)[constraint.topologyKey];
        if (value === undefined) return unresolvable(`${NO_MATCH} (missing required label)`);
        const here = counts[i] ?? new Map<string, number>();
        // fewer domains than asked for: the missing ones count as empty
        const least = here.size < constraint.minDomains ? 0 : Math.min(...here.values());
        const self = constraint.matches(labelsOf(cycle.pod)) ? 1 : 0;
        if ((here.get(value) ?? 0) + self - least > constraint.maxSkew) return unschedulable(NO_MATCH);
      }
      return undefined;
    },
    scores: (cycle, feasible) => softOf(cycle, feasible).constraints.length > 0,
    score(cycle, { node, name, pods }, feasible) {
      const { constraints, ignored, counts, weights } = softOf(cycle, feasible);
      if (ignored.has(name)) return 0;
      const sum = constraints.reduce((total, constraint, i) => {
        const value = labelsOf(node)[constraint.topologyKey];
        if (value === undefined) return total;
        const count =
          constraint.topologyKey === HOSTNAME
            ? countMatching(pods, constraint, cycle.namespace)
            : (counts[i]?.get(value) ?? 0);
        return total + count * (weights[i] ?? 0) + (constraint.maxSkew - 1);
      }, 0);
      return Math.round(sum);
    },
    normalize(scores, cycle, feasible) {
      const { ignored } = softOf(cycle, feasible);
      const counted = scores.filter((_, i) => !ignored.has(feasible[i]?.name ?? ''));
      const least = Math.min(...counted);
      const most = Math.max(0, ...counted);
      return scores.map((score, i) => {
        if (ignored.has(feasible[i]?.name ?? '')) return 0;
        return most === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (most + least - score)) / most);
      });
    },
  };
}
