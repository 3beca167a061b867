/** Addresses as the network sees them: who has one, and which range it lies in. */
import { BlockList, isIP } from 'node:net';
import { isTerminal } from '../api/pods.ts';
import type { Node, Pod } from '../api/types.ts';
import type { Reader } from '../store/client.ts';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether an address lies in a range like `10.244.0.0/16`; false for what is neither. */
export function inCidr(address: string, cidr: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  if (isIP(address) === 0 || isIP(network) !== isIP(address) || !/^\d+$/.test(bits)) return false;
  const range = new BlockList();
  range.addSubnet(network, Number(bits), family(network));
  return range.check(address, family(address));
}

export const nodeAddress = (node: Node): string | undefined =>
  (node.status?.addresses ?? []).find(({ type }) => type === 'InternalIP')?.address;

export const nodeAt = (store: Reader, address: string): Node | undefined =>
  store.list<Node>('nodes').find((node) => nodeAddress(node) === address);

/** The pods behind an address: one, or on a node's own address all that use the host's network. */
export const podsAt = (store: Reader, address: string): Pod[] =>
  store.list<Pod>('pods').filter((pod) => pod.status?.podIP === address && !isTerminal(pod));
