/** Endpoints: the older list of a Service's addresses, grouped by the ports they share. */
import { equal } from '../../api/merge.ts';
import { isPodReady } from '../../api/pods.ts';
import { StatusError } from '../../api/status.ts';
import type { Endpoints, Pod, Service } from '../../api/types.ts';
import type { Client } from '../../store/client.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { namespaceIsTerminating } from '../pod-control.ts';
import {
  HEADLESS_LABEL,
  hostnameOf,
  isBackend,
  isHeadless,
  isManaged,
  podAddresses,
  podReference,
  selectedPods,
  serviceKeysOfPod,
  targetPort,
} from '../service-backends.ts';
import { TriggerTimes, withTrigger } from '../trigger-times.ts';
import {
  isOverCapacity,
  packed,
  truncated,
  unpacked,
  type Address,
  type Member,
  type Subset,
} from '../endpoint-subsets.ts';

const MANAGED_LABEL = 'endpoints.kubernetes.io/managed-by';
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
const COMPONENT = 'endpoint-controller';

const memories = new WeakMap<Client, TriggerTimes>();
function memoryOf(client: Client): TriggerTimes {
  const known = memories.get(client) ?? new TriggerTimes();
  memories.set(client, known);
  return known;
}

export const endpoints: Controller = {
  name: 'endpoints-controller',
  user: 'system:serviceaccount:kube-system:endpoint-controller',
  watches: {
    services: ({ object }) => [namespacedKey(object)],
    // a change by hand stays until a pod or the Service changes
    endpoints: ({ type, object }) => (type === 'DELETED' ? [namespacedKey(object)] : []),
    pods: serviceKeysOfPod,
  },
  reconcile(key, context) {
    const { client } = context;
    const { namespace, name } = splitKey(key);
    const service = client.get<Service>('services', namespace, name);
    const current = client.get<Endpoints>('endpoints', namespace, name);
    if (service === undefined) {
      memoryOf(client).forget(key);
      if (current) client.delete('endpoints', namespace, name);
      return;
    }
    if (!isManaged(service)) return;
    const pods = selectedPods(client, service);
    const trigger = memoryOf(client).look(key, service, pods);
    const subsets = subsetsOf(service, pods);
    const labels = labelsFor(service);
    if (current && isAsWanted(current, subsets, labels)) return;
    const over = isOverCapacity(subsets);
    const { [OVER_CAPACITY]: _before, ...annotations } = withTrigger(current?.metadata.annotations, trigger);
    const { annotations: _old, ...metadata } = current?.metadata ?? { name, namespace };
    const marked = over ? { ...annotations, [OVER_CAPACITY]: 'truncated' } : annotations;
    const wanted: Endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { ...metadata, labels, ...(Object.keys(marked).length === 0 ? {} : { annotations: marked }) },
      ...(subsets.length === 0 ? {} : { subsets: over ? truncated(subsets) : subsets }),
    };
    write(context, service, current, wanted);
  },
};

function write(
  { client, events }: ControllerContext,
  { metadata: { namespace = '', name } }: Service,
  current: Endpoints | undefined,
  wanted: Endpoints,
): void {
  try {
    if (current === undefined) client.create('endpoints', wanted);
    else client.update('endpoints', wanted);
  } catch (error) {
    if (current === undefined && namespaceIsTerminating(error)) return;
    if (error instanceof StatusError) {
      const [reason, words] =
        current === undefined
          ? ['FailedToCreateEndpoint', `create endpoint for service ${namespace}/${name}`]
          : ['FailedToUpdateEndpoint', `update endpoint ${namespace}/${name}`];
      events.event(COMPONENT, {
        regarding: wanted,
        type: 'Warning',
        reason,
        message: `Failed to ${words}: ${error.message}`,
      });
    }
    throw error;
  }
}

const labelsFor = (service: Service): Record<string, string> => {
  const { [HEADLESS_LABEL]: _headless, ...labels } = service.metadata.labels ?? {};
  return { ...labels, ...(isHeadless(service) ? { [HEADLESS_LABEL]: '' } : {}), [MANAGED_LABEL]: COMPONENT };
};

/** The label of headless Services is not looked at, only written along. */
function isAsWanted({ metadata, subsets = [] }: Endpoints, wanted: readonly Subset[], labels: object): boolean {
  const { [HEADLESS_LABEL]: _is, ...own } = { ...metadata.labels };
  const { [HEADLESS_LABEL]: _wanted, ...others } = { ...labels } as Record<string, string>;
  return (
    equal(own, others) &&
    !isOverCapacity(subsets) &&
    metadata.annotations?.[OVER_CAPACITY] === undefined &&
    (equal(subsets, wanted) || equal(packed(unpacked(subsets)), wanted))
  );
}

function subsetsOf(service: Service, pods: readonly Pod[]): Subset[] {
  const { ports = [], publishNotReadyAddresses: publishAll = false, ipFamilies, clusterIP } = service.spec ?? {};
  const family = ipFamilies?.[0] === 'IPv6' ? 'IPv6' : 'IPv4';
  const members: Member[] = [];
  for (const pod of pods) {
    if (!isBackend(pod) || (pod.metadata.deletionTimestamp !== undefined && !publishAll)) continue;
    const [ip] = podAddresses(pod, family);
    if (ip === undefined) continue;
    const member = { address: addressOf(ip, pod, service), ready: publishAll || isPodReady(pod) };
    if (ports.length === 0 && clusterIP === 'None') members.push(member);
    for (const port of ports) {
      const number = targetPort(pod, port);
      if (number === undefined) continue;
      members.push({
        ...member,
        port: {
          ...(port.name ? { name: port.name } : {}),
          port: number,
          protocol: port.protocol ?? 'TCP',
          ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
        },
      });
    }
  }
  return packed(members);
}

const addressOf = (ip: string, pod: Pod, service: Service): Address => ({
  ip,
  ...hostnameOf(pod, service),
  nodeName: pod.spec?.nodeName ?? '',
  targetRef: podReference(pod),
});
