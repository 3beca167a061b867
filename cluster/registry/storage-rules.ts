/** How the real server's storages differ from one another: facts read from their strategies, by resource. */
import type { ResourceName } from '../store/client.ts';
import type { Target } from './context.ts';

/** A DELETE that finishes answers with the object; all others answer with a Status. */
const ANSWER_WITH_OBJECT: ReadonlySet<ResourceName> = new Set([
  'pods',
  'services',
  'namespaces',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
  'deviceclasses.resource.k8s.io',
  'devicetaintrules.resource.k8s.io',
  'resourceclaims.resource.k8s.io',
  'resourceclaimtemplates.resource.k8s.io',
  'resourceslices.resource.k8s.io',
]);

/** A PUT of what is not there creates it. */
const CREATED_BY_PUT: ReadonlySet<ResourceName> = new Set([
  'endpoints',
  'events',
  'events.events.k8s.io',
  'limitranges',
  'services',
  'leases.coordination.k8s.io',
  'leasecandidates.coordination.k8s.io',
  'runtimeclasses.node.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
]);

/** An update has to say which version it is made from. */
const VERSION_NEEDED: ReadonlySet<ResourceName> = new Set([
  'clustertrustbundles.certificates.k8s.io',
  'podcertificaterequests.certificates.k8s.io',
  'runtimeclasses.node.k8s.io',
  'poddisruptionbudgets.policy',
  'storageversions.internal.apiserver.k8s.io',
  'storageversionmigrations.storagemigration.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'leases.coordination.k8s.io',
  'leasecandidates.coordination.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
]);

/** The garbage collector leaves these alone: no finalizers are set for it. */
const NOT_COLLECTED: ReadonlySet<ResourceName> = new Set(['events', 'events.events.k8s.io']);

export const answersWithObject = (name: ResourceName): boolean => ANSWER_WITH_OBJECT.has(name);
export const isCreatedByPut = ({ name, kind }: Target): boolean => kind.createOnUpdate ?? CREATED_BY_PUT.has(name);
export const needsVersion = ({ name, kind }: Target): boolean =>
  !(kind.unconditionalUpdate ?? !VERSION_NEEDED.has(name));
export const isCollected = (name: ResourceName): boolean => !NOT_COLLECTED.has(name);
