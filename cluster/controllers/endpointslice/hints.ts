/** Which zones or nodes an endpoint is meant for, by the Service's trafficDistribution. */
import { equal } from '../../api/merge.ts';
import type { Service } from '../../api/types.ts';
import type { Endpoint } from './slice.ts';
import type { HintWork } from './topology.ts';

const CLOSE: ReadonlySet<string> = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode']);

export const distribution = ({ spec }: Service): string | undefined =>
  spec?.trafficDistribution !== undefined && CLOSE.has(spec.trafficDistribution) ? spec.trafficDistribution : undefined;

const isReady = ({ conditions }: Endpoint): boolean => conditions?.ready === true;

function hintsFor({ zone, nodeName }: Endpoint, preference: string): Endpoint['hints'] {
  const node = preference === 'PreferSameNode' ? nodeName : undefined;
  if (zone === undefined && node === undefined) return undefined;
  return {
    ...(zone === undefined ? {} : { forZones: [{ name: zone }] }),
    ...(node === undefined ? {} : { forNodes: [{ name: node }] }),
  };
}

function without({ hints: _hints, ...endpoint }: Endpoint): Endpoint {
  return endpoint;
}

/** Endpoints that are not ready keep the hints they have. */
export function preferClose(work: HintWork, preference: string): void {
  work.unchanged = work.unchanged.filter((slice) => {
    const right = slice.endpoints.every(
      (endpoint) => !isReady(endpoint) || equal(endpoint.hints ?? {}, hintsFor(endpoint, preference) ?? {}),
    );
    if (!right) work.update.push({ ...slice, endpoints: [...slice.endpoints] });
    return right;
  });
  for (const slice of [...work.create, ...work.update]) {
    slice.endpoints = slice.endpoints.map((endpoint) => {
      if (!isReady(endpoint)) return endpoint;
      const hints = hintsFor(endpoint, preference);
      return hints === undefined ? without(endpoint) : { ...endpoint, hints };
    });
  }
}

export function removeHints(work: HintWork): void {
  work.unchanged = work.unchanged.filter((slice) => {
    const bare = slice.endpoints.every(({ hints }) => hints === undefined);
    if (!bare) work.update.push(slice);
    return bare;
  });
  for (const slice of [...work.create, ...work.update]) slice.endpoints = slice.endpoints.map(without);
}
