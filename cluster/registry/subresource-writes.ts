/** What a write through a subresource may change, and whose it becomes: read from the real server's strategies, by resource. */
import type { KubeObject, ObjectMeta } from '../api/types.ts';
import type { ResourceName } from '../store/client.ts';
import type { Target } from './context.ts';

type Metadata = keyof ObjectMeta;

const ALL: readonly Metadata[] = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** Metadata that a write of the status leaves as it is. Everything else of metadata can be changed through the status, too. */
const KEPT_BY_STATUS: Readonly<Record<ResourceName, readonly Metadata[]>> = {
  pods: ['ownerReferences'],
  'deployments.apps': ['labels'],
  'apiservices.apiregistration.k8s.io': ALL,
  'customresourcedefinitions.apiextensions.k8s.io': ALL,
  'devicetaintrules.resource.k8s.io': ALL,
  'flowschemas.flowcontrol.apiserver.k8s.io': [...ALL, 'generateName'],
  'podcertificaterequests.certificates.k8s.io': ALL,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': [...ALL, 'generateName'],
  'resourceclaims.resource.k8s.io': ALL,
  'servicecidrs.networking.k8s.io': ALL,
  'storageversionmigrations.storagemigration.k8s.io': ALL,
  'storageversions.internal.apiserver.k8s.io': ALL,
  'validatingadmissionpolicies.admissionregistration.k8s.io': ALL,
  'volumeattachments.storage.k8s.io': ALL,
};

/** Paths that nobody comes to own by such a write, where they are not just the status or, through the status, the spec. */
const OWNED_BY_NOBODY: Readonly<Record<string, readonly string[]>> = {
  'certificatesigningrequests.certificates.k8s.io': ['spec', 'status'],
  'certificatesigningrequests.certificates.k8s.io/status': ['spec', 'status.conditions'],
  'certificatesigningrequests.certificates.k8s.io/approval': ['spec', 'status.certificate'],
  'deployments.apps/status': ['spec', 'metadata.labels'],
  'namespaces/finalize': ['status'],
  'pods/status': ['spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'],
  'devicetaintrules.resource.k8s.io/status': ['spec', 'metadata'],
  'flowschemas.flowcontrol.apiserver.k8s.io/status': ['spec', 'metadata'],
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io/status': ['spec', 'metadata'],
  'resourceclaims.resource.k8s.io/status': ['spec', 'metadata'],
  'storageversionmigrations.storagemigration.k8s.io/status': ['spec', 'metadata'],
  'storageversions.internal.apiserver.k8s.io/status': ['spec', 'metadata'],
  'validatingadmissionpolicies.admissionregistration.k8s.io/status': ['spec', 'metadata'],
  'volumeattachments.storage.k8s.io/status': ['spec', 'metadata'],
};

type Paths = readonly (readonly string[])[];
const ALL_OWNED: Paths = [];
/** The same list each time, by which the set of these paths is found. */
const RESET: ReadonlyMap<string, Paths> = new Map(
  Object.entries(OWNED_BY_NOBODY).map(([write, paths]) => [
    write,
    paths.map((path) => path.split('.').map((field) => `f:${field}`)),
  ]),
);

/** Paths of managedFields; undefined: the usual ones. */
export function resetPaths({ name, info, custom }: Target, subresource: string): Paths | undefined {
  // without a status of its own, what is written there is owned like everything else
  if (custom && !info.subresources.some((one) => one.name === 'status')) return ALL_OWNED;
  return RESET.get(subresource === '' ? name : `${name}/${subresource}`);
}

const STATUS_WRITES_KEEP: ReadonlySet<string> = new Set(['metadata', 'status']);

/** Turns what a client sent to the status into what is to be stored. Changes `object`. */
export function keepAllButStatus({ name }: Target, object: KubeObject & { status?: unknown }, old: KubeObject): void {
  const { metadata } = object;
  const kept = KEPT_BY_STATUS[name] ?? [];
  for (const field of kept) {
    if (old.metadata[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: old.metadata[field] });
  }
  // an object out of which fields are taken becomes slow to read for ever: mostly there are none
  const sent = object as unknown as Record<string, unknown>;
  const stored = old as unknown as Record<string, unknown>;
  for (const field of Object.keys(sent)) {
    if (!STATUS_WRITES_KEEP.has(field) && stored[field] === undefined) delete sent[field];
  }
  if (object.status === undefined) delete object.status;
  // shared with the stored object, which never changes
  for (const field of Object.keys(stored)) if (!STATUS_WRITES_KEEP.has(field)) sent[field] = stored[field];
}
