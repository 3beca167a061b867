/** Endpoints: the older list of a Service's addresses, grouped by the ports they share. */
import { equal } from '../../api/merge.ts';
import { isPodReady } from '../../api/pods.ts';
import type { Endpoints, Pod, Service } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { namespaceIsTerminating } from '../pod-control.ts';
import {
  HEADLESS_LABEL,
  backends,
  hostnameOf,
  isHeadless,
  isManaged,
  podReference,
  serviceKeysOfPod,
  targetPort,
  triggered,
} from '../service-backends.ts';

const MANAGED_LABEL = 'endpoints.kubernetes.io/managed-by';
const MANAGER = 'endpoint-controller';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];
type Port = NonNullable<Subset['ports']>[number];

export const endpoints: Controller = {
  name: 'endpoints-controller',
  user: 'system:serviceaccount:kube-system:endpoint-controller',
  watches: {
    services: ({ object }) => [namespacedKey(object)],
    endpoints: ({ object }) => [namespacedKey(object)],
    pods: serviceKeysOfPod,
  },
  reconcile(key, context) {
    const { client } = context;
    const { namespace, name } = splitKey(key);
    const service = client.get<Service>('services', namespace, name);
    const current = client.get<Endpoints>('endpoints', namespace, name);
    if (service === undefined) {
      // Endpoints made by hand for no Service at all stay
      if (current?.metadata.labels?.[MANAGED_LABEL] === MANAGER) client.delete('endpoints', namespace, name);
      return;
    }
    if (!isManaged(service)) return;
    const subsets = subsetsOf(context, service);
    const labels = {
      ...service.metadata.labels,
      [MANAGED_LABEL]: MANAGER,
      ...(isHeadless(service) ? { [HEADLESS_LABEL]: '' } : {}),
    };
    if (equal(current?.subsets ?? [], subsets) && equal(current?.metadata.labels, labels)) return;
    const { annotations, ...metadata } = current?.metadata ?? { name, namespace, annotations: undefined };
    const wanted: Endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {
        ...metadata,
        labels,
        ...triggered(
          annotations,
          addedPods(client, service, current, subsets),
          current === undefined ? service : undefined,
        ),
      },
      ...(subsets.length === 0 ? {} : { subsets }),
    };
    try {
      if (current === undefined) client.create('endpoints', wanted);
      else client.update('endpoints', wanted);
    } catch (error) {
      if (!namespaceIsTerminating(error)) throw error;
    }
  },
};

/** One subset for each set of ports that the same pods serve. */
function subsetsOf({ client }: ControllerContext, service: Service): Subset[] {
  const publishAll = service.spec?.publishNotReadyAddresses === true;
  const groups = new Map<string, { ports: Port[]; pods: Pod[] }>();
  for (const pod of backends(client, service)) {
    if (pod.metadata.deletionTimestamp !== undefined && !publishAll) continue;
    const ports = portsOf(pod, service);
    if (ports.length === 0 && (service.spec?.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ports, pods }) => {
    const ready = (pod: Pod) => publishAll || isPodReady(pod);
    const addresses = pods
      .filter(ready)
      .map((pod) => addressOf(pod, service))
      .toSorted(byAddress);
    const notReadyAddresses = pods
      .filter((pod) => !ready(pod))
      .map((pod) => addressOf(pod, service))
      .toSorted(byAddress);
    return {
      ...(addresses.length === 0 ? {} : { addresses }),
      ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
      ...(ports.length === 0 ? {} : { ports }),
    };
  });
}

function portsOf(pod: Pod, service: Service): Port[] {
  const ports: Port[] = [];
  for (const port of service.spec?.ports ?? []) {
    const number = targetPort(pod, port);
    if (number === undefined) continue;
    ports.push({
      ...(port.name ? { name: port.name } : {}),
      port: number,
      protocol: port.protocol ?? 'TCP',
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
    });
  }
  return ports.toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? '') || a.port - b.port);
}

const addressOf = (pod: Pod, service: Service): Address => ({
  ip: pod.status?.podIP ?? '',
  ...hostnameOf(pod, service),
  ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
  targetRef: podReference(pod),
});
const byAddress = (a: Address, b: Address): number => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0);

/** Pods that are ready in these subsets and were not before. */
function addedPods(
  store: Reader,
  service: Service,
  current: Endpoints | undefined,
  subsets: readonly Subset[],
): readonly Pod[] {
  const ready = (of: readonly Subset[] | undefined) =>
    new Set((of ?? []).flatMap((subset) => subset.addresses ?? []).map((address) => address.targetRef?.uid));
  const before = ready(current?.subsets);
  const now = ready(subsets);
  return backends(store, service).filter(({ metadata: { uid } }) => now.has(uid) && !before.has(uid));
}
