/** Making room: which pods of lower priority have to go so that a pod that fits nowhere fits somewhere. */
import { labelSelectorMatches } from '../api/selector.ts';
import type { Pod, PodDisruptionBudget } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import { type Diagnosis, filterNode } from './filtering.ts';
import { type Cycle, labelsOf, priorityOf, type Rejection, unresolvable } from './framework.ts';
import { noNodeSentence } from './sentence.ts';
import type { NodeInfo } from './snapshot.ts';

export const PREEMPTED = 'PreemptionByScheduler';

export type Preemption =
  /** Nothing to be done, said in `message`; `forget`: the node promised earlier is no longer promised. */
  { kind: 'none'; message: string; forget: boolean } | { kind: 'victims'; node: string; victims: readonly Pod[] };

interface Candidate {
  info: NodeInfo;
  /** Most important first. */
  victims: readonly Pod[];
  violations: number;
}

/** Milliseconds since 1970; what has not started starts last of all. */
const startOf = (pod: Pod) => (pod.status?.startTime ? Date.parse(pod.status.startTime) : Number.MAX_SAFE_INTEGER);
/** Higher priority first, then those that run longer; of the rest, which a real scheduler has in the order it last heard of them. */
const byImportance = (a: Pod, b: Pod) =>
  priorityOf(b) - priorityOf(a) ||
  startOf(a) - startOf(b) ||
  Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion);

const isLeavingForPreemption = (pod: Pod) =>
  pod.metadata.deletionTimestamp !== undefined &&
  (pod.status?.conditions ?? []).some(
    ({ type, status, reason }) => type === 'DisruptionTarget' && status === 'True' && reason === PREEMPTED,
  );

/** Why the pod may not push others out; undefined when it may. */
function ineligible(cycle: Cycle, diagnosis: Diagnosis): string | undefined {
  if (cycle.pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const promised = cycle.snapshot.get(cycle.pod.status?.nominatedNodeName ?? '');
  if (!promised || (diagnosis.rejected.get(promised.name) ?? diagnosis.absent).code === 'Unresolvable')
    return undefined;
  const leaving = promised.pods.some((pod) => priorityOf(pod) < priorityOf(cycle.pod) && isLeavingForPreemption(pod));
  return leaving ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

/** Pods whose going would break a disruption budget, apart from those that may go. Keeps the order. */
function splitByBudget(pods: readonly Pod[], reader: Reader): { violating: Pod[]; free: Pod[] } {
  const budgets = reader
    .list<PodDisruptionBudget>('poddisruptionbudgets.policy')
    .map((budget) => ({ budget, allowed: budget.status?.disruptionsAllowed ?? 0 }));
  const violating: Pod[] = [];
  const free: Pod[] = [];
  for (const pod of pods) {
    let violates = false;
    for (const entry of budgets) {
      const { metadata, spec, status } = entry.budget;
      const selector = spec?.selector;
      const empty =
        Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;
      if (metadata.namespace !== pod.metadata.namespace || empty || Object.keys(labelsOf(pod)).length === 0) continue;
      if (!labelSelectorMatches(selector, labelsOf(pod))) continue;
      if (Object.hasOwn(status?.disruptedPods ?? {}, pod.metadata.name)) continue;
      entry.allowed -= 1;
      if (entry.allowed < 0) violates = true;
    }
    (violates ? violating : free).push(pod);
  }
  return { violating, free };
}

function selectVictims(cycle: Cycle, info: NodeInfo): Candidate | Rejection {
  const lower = info.pods.filter((pod) => priorityOf(pod) < priorityOf(cycle.pod));
  if (lower.length === 0) return unresolvable('No preemption victims found for incoming pod');
  const tryWith = (node: NodeInfo) => filterNode(cycle.withNode(node), node);
  let kept = info.without(lower);
  const rejection = tryWith(kept);
  if (rejection) return rejection;
  const { violating, free } = splitByBudget(lower.toSorted(byImportance), cycle.reader);
  const victims: Pod[] = [];
  let violations = 0;
  // as many as possible stay, the most important and the protected first
  for (const pod of [...violating, ...free]) {
    const fuller = kept.with([pod]);
    if (!tryWith(fuller)) kept = fuller;
    else {
      victims.push(pod);
      if (violating.includes(pod)) violations += 1;
    }
  }
  return { info, victims: victims.toSorted(byImportance), violations };
}

/** Keeps every priority above zero, so that many unimportant victims weigh more than few. */
const PRIORITY_SHIFT = 2 ** 31;

/** Earlier rules decide; later ones break ties. Less is better. */
const COSTS: ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims: [first] }) => (first ? priorityOf(first) : 0),
  ({ victims }) => victims.reduce((sum, pod) => sum + priorityOf(pod) + PRIORITY_SHIFT, 0),
  ({ victims }) => victims.length,
  // of the most important victims, those that started last lose least
  ({ victims }) => {
    const [first] = victims;
    const starts = victims.filter((pod) => first && priorityOf(pod) === priorityOf(first)).map(startOf);
    return -Math.min(...starts);
  },
];

function cheapest(candidates: readonly Candidate[]): Candidate | undefined {
  let left = candidates;
  for (const cost of COSTS) {
    const least = Math.min(...left.map(cost));
    left = left.filter((candidate) => cost(candidate) === least);
    if (left.length === 1) break;
  }
  return left[0];
}

export function preempt(cycle: Cycle, diagnosis: Diagnosis): Preemption {
  const why = ineligible(cycle, diagnosis);
  if (why !== undefined) return { kind: 'none', message: `preemption: ${why}`, forget: false };
  const rejected = new Map<string, Rejection>();
  const candidates: Candidate[] = [];
  for (const info of cycle.snapshot.nodes) {
    if ((diagnosis.rejected.get(info.name) ?? diagnosis.absent).code !== 'Unschedulable') continue;
    const outcome = selectVictims(cycle, info);
    if ('code' in outcome) rejected.set(info.name, outcome);
    else candidates.push(outcome);
  }
  const best = cheapest(candidates);
  if (best) return { kind: 'victims', node: best.info.name, victims: best.victims };
  const absent = unresolvable('Preemption is not helpful for scheduling');
  const sentence = noNodeSentence({ nodes: cycle.snapshot.nodes.length, rejected, absent });
  return { kind: 'none', message: `preemption: ${sentence}`, forget: true };
}
