/** The nodes with the pods that count against them, as one scheduling attempt sees them. */
import { isTerminal } from '../api/pods.ts';
import type { Node, Pod } from '../api/types.ts';
import { podsOn, promisedPods, type Reader } from '../store/client.ts';
import { allocatableOf, requestsOf, spareRequestsOf, type Requests } from '../api/requests.ts';

export class NodeInfo {
  readonly node: Node;
  readonly pods: readonly Pod[];
  #allocatable: Requests | undefined;
  #requested: Requests | undefined;
  #spare: Requests | undefined;
  #withAffinity: readonly Pod[] | undefined;

  constructor(node: Node, pods: readonly Pod[]) {
    this.node = node;
    this.pods = pods;
  }

  get name(): string {
    return this.node.metadata.name;
  }
  get allocatable(): Requests {
    return (this.#allocatable ??= allocatableOf(this.node));
  }
  /** The sum of what the pods ask for; cpu in thousandths. */
  get requested(): Requests {
    return (this.#requested ??= sumOf(this.pods.map(requestsOf)));
  }
  /** The same with a guess for containers that ask for nothing, so that they count in scores. */
  get spareRequested(): Requests {
    return (this.#spare ??= sumOf(this.pods.map(spareRequestsOf)));
  }

  /** Those that want others near or far: often none. */
  get podsWithAffinity(): readonly Pod[] {
    return (this.#withAffinity ??= this.pods.filter(
      ({ spec }) => spec?.affinity?.podAffinity ?? spec?.affinity?.podAntiAffinity,
    ));
  }

  without(pods: readonly Pod[]): NodeInfo {
    return new NodeInfo(
      this.node,
      this.pods.filter((pod) => !pods.includes(pod)),
    );
  }
  with(pods: readonly Pod[]): NodeInfo {
    return new NodeInfo(this.node, [...this.pods, ...pods]);
  }
}

function sumOf(all: readonly Requests[]): Requests {
  const sum: Record<string, number> = {};
  for (const requests of all) {
    for (const [name, amount] of Object.entries(requests)) sum[name] = (sum[name] ?? 0) + amount;
  }
  return sum;
}

export class Snapshot {
  /** By node name. */
  readonly nodes: readonly NodeInfo[];
  /** Pods without a node that were promised one: a preemption made room for them, or their volumes are being bound. */
  readonly nominated: readonly Pod[];
  readonly #byName: ReadonlyMap<string, NodeInfo>;

  constructor(nodes: readonly NodeInfo[], nominated: readonly Pod[]) {
    this.nodes = nodes;
    this.nominated = nominated;
    this.#byName = new Map(nodes.map((info) => [info.name, info]));
  }

  get(name: string): NodeInfo | undefined {
    return this.#byName.get(name);
  }

  withNode(info: NodeInfo): Snapshot {
    return new Snapshot(
      this.nodes.map((one) => (one.name === info.name ? info : one)),
      this.nominated,
    );
  }
}

// Most nodes look the same from one attempt to the next, and then their sums need not be made again.
const seen = new WeakMap<Node, { source: readonly Pod[]; info: NodeInfo }>();

function infoOf(node: Node, source: readonly Pod[]): NodeInfo {
  const last = seen.get(node);
  if (last?.source === source) return last.info;
  const info = new NodeInfo(node, source.some(isTerminal) ? source.filter((pod) => !isTerminal(pod)) : source);
  seen.set(node, { source, info });
  return info;
}

/**
 * Finished pods use nothing; pods on a node that is not there count nowhere. `assumed`: pods that have their node as far as the
 * scheduler goes, though the API does not know it yet.
 */
export function takeSnapshot(reader: Reader, assumed: readonly Assumed[] = []): Snapshot {
  const nodes = reader.list<Node>('nodes').map((node) => {
    const info = infoOf(node, podsOn(reader, node.metadata.name));
    const more = assumed.filter((one) => one.node === info.name).map(({ pod }) => pod);
    return more.length === 0 ? info : info.with(more);
  });
  const settled = new Set(assumed.map(({ pod }) => pod.metadata.uid));
  return new Snapshot(
    nodes,
    promisedPods(reader).filter((pod) => !isTerminal(pod) && !settled.has(pod.metadata.uid)),
  );
}

export interface Assumed {
  pod: Pod;
  node: string;
}
