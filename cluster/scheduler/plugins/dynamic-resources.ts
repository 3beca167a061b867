import { equal } from '../../api/merge.ts';
import { nodeSelectorMatches } from '../../api/selector.ts';
import type { KubeObject, NodeSelector, Pod } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import { isSame, newOrRelabelled, SKIP, unresolvable, type Cycle, type Plugin, type Rejection } from '../framework.ts';

interface Request {
  name: string;
  exactly?: { deviceClassName?: string };
  firstAvailable?: { name: string; deviceClassName?: string }[];
}
interface ResourceClaim extends KubeObject {
  spec?: { devices?: { requests?: Request[] } };
  status?: { allocation?: { nodeSelector?: NodeSelector }; reservedFor?: { uid: string }[] };
}

/** As many consumers as a claim may have at a time. */
const MOST_CONSUMERS = 256;

/** The names of the pod's claims; undefined where one is still to be made from its template. */
function claimNames({ spec, status }: Pod): (string | undefined)[] {
  return (spec?.resourceClaims ?? []).flatMap(({ name, resourceClaimName }) => {
    if (resourceClaimName) return [resourceClaimName];
    const made = (status?.resourceClaimStatuses ?? []).find((one) => one.name === name);
    if (!made) return [undefined];
    // nothing was to be made
    return made.resourceClaimName ? [made.resourceClaimName] : [];
  });
}

const claimOf = (pod: Pod, name: string, reader: Reader) =>
  reader.get<ResourceClaim>('resourceclaims.resource.k8s.io', pod.metadata.namespace ?? '', name);

const claimsOf = (cycle: Cycle): ResourceClaim[] =>
  cycle.memo('DynamicResources', () =>
    claimNames(cycle.pod).flatMap((name) => (name && claimOf(cycle.pod, name, cycle.reader)) || []),
  );

/** Every request names its class, and the class has to be there. */
function missingClass({ spec }: ResourceClaim, reader: Reader): Rejection | undefined {
  for (const { name, exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
    const wanted = exactly
      ? [{ request: name, deviceClass: exactly.deviceClassName ?? '' }]
      : firstAvailable.map((one) => ({ request: `${name}/${one.name}`, deviceClass: one.deviceClassName ?? '' }));
    const missing = wanted.find(({ deviceClass }) => !reader.get('deviceclasses.resource.k8s.io', '', deviceClass));
    if (missing) return unresolvable(`request ${missing.request}: device class ${missing.deviceClass} does not exist`);
  }
  return undefined;
}

/**
 * Pods with ResourceClaims: they wait, without a word, for their claims to be there; claims that are allocated say where the pod
 * may run. No driver offers devices here, so what is not allocated by hand never is.
 */
export const dynamicResources: Plugin = {
  name: 'DynamicResources',
  hints: {
    'resourceclaims.resource.k8s.io': (pod, { after }) =>
      after !== undefined && claimNames(pod).includes(after.metadata.name),
    'deviceclasses.resource.k8s.io': (_pod, { after }) => after !== undefined,
    pods: (pod, { before, after }) =>
      before !== undefined &&
      isSame(after, pod) &&
      !equal(before.status?.resourceClaimStatuses ?? [], after?.status?.resourceClaimStatuses ?? []),
    nodes: newOrRelabelled,
  },
  preEnqueue: (pod, reader) =>
    claimNames(pod).every((name) => {
      const claim = name === undefined ? undefined : claimOf(pod, name, reader);
      return claim !== undefined && !claim.metadata.deletionTimestamp;
    }),
  preFilter(cycle) {
    const claims = claimsOf(cycle);
    if (claims.length === 0) return SKIP;
    for (const { status, ...claim } of claims) {
      const users = status?.reservedFor ?? [];
      const own = users.some(({ uid }) => uid === cycle.pod.metadata.uid);
      if (status?.allocation) {
        if (users.length >= MOST_CONSUMERS && !own) return unresolvable('resourceclaim in use');
        continue;
      }
      const rejection = missingClass(claim, cycle.reader);
      if (rejection) return rejection;
    }
    return undefined;
  },
  filter(cycle, { node }) {
    const claims = claimsOf(cycle);
    if (claims.some(({ status }) => !status?.allocation)) return unresolvable('cannot allocate all claims');
    const elsewhere = claims.some(({ status }) => !nodeSelectorMatches(status?.allocation?.nodeSelector, node));
    return elsewhere ? unresolvable('resourceclaim not available on the node') : undefined;
  },
};
