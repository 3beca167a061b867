/** What a scheduling plugin is, and what it sees: one pod to place, over a snapshot of the nodes and their pods. */
import type { KubeObject, Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../api/types.ts';
import { equal } from '../api/merge.ts';
import type { Reader } from '../store/client.ts';
import type { Profile } from './profile.ts';
import type { NodeInfo, Snapshot } from './snapshot.ts';

/**
 * Why a node (or, before filtering, every node) is no place for the pod.
 * `Unschedulable`: removing pods may help, so preemption looks at the node. `Unresolvable`: it can't help.
 */
export interface Rejection {
  code: 'Unschedulable' | 'Unresolvable';
  reasons: readonly string[];
  /** Whose verdict it is; set by those who ask the plugins. */
  plugin?: string;
}

export const unschedulable = (...reasons: string[]): Rejection => ({ code: 'Unschedulable', reasons });
export const unresolvable = (...reasons: string[]): Rejection => ({ code: 'Unresolvable', reasons });

/** Only these nodes come into question, whether they exist or not. */
export interface NodeNames {
  nodeNames: ReadonlySet<string>;
}

/** A plugin has nothing to say of this pod: in this attempt its filter is not asked, whatever pods come or go. */
export const SKIP = 'skip';

/** A plugin could not do its work; the attempt is over. */
export class PluginError extends Error {}

/** Highest score a plugin gives a node, before its weight. */
export const MAX_NODE_SCORE = 100;

/**
 * Something that happened to an object: without `before` it is new, without `after` it is gone. Of pods: those on nodes, where a
 * finished one counts as gone, and the waiting pod itself.
 */
export interface Happening<T extends KubeObject = KubeObject> {
  before?: T | undefined;
  after?: T | undefined;
}

/** Whether what happened may change a plugin's verdict on a pod that it has rejected. */
export type Hint<T extends KubeObject = KubeObject> = (pod: Pod, happening: Happening<T>, reader: Reader) => boolean;

/** By resource. A resource that is not there: nothing that happens to it helps. */
export interface Hints {
  /** Whether `nodes` is asked of changed taints, too. If not, any change of a node's taints (or its uncordoning) counts as help. */
  hearsTaints?: boolean;
  pods?: Hint<Pod>;
  nodes?: Hint<Node>;
  persistentvolumes?: Hint<PersistentVolume>;
  persistentvolumeclaims?: Hint<PersistentVolumeClaim>;
  'storageclasses.storage.k8s.io'?: Hint<StorageClass>;
  'csinodes.storage.k8s.io'?: Hint;
  'volumeattachments.storage.k8s.io'?: Hint;
  'resourceclaims.resource.k8s.io'?: Hint;
  'deviceclasses.resource.k8s.io'?: Hint;
}

export interface Plugin {
  /** As real profiles name it: `NodeResourcesFit`. */
  name: string;
  /** False: the pod does not enter the queue. Nothing is told of it. Default: true. */
  preEnqueue?(pod: Pod, reader: Reader): boolean;
  hints?: Hints;
  /** Once for the pod, before nodes are looked at. undefined: nothing against it. */
  preFilter?(cycle: Cycle): Rejection | NodeNames | typeof SKIP | undefined;
  /** undefined: the pod may run there, as far as this plugin goes. */
  filter?(cycle: Cycle, info: NodeInfo): Rejection | undefined;
  /** False: all nodes are the same to it, and it is left out. `feasible` are the nodes that passed all filters. Default: true. @throws PluginError */
  scores?(cycle: Cycle, feasible: readonly NodeInfo[]): boolean;
  /** A whole number of its own scale, brought to 0..100 by `normalize`, or already there. */
  score?(cycle: Cycle, info: NodeInfo, feasible: readonly NodeInfo[]): number;
  normalize?(scores: number[], cycle: Cycle, feasible: readonly NodeInfo[]): number[];
}

/** One attempt to place one pod. What plugins work out once is remembered here. */
export class Cycle {
  readonly pod: Pod;
  readonly snapshot: Snapshot;
  readonly reader: Reader;
  readonly profile: Profile;
  /** Plugins that have nothing to say of the pod. */
  readonly skipped: Set<Plugin>;
  readonly #memory = new Map<string, unknown>();

  constructor(
    pod: Pod,
    snapshot: Snapshot,
    { reader, profile, skipped = new Set() }: { reader: Reader; profile: Profile; skipped?: Set<Plugin> },
  ) {
    this.pod = pod;
    this.snapshot = snapshot;
    this.reader = reader;
    this.profile = profile;
    this.skipped = skipped;
  }

  get namespace(): string {
    return this.pod.metadata.namespace ?? '';
  }

  /** Computes once per cycle and key. */
  memo<T>(key: string, compute: () => T): T {
    if (!this.#memory.has(key)) this.#memory.set(key, compute());
    // The key belongs to one plugin, which always stores the same type under it.
    return this.#memory.get(key) as T;
  }

  /** The same attempt with one node looking different: pods gone from it or added to it. */
  withNode(info: NodeInfo): Cycle {
    return new Cycle(this.pod, this.snapshot.withNode(info), this);
  }
}

/** Highest becomes 100 and the rest in proportion; `reverse` when less is better. */
export function normalizeByHighest(scores: readonly number[], reverse = false): number[] {
  const highest = Math.max(0, ...scores);
  if (highest === 0) return scores.map(() => (reverse ? MAX_NODE_SCORE : 0));
  return scores.map((score) => {
    const share = Math.trunc((MAX_NODE_SCORE * score) / highest);
    return reverse ? MAX_NODE_SCORE - share : share;
  });
}

export const labelsOf = (object: { metadata: { labels?: Record<string, string> } }): Record<string, string> =>
  object.metadata.labels ?? {};
export const taintsOf = (node: Node) => node.spec?.taints ?? [];
export const tolerationsOf = (pod: Pod) => pod.spec?.tolerations ?? [];
export const priorityOf = (pod: Pod): number => pod.spec?.priority ?? 0;

export const isSame = (a: KubeObject | undefined, b: KubeObject): boolean => a?.metadata.uid === b.metadata.uid;
export const sameLabels = (a: KubeObject, b: KubeObject): boolean =>
  equal(a.metadata.labels ?? {}, b.metadata.labels ?? {});
/** A new node, or one with other labels. */
export const newOrRelabelled: Hint<Node> = (_pod, { before, after }) =>
  after !== undefined && (before === undefined || !sameLabels(before, after));
/** A pod that is gone from its node, or that will not come to the one it was promised. */
export const leftNode = ({ before, after }: Happening<Pod>): boolean =>
  after === undefined && Boolean(before?.spec?.nodeName || before?.status?.nominatedNodeName);
