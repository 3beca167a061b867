/** Which endpoint stands in which slice: those that are there stay where they are, new ones fill up what changes anyway. */
import type { Service } from '../../api/types.ts';
import {
  endpointKey,
  labelsDiffer,
  labelsOf,
  newSlice,
  sameEndpoint,
  type AddressType,
  type Endpoint,
  type Port,
  type Slice,
} from './slice.ts';

const MAX_ENDPOINTS = 100;

export interface Placed {
  create: Slice[];
  update: Slice[];
  delete: Slice[];
}

/** The one that is closest to full once `more` are in it. */
function roomFor(slices: readonly Slice[], more: number): Slice | undefined {
  let least = MAX_ENDPOINTS;
  let found: Slice | undefined;
  for (const slice of slices) {
    const left = MAX_ENDPOINTS - (more + slice.endpoints.length);
    if (left >= 0 && left < least) [least, found] = [left, slice];
  }
  return found;
}

/** For the endpoints of one family that share their ports. */
export function place(
  service: Service,
  existing: readonly Slice[],
  wanted: readonly Endpoint[],
  { ports, addressType }: { ports: Port[]; addressType: AddressType },
): Placed {
  const waiting = new Map(wanted.map((endpoint) => [endpointKey(endpoint), endpoint]));
  const unchanged: Slice[] = [];
  const update: Slice[] = [];
  const gone: Slice[] = [];
  for (const slice of existing) {
    let changed = false;
    const kept = slice.endpoints.flatMap((endpoint) => {
      const key = endpointKey(endpoint);
      const now = waiting.get(key);
      if (now === undefined) return [];
      waiting.delete(key);
      if (!sameEndpoint(endpoint, now)) changed = true;
      return [now];
    });
    const metadata = { ...slice.metadata, labels: labelsOf(service) };
    if (changed || kept.length !== slice.endpoints.length) {
      if (kept.length === 0) gone.push(slice);
      else update.push({ ...slice, metadata, endpoints: kept });
    } else if (labelsDiffer(slice, service)) update.push({ ...slice, metadata });
    else unchanged.push(slice);
  }

  const left = [...waiting.values()];
  const fill = (slice: Slice) =>
    slice.endpoints.push(...left.splice(0, Math.max(0, MAX_ENDPOINTS - slice.endpoints.length)));
  for (const slice of update.toSorted((a, b) => b.endpoints.length - a.endpoints.length)) fill(slice);
  const create: Slice[] = [];
  while (left.length > 0) {
    const room = left.length < MAX_ENDPOINTS ? roomFor(unchanged, left.length) : undefined;
    const slice = room ? { ...room, endpoints: [...room.endpoints] } : newSlice(service, ports, addressType);
    fill(slice);
    if (room) {
      unchanged.splice(unchanged.indexOf(room), 1);
      update.push(slice);
    } else create.push(slice);
  }
  return { create, update, delete: gone };
}
