/** Hints by zones' shares of the CPUs, for Services annotated with topology-mode Auto. */
import { quantity } from '../../api/quantity.ts';
import type { Node, Service } from '../../api/types.ts';
import type { Endpoint, Slice } from './slice.ts';

/** How much more than its share an endpoint may get. */
const OVERLOAD = 0.2;
const ZONE = 'topology.kubernetes.io/zone';
const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

const isNodeReady = ({ status }: Node): boolean =>
  (status?.conditions ?? []).find(({ type }) => type === 'Ready')?.status === 'True';

export type Shares = ReadonlyMap<string, number>;
export type Hinted = ReadonlyMap<string, number>;

export function asksForHints({ metadata: { annotations = {} } }: Service): boolean {
  const mode =
    annotations['service.kubernetes.io/topology-aware-hints'] ?? annotations['service.kubernetes.io/topology-mode'];
  return mode === 'Auto' || mode === 'auto';
}

/** Each zone's share of the CPUs of ready workers; undefined where not all of them say their zone, or all are in one. */
export function zoneShares(nodes: readonly Node[]): Shares | undefined {
  const byZone = new Map<string, number>();
  let total = 0;
  for (const node of nodes) {
    const labels = node.metadata.labels ?? {};
    if (CONTROL_PLANE.some((label) => label in labels) || !isNodeReady(node)) continue;
    const zone = labels[ZONE];
    const cpu = quantity(node.status?.allocatable?.['cpu'] ?? '0').milliValue();
    if (!zone || cpu === 0) return undefined;
    byZone.set(zone, (byZone.get(zone) ?? 0) + cpu);
    total += cpu;
  }
  if (byZone.size < 2) return undefined;
  return new Map([...byZone].map(([zone, cpu]) => [zone, cpu / total]));
}

interface Allocation {
  minimum: number;
  maximum: number;
  desired: number;
}

/** How many endpoints each zone is to get, or why that can't be. */
function allocations(shares: Shares | undefined, count: number): Map<string, Allocation> | string {
  if (shares === undefined) {
    return 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes';
  }
  const counted = `(${count} endpoints, ${shares.size} zones)`;
  if (shares.size > count) return `Insufficient number of endpoints ${counted}`;
  const found = new Map<string, Allocation>();
  let minimal = 0;
  for (const [zone, share] of shares) {
    const desired = share * count;
    const minimum = Math.ceil(desired * (1 / (1 + OVERLOAD)));
    found.set(zone, { minimum, maximum: 0, desired: Math.max(desired, minimum) });
    minimal += minimum;
    if (minimal > count) {
      return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${counted}`;
    }
  }
  for (const one of found.values()) one.maximum = one.minimum + count - minimal;
  return found;
}

const isReady = ({ conditions }: Endpoint): boolean => conditions?.ready === true;
const readyIn = (slices: readonly Slice[]): number =>
  slices.reduce((sum, { endpoints }) => sum + endpoints.filter(isReady).length, 0);

/** The hints of a slice that can stay; undefined: it has to be written anew. */
function standing({ endpoints }: Slice, taken: Hinted, wanted: ReadonlyMap<string, Allocation>): Hinted | undefined {
  const counted = new Map<string, number>();
  for (const endpoint of endpoints.filter(isReady)) {
    const zones = endpoint.hints?.forZones ?? [];
    if (zones.length === 0) return undefined;
    for (const { name } of zones) {
      if (!wanted.has(name)) return undefined;
      counted.set(name, (counted.get(name) ?? 0) + 1);
    }
  }
  for (const [zone, count] of counted) {
    if (count + (taken.get(zone) ?? 0) > (wanted.get(zone)?.maximum ?? 0)) return undefined;
  }
  return counted;
}

function most(zones: ReadonlyMap<string, number>): [string, number] {
  let found: [string, number] = ['', 0];
  for (const [zone, count] of zones) if (count > found[1]) found = [zone, count];
  return found;
}

/** Whole endpoints that zones with too many give to those with too few. */
function exchanges(wanted: ReadonlyMap<string, Allocation>, has: Hinted) {
  const over = new Map<string, number>();
  const under = new Map<string, number>();
  for (const [zone, { desired }] of wanted) {
    const difference = (has.get(zone) ?? 0) - desired;
    if (difference > 0) over.set(zone, difference);
    else if (difference < 0) under.set(zone, -difference);
  }
  const giving = new Map<string, number>();
  const receiving = new Map<string, number>();
  for (;;) {
    const [from, surplus] = most(over);
    const [to, need] = most(under);
    if (from === '' || to === '' || (surplus < 1 && need < 1) || surplus < 0.5 || need < 0.5) {
      return { giving, receiving };
    }
    giving.set(from, (giving.get(from) ?? 0) + 1);
    over.set(from, surplus - 1);
    receiving.set(to, (receiving.get(to) ?? 0) + 1);
    under.set(to, need - 1);
  }
}

export interface HintWork {
  create: Slice[];
  update: Slice[];
  unchanged: Slice[];
}

/** Writes hints into the slices, moving those of `unchanged` that need it to `update`. Returns the zones' counts, or why there are none. */
export function addHints(work: HintWork, shares: Shares | undefined): Hinted | string {
  const wanted = allocations(shares, readyIn([...work.create, ...work.update, ...work.unchanged]));
  if (typeof wanted === 'string') return wanted;
  const counts = new Map<string, number>();
  work.unchanged = work.unchanged.filter((slice) => {
    const own = standing(slice, counts, wanted);
    if (own === undefined) {
      work.update.push({ ...slice, endpoints: [...slice.endpoints] });
      return false;
    }
    for (const [zone, count] of own) counts.set(zone, (counts.get(zone) ?? 0) + count);
    return true;
  });
  const slices = [...work.create, ...work.update];
  for (const { endpoints } of slices) {
    for (const [index, endpoint] of endpoints.entries()) {
      if (!isReady(endpoint)) continue;
      if (!endpoint.zone) return 'One or more endpoints do not have a zone specified';
      counts.set(endpoint.zone, (counts.get(endpoint.zone) ?? 0) + 1);
      endpoints[index] = { ...endpoint, hints: { forZones: [{ name: endpoint.zone }] } };
    }
  }
  const { giving, receiving } = exchanges(wanted, counts);
  for (const { endpoints } of slices) {
    for (const [index, endpoint] of endpoints.entries()) {
      const from = endpoint.zone ?? '';
      const [to] = receiving.keys();
      if (!isReady(endpoint) || to === undefined || !giving.has(from)) continue;
      endpoints[index] = { ...endpoint, hints: { forZones: [{ name: to }] } };
      for (const [map, zone] of [
        [giving, from],
        [receiving, to],
      ] as const) {
        const left = (map.get(zone) ?? 0) - 1;
        if (left > 0) map.set(zone, left);
        else map.delete(zone);
      }
      counts.set(to, (counts.get(to) ?? 0) + 1);
      counts.set(from, (counts.get(from) ?? 0) - 1);
    }
  }
  return counts.size === 0 ? 'No hints allocated for zones' : counts;
}

/** Whether some zone has too few endpoints for its share, after nodes have changed. */
export function isOverloaded(counts: Hinted, shares: Shares | undefined): boolean {
  if (counts.size === 0) return false;
  if (shares === undefined) return true;
  let total = 0;
  for (const count of counts.values()) total += count;
  return [...shares].some(
    ([zone, share]) => (counts.get(zone) ?? -1) < Math.ceil(total * share * (1 / (1 + OVERLOAD))),
  );
}
