import type { Node } from '../../api/types.ts';
import { MAX_NODE_SCORE, type Plugin } from '../framework.ts';
import type { NodeInfo } from '../snapshot.ts';

/** Bytes. Images under the lower bound are quick to pull wherever; over the upper bound one counts no more. */
const MIN_THRESHOLD = 23 * 1024 * 1024;
const MAX_CONTAINER_THRESHOLD = 1000 * 1024 * 1024;

const normalizedName = (image: string) =>
  image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;

// Nodes in the store never change.
const known = new WeakMap<Node, ReadonlyMap<string, number>>();

function sizesOf({ node }: NodeInfo): ReadonlyMap<string, number> {
  const before = known.get(node);
  if (before) return before;
  const sizes = new Map<string, number>();
  known.set(node, sizes);
  for (const { names = [], sizeBytes = 0 } of node.status?.images ?? []) {
    for (const name of names) sizes.set(normalizedName(name), sizeBytes);
  }
  return sizes;
}

/** Favours nodes that have the pod's images already, less so images that few nodes have (or all pods would crowd there). */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  score(cycle, info) {
    const sizes = cycle.memo(
      'ImageLocality',
      () => new Map(cycle.snapshot.nodes.map((one) => [one.name, sizesOf(one)])),
    );
    const here = sizes.get(info.name);
    const containers = [...(cycle.pod.spec?.initContainers ?? []), ...(cycle.pod.spec?.containers ?? [])];
    const sum = containers.reduce((total, { image = '' }) => {
      const name = normalizedName(image);
      const size = here?.get(name);
      if (size === undefined) return total;
      const holders = [...sizes.values()].filter((one) => one.has(name)).length;
      return total + Math.trunc(size * (holders / sizes.size));
    }, 0);
    const most = MAX_CONTAINER_THRESHOLD * containers.length;
    const clamped = Math.min(Math.max(sum, MIN_THRESHOLD), most);
    return Math.trunc((MAX_NODE_SCORE * (clamped - MIN_THRESHOLD)) / (most - MIN_THRESHOLD));
  },
};
