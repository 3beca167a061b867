/** Gives each node a range of pod addresses: the first free 10.244.N.0/24. */
import type { Node } from '../../api/types.ts';
import type { Controller } from '../controller.ts';

const RANGES = 256;
const range = (n: number) => `10.244.${n}.0/24`;

export const nodeIpam: Controller = {
  name: 'node-ipam-controller',
  user: 'system:serviceaccount:kube-system:node-controller',
  watches: { nodes: ({ object }) => [object.metadata.name] },
  reconcile(name, { client, events }) {
    const node = client.get<Node>('nodes', '', name);
    if (!node || (node.spec?.podCIDRs ?? []).length > 0) return;
    const taken = new Set(client.list<Node>('nodes').flatMap(({ spec }) => spec?.podCIDRs ?? []));
    const free = Array.from({ length: RANGES }, (_, n) => range(n)).find((one) => !taken.has(one));
    if (free === undefined) {
      const message = `Node ${name} status is now: CIDRNotAvailable`;
      events.event('cidrAllocator', { regarding: node, type: 'Normal', reason: 'CIDRNotAvailable', message });
      return;
    }
    client.update('nodes', { ...node, spec: { ...node.spec, podCIDR: free, podCIDRs: [free] } });
  },
};
