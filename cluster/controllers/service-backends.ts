/** Which pods stand behind a Service, and on which port: what Endpoints and EndpointSlices have in common. */
import { equal } from '../api/merge.ts';
import { isPodReady, isTerminal } from '../api/pods.ts';
import type { Pod, Service } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import type { Change, ControllerContext } from './controller.ts';
import { namespacedKey } from './controller.ts';

export const HEADLESS_LABEL = 'service.kubernetes.io/headless';

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];
type Labels = Record<string, string> | undefined;

const selects = (service: Service, labels: Labels): boolean => {
  const selector = service.spec?.selector;
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels?.[key] === value);
};

/** Services with a selector get their endpoints from these controllers; others bring their own, ExternalNames have none. */
export const isManaged = (service: Service): boolean =>
  service.spec?.type !== 'ExternalName' && service.spec?.selector !== undefined;

export const isHeadless = (service: Service): boolean => service.spec?.clusterIP === 'None' || !service.spec?.clusterIP;

const addressesOf = ({ status }: Pod): readonly string[] =>
  status?.podIPs?.map(({ ip }) => ip ?? '') ?? (status?.podIP ? [status.podIP] : []);

/** Whether a change of a pod may change what its Services say of it, beside who selects it. */
const memberChanged = (before: Pod, pod: Pod): boolean =>
  // the real one compares pointers: every change of a pod on its way out counts
  before.metadata.deletionTimestamp !== undefined ||
  pod.metadata.deletionTimestamp !== undefined ||
  isPodReady(before) !== isPodReady(pod) ||
  !equal(addressesOf(before), addressesOf(pod));

/** Keys of the Services that a changed pod stood or stands behind. */
export function serviceKeysOfPod({ type, object, old }: Change, { client }: ControllerContext): readonly string[] {
  const services = () => client.list<Service>('services', object.metadata.namespace);
  const pod: Pod = object;
  const before: Pod | undefined = type === 'MODIFIED' ? old : undefined;
  if (before === undefined) {
    return services()
      .filter((service) => selects(service, pod.metadata.labels))
      .map(namespacedKey);
  }
  const changed = memberChanged(before, pod);
  const relabelled =
    before.metadata.labels !== pod.metadata.labels && !equal(before.metadata.labels, pod.metadata.labels);
  const renamed = before.spec?.hostname !== pod.spec?.hostname || before.spec?.subdomain !== pod.spec?.subdomain;
  if (!changed && !relabelled && !renamed) return [];
  return services()
    .filter((service) => {
      const [was, is] = [selects(service, before.metadata.labels), selects(service, pod.metadata.labels)];
      // without a change of its own a pod matters to whom it comes or goes
      return changed ? was || is : was !== is;
    })
    .map(namespacedKey);
}

export const selectedPods = (store: Reader, service: Service): Pod[] =>
  store.list<Pod>('pods', service.metadata.namespace).filter((pod) => selects(service, pod.metadata.labels));

/** Pods with an address that have not finished. */
export const isBackend = (pod: Pod): boolean => !isTerminal(pod) && addressesOf(pod).length > 0;

/** A pod's addresses of one family, as it reports them. */
export const podAddresses = (pod: Pod, family: 'IPv4' | 'IPv6'): string[] =>
  addressesOf(pod).filter((address) => address.includes(':') === (family === 'IPv6'));

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

export const podReference = (pod: Pod) => ({
  kind: 'Pod',
  namespace: pod.metadata.namespace ?? '',
  name: pod.metadata.name,
  uid: pod.metadata.uid ?? '',
});
