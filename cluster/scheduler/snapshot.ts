/** The nodes with the pods that count against them, as one scheduling attempt sees them. */
import { isTerminal } from '../api/pods.ts';
import type { Node, Pod } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import { requestsOf, spareRequestsOf, type Requests } from './requests.ts';

export class NodeInfo {
  readonly node: Node;
  readonly pods: readonly Pod[];
  #requested: Requests | undefined;
  #spare: Requests | undefined;

  constructor(node: Node, pods: readonly Pod[]) {
    this.node = node;
    this.pods = pods;
  }

  get name(): string {
    return this.node.metadata.name;
  }
  /** The sum of what the pods ask for; cpu in thousandths. */
  get requested(): Requests {
    return (this.#requested ??= sumOf(this.pods.map(requestsOf)));
  }
  /** The same with a guess for containers that ask for nothing, so that they count in scores. */
  get spareRequested(): Requests {
    return (this.#spare ??= sumOf(this.pods.map(spareRequestsOf)));
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
const seen = new WeakMap<Node, NodeInfo>();

function infoOf(node: Node, pods: readonly Pod[]): NodeInfo {
  const last = seen.get(node);
  if (last?.pods.length === pods.length && last.pods.every((pod, i) => pod === pods[i])) return last;
  const info = new NodeInfo(node, pods);
  seen.set(node, info);
  return info;
}

/** Finished pods use nothing; pods on a node that is not there count nowhere. */
export function takeSnapshot(reader: Reader): Snapshot {
  const pods = new Map<string, Pod[]>();
  const nominated: Pod[] = [];
  for (const pod of reader.list<Pod>('pods')) {
    if (isTerminal(pod)) continue;
    const nodeName = pod.spec?.nodeName;
    if (nodeName) {
      const onNode = pods.get(nodeName);
      if (onNode) onNode.push(pod);
      else pods.set(nodeName, [pod]);
    } else if (pod.status?.nominatedNodeName) nominated.push(pod);
  }
  const nodes = reader.list<Node>('nodes').map((node) => infoOf(node, pods.get(node.metadata.name) ?? []));
  return new Snapshot(nodes, nominated);
}
