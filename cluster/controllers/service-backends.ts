/** Which pods stand behind a Service, and on which port: what Endpoints and EndpointSlices have in common. */
import { isTerminal, podCondition } from '../api/pods.ts';
import type { Node, Pod, Service } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import type { Change, ControllerContext } from './controller.ts';
import { namespacedKey } from './controller.ts';

export const HEADLESS_LABEL = 'service.kubernetes.io/headless';
const TRIGGER_ANNOTATION = 'endpoints.kubernetes.io/last-change-trigger-time';

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

const selects = (service: Service, labels: Record<string, string> | undefined): boolean => {
  const selector = service.spec?.selector;
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels?.[key] === value);
};

/** Services with a selector get their endpoints from these controllers; others bring their own, ExternalNames have none. */
export const isManaged = (service: Service): boolean =>
  service.spec?.type !== 'ExternalName' && service.spec?.selector !== undefined;

export const isHeadless = (service: Service): boolean => service.spec?.clusterIP === 'None';

/** Keys of the Services that a changed pod stood or stands behind. */
export function serviceKeysOfPod({ object, old }: Change, { client }: ControllerContext): readonly string[] {
  return client
    .list<Service>('services', object.metadata.namespace)
    .filter((service) => selects(service, object.metadata.labels) || (old && selects(service, old.metadata.labels)))
    .map(namespacedKey);
}

/** Pods with an address that have not finished, in order of their addresses. */
export const backends = (store: Reader, service: Service): Pod[] =>
  store
    .list<Pod>('pods', service.metadata.namespace)
    .filter((pod) => selects(service, pod.metadata.labels) && !isTerminal(pod) && pod.status?.podIP);

/** The number of a Service's port on this pod; undefined when the pod has no port of that name. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const protocol = port.protocol ?? 'TCP';
  const sidecars = (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    const named = (container.ports ?? []).find((one) => one.name === target && (one.protocol ?? 'TCP') === protocol);
    if (named) return named.containerPort;
  }
  return undefined;
}

/** Pods of a headless Service are found by their own host names. */
export const hostnameOf = (pod: Pod, service: Service): { hostname?: string } =>
  pod.spec?.hostname && pod.spec.subdomain === service.metadata.name ? { hostname: pod.spec.hostname } : {};

export const zoneOf = (store: Reader, pod: Pod): { zone?: string } => {
  const node = store.get<Node>('nodes', '', pod.spec?.nodeName ?? '');
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
  return zone ? { zone } : {};
};

export const podReference = (pod: Pod) => ({
  kind: 'Pod',
  namespace: pod.metadata.namespace ?? '',
  name: pod.metadata.name,
  uid: pod.metadata.uid ?? '',
});

/**
 * Since when the list could have been as it is now written: the earliest of what is new in it. Without anything new (a pod has
 * gone, a port is another) the list says nothing of it.
 */
export function triggered(
  annotations: Record<string, string> | undefined,
  added: readonly Pod[],
  created: Service | undefined,
): { annotations?: Record<string, string> } {
  const { [TRIGGER_ANNOTATION]: _before, ...rest } = annotations ?? {};
  const times = added.map((pod) => podCondition(pod, 'Ready')?.lastTransitionTime);
  const [earliest] = [...times, created?.metadata.creationTimestamp]
    .filter((time) => time !== undefined)
    .toSorted((a, b) => (a < b ? -1 : 1));
  const next = earliest === undefined ? rest : { ...rest, [TRIGGER_ANNOTATION]: earliest };
  return Object.keys(next).length === 0 ? {} : { annotations: next };
}
