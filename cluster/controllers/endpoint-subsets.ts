/** Endpoints' subsets: the ports that the same addresses serve, together. */
import type { Endpoints } from '../api/types.ts';
import { inHashOrder, subsetText } from './port-order.ts';

export type Subset = NonNullable<Endpoints['subsets']>[number];
export type Address = NonNullable<Subset['addresses']>[number];
export type Port = NonNullable<Subset['ports']>[number];

/** One address behind one port, or behind none. */
export interface Member {
  address: Address;
  ready: boolean;
  port?: Port;
}

/** Addresses that an Endpoints object may hold. */
const MAX_ADDRESSES = 1000;

const keyOf = ({ ip, targetRef }: Address): string => `${ip} ${targetRef?.uid ?? ''}`;
const byAddress = (a: Address, b: Address): number => (keyOf(a) < keyOf(b) ? -1 : 1);

/** As few subsets as possible: each port once for each set of addresses; not being ready wins over being it. */
export function packed(members: readonly Member[]): Subset[] {
  const addresses = new Map<string, Address>();
  const ports = new Map<string, { port: Port | undefined; ready: Map<string, boolean> }>();
  for (const { address, ready, port } of members) {
    const key = keyOf(address);
    if (!addresses.has(key)) addresses.set(key, address);
    const portKey = JSON.stringify(port ?? null);
    const one = ports.get(portKey) ?? { port, ready: new Map<string, boolean>() };
    one.ready.set(key, ready && one.ready.get(key) !== false);
    ports.set(portKey, one);
  }
  const groups = new Map<string, { ports: Port[]; ready: ReadonlyMap<string, boolean> }>();
  for (const { port, ready } of ports.values()) {
    const key = JSON.stringify([...ready].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const group = groups.get(key) ?? { ports: [], ready };
    if (port) group.ports.push(port);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ports: own, ready }) => {
    const of = (wanted: boolean) =>
      [...ready].flatMap(([key, is]) => (is === wanted ? (addresses.get(key) ?? []) : [])).toSorted(byAddress);
    return subset(of(true), of(false), inHashOrder(own, subsetText));
  });
}

const subset = (addresses: Address[], notReadyAddresses: Address[], ports: Port[]): Subset => ({
  ...(addresses.length === 0 ? {} : { addresses }),
  ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
  ...(ports.length === 0 ? {} : { ports }),
});

/** What was packed before, one by one again. */
export const unpacked = (subsets: readonly Subset[]): Member[] =>
  subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }) =>
    [
      ...addresses.map((address) => ({ address, ready: true })),
      ...notReadyAddresses.map((address) => ({ address, ready: false })),
    ].flatMap((member): Member[] => (ports.length === 0 ? [member] : ports.map((port) => ({ ...member, port })))),
  );

const count = (subsets: readonly Subset[], which: 'addresses' | 'notReadyAddresses'): number =>
  subsets.reduce((sum, one) => sum + (one[which]?.length ?? 0), 0);

export const isOverCapacity = (subsets: readonly Subset[]): boolean =>
  count(subsets, 'addresses') + count(subsets, 'notReadyAddresses') > MAX_ADDRESSES;

/** At most a thousand addresses, ready ones first, shared out among the subsets by their sizes. */
export function truncated(subsets: readonly Subset[]): Subset[] {
  const ready = count(subsets, 'addresses');
  const cutsReady = ready > MAX_ADDRESSES;
  const which = cutsReady ? 'addresses' : 'notReadyAddresses';
  const total = count(subsets, which);
  const room = cutsReady ? MAX_ADDRESSES : MAX_ADDRESSES - ready;
  let left = room;
  return subsets.map(({ addresses = [], notReadyAddresses = [], ports = [] }) => {
    const own = cutsReady ? addresses : notReadyAddresses;
    const kept = own.slice(0, Math.min(Math.ceil((own.length / total) * room), left));
    left -= kept.length;
    return cutsReady ? subset(kept, [], ports) : subset(addresses, kept, ports);
  });
}
