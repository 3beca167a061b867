/** Dynamic resource allocation: kept and shown. */
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

export type ResourceClaim = KubeObject & { status?: { allocation?: unknown; reservedFor?: unknown[] } };
export type ResourceSlice = KubeObject & { spec?: { nodeName?: string; driver?: string; pool?: { name?: string } } };

const GROUP = 'resource.k8s.io';

function stateOf({ metadata, status }: ResourceClaim): string {
  const states = metadata.deletionTimestamp ? ['deleted'] : [];
  if (status?.allocation) {
    states.push('allocated');
    if (status.reservedFor?.length) states.push('reserved');
  } else if (!metadata.deletionTimestamp) states.push('pending');
  return states.join(',');
}

export const deviceClass: Kind = {
  resource: `deviceclasses.${GROUP}`,
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? null],
};
export const resourceClaimTemplate: Kind = {
  resource: `resourceclaimtemplates.${GROUP}`,
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? null],
};
export const resourceClaim: Kind<ResourceClaim> = {
  resource: `resourceclaims.${GROUP}`,
  prepareForCreate(object) {
    object.status = {};
  },
  cells: (object) => [object.metadata.name, stateOf(object), object.metadata.creationTimestamp ?? null],
};
export const resourceSlice: Kind<ResourceSlice> = {
  resource: `resourceslices.${GROUP}`,
  fields: ({ spec }) => ({ 'spec.nodeName': spec?.nodeName ?? '', 'spec.driver': spec?.driver ?? '' }),
  cells: ({ metadata, spec }) => [
    metadata.name,
    spec?.nodeName ?? '',
    spec?.driver ?? '',
    spec?.pool?.name ?? '',
    metadata.creationTimestamp ?? null,
  ],
};
