/** One attempt to place one pod: what comes of it, as data. Nothing is written here. */
import type { Pod } from '../api/types.ts';
import type { Random, Reader } from '../store/client.ts';
import { defaultProfile } from './configuration/profiles.ts';
import { findFeasible, rejectors, type Diagnosis } from './filtering.ts';
import { Cycle, PluginError } from './framework.ts';
import { preempt } from './preemption.ts';
import type { Profile } from './profile.ts';
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

/** Something went wrong that has nothing to do with where there is room. */
export interface Failed {
  kind: 'failed';
  message: string;
}

export type Attempt = Fits | Unschedulable | Failed;

export interface AttemptParts {
  reader: Reader;
  random: Random;
  /** Default: that of a scheduler without a configuration. */
  profile?: Profile;
  /** Default: of what is there now. */
  snapshot?: Snapshot;
}

export function attempt(
  pod: Pod,
  { reader, random, profile = defaultProfile, snapshot = takeSnapshot(reader) }: AttemptParts,
): Attempt {
  if (snapshot.nodes.length === 0) {
    return { kind: 'unschedulable', message: 'no nodes available to schedule pods', nominate: '', victims: [] };
  }
  const cycle = new Cycle(pod, snapshot, { reader, profile });
  try {
    const diagnosis = findFeasible(cycle);
    const { best, scores } = bestNodes(cycle, diagnosis.feasible);
    const node = best.length <= 1 ? best[0] : best[Math.floor(random.next() * best.length)];
    if (node) return { kind: 'fits', node, best: best.map(({ name }) => name), scores };
    return noNode(cycle, diagnosis);
  } catch (error) {
    if (error instanceof PluginError) return { kind: 'failed', message: error.message };
    throw error;
  }
}

/** Nothing can be done for the pod's claims by taking them away from others. */
function claimsVerdict({ pod }: Cycle, { refused }: Diagnosis): string {
  const early = refused?.plugin !== undefined && refused.plugin !== 'DynamicResources';
  // the pod was refused before that plugin had seen it, and then nothing else is tried
  if (early) return 'not found';
  const hasClaims = !refused && (pod.spec?.resourceClaims ?? []).length > 0;
  return hasClaims ? 'still not schedulable' : 'no new claims to deallocate';
}

function noNode(cycle: Cycle, diagnosis: Diagnosis): Unschedulable {
  const nodes = cycle.snapshot.nodes.length;
  const rejectedBy = rejectors(diagnosis);
  const verdicts: string[] = [];
  let nominate: string | undefined = cycle.profile.postFilter.length === 0 ? '' : undefined;
  for (const name of cycle.profile.postFilter) {
    if (name === 'DynamicResources') {
      const verdict = claimsVerdict(cycle, diagnosis);
      verdicts.push(verdict);
      if (verdict === 'not found') break;
      continue;
    }
    const outcome = preempt(cycle, diagnosis);
    if (outcome.kind === 'victims') {
      const message = noNodeSentence({ nodes, ...diagnosis });
      return { kind: 'unschedulable', message, nominate: outcome.node, victims: outcome.victims, rejectedBy };
    }
    verdicts.push(outcome.message);
    if (outcome.forget) nominate = '';
  }
  const message = noNodeSentence({ nodes, ...diagnosis, after: verdicts.join(', ') });
  return { kind: 'unschedulable', message, nominate, victims: [], rejectedBy };
}
