/** One attempt to place one pod: what comes of it, as data. Nothing is written here. */
import type { Pod } from '../api/types.ts';
import type { Random, Reader } from '../store/client.ts';
import { findFeasible, rejectors } from './filtering.ts';
import { Cycle } from './framework.ts';
import { preempt } from './preemption.ts';
import { bestNodes } from './scoring.ts';
import { noNodeSentence } from './sentence.ts';
import { takeSnapshot, type NodeInfo, type Snapshot } from './snapshot.ts';

export interface Fits {
  kind: 'fits';
  node: NodeInfo;
  /** Names of all nodes with the highest score: chance decides between them. */
  best: readonly string[];
  /** By node name; empty when there was no choice. */
  scores: Readonly<Record<string, number>>;
}

export interface Unschedulable {
  kind: 'unschedulable';
  message: string;
  /** The node promised from now on, '' for none; undefined leaves it as it is. */
  nominate?: string | undefined;
  /** Pods that have to go for it. */
  victims: readonly Pod[];
  /** Plugins that stand in the pod's way; undefined: there are no nodes at all. */
  rejectedBy?: ReadonlySet<string>;
}

export type Attempt = Fits | Unschedulable;

/** The verdict of the plugin for resource claims, which pods here don't have. It is asked before preemption. */
const NO_CLAIMS = 'no new claims to deallocate';
/** What it says when the pod was refused before that plugin had seen it. */
const NOT_SEEN = 'not found';

export function attempt(pod: Pod, reader: Reader, random: Random, snapshot: Snapshot = takeSnapshot(reader)): Attempt {
  const nodes = snapshot.nodes.length;
  if (nodes === 0) {
    return { kind: 'unschedulable', message: 'no nodes available to schedule pods', nominate: '', victims: [] };
  }
  const cycle = new Cycle(pod, snapshot, reader);
  const diagnosis = findFeasible(cycle);
  const { feasible } = diagnosis;
  if (feasible.length > 0) {
    const { best, scores } = bestNodes(cycle, feasible);
    const node = best.length === 1 ? best[0] : best[Math.floor(random.next() * best.length)];
    if (node) return { kind: 'fits', node, best: best.map(({ name }) => name), scores };
  }
  const rejectedBy = rejectors(diagnosis);
  if (diagnosis.refused) {
    const message = noNodeSentence({ nodes, ...diagnosis, after: NOT_SEEN });
    return { kind: 'unschedulable', message, victims: [], rejectedBy };
  }
  const outcome = preempt(cycle, diagnosis);
  if (outcome.kind === 'none') {
    const message = noNodeSentence({ nodes, ...diagnosis, after: `${NO_CLAIMS}, ${outcome.message}` });
    return { kind: 'unschedulable', message, nominate: outcome.forget ? '' : undefined, victims: [], rejectedBy };
  }
  const message = noNodeSentence({ nodes, ...diagnosis });
  return { kind: 'unschedulable', message, nominate: outcome.node, victims: outcome.victims, rejectedBy };
}
