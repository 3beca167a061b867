/** Which kinds count the changes of their spec in metadata.generation. */
import type { ResourceName } from '../store/client.ts';
import type { Kind } from '../kinds/kind.ts';

/** Read off a real 1.35 server: having a spec is not enough (nodes, services and quotas have no generation). */
const COUNTED: ReadonlySet<ResourceName> = new Set([
  'pods',
  'replicationcontrollers',
  'deployments.apps',
  'replicasets.apps',
  'daemonsets.apps',
  'statefulsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
  'ingresses.networking.k8s.io',
  'ingressclasses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'endpointslices.discovery.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceslices.resource.k8s.io',
]);

/** Those that start at 1 and stay there, whatever becomes of them. */
const STILL: ReadonlySet<ResourceName> = new Set(['priorityclasses.scheduling.k8s.io']);

export const countsChanges = (resource: ResourceName, kind: Kind): boolean =>
  hasGeneration(resource, kind) && !STILL.has(resource);

export const hasGeneration = (resource: ResourceName, kind: Kind): boolean =>
  kind.hasGeneration ?? COUNTED.has(resource);
