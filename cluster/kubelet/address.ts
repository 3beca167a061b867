/** Pod addresses, from the node's range. */
import { isTerminal } from '../api/pods.ts';
import type { Node } from '../api/types.ts';
import { podsOn, type Reader } from '../store/client.ts';

/** .0 is the network, .1 the bridge, .255 the broadcast address. */
const FIRST = 2;
const LAST = 254;

export const hostAddress = (node: Node): string =>
  (node.status?.addresses ?? []).find((one) => one.type === 'InternalIP')?.address ?? '';

/** `taken`: given out and not yet to be seen in any pod. One after the other, as host-local IPAM gives them out; from the start again where the range ends. */
export function allocateAddress(store: Reader, node: Node, taken: readonly string[] = []): string {
  const [base = '10.244.0.0'] = (node.spec?.podCIDR ?? '').split('/');
  const prefix = base.replace(/\.\d+$/, '');
  const range = `${prefix}.`;
  const used = new Set<number>();
  let highest = FIRST - 1;
  const take = (address: string) => {
    if (!address.startsWith(range)) return;
    const last = Number(address.slice(range.length));
    used.add(last);
    highest = Math.max(highest, last);
  };
  for (const pod of podsOn(store, node.metadata.name)) if (!isTerminal(pod)) take(pod.status?.podIP ?? '');
  for (const address of taken) take(address);
  const next = highest + 1;
  if (next <= LAST) return `${prefix}.${next}`;
  for (let last = FIRST; last <= LAST; last++) if (!used.has(last)) return `${prefix}.${last}`;
  return `${prefix}.${LAST}`;
}
