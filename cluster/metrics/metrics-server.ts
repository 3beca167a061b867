/**
 * The metrics server: asks the kubelets every 15 seconds what their containers use. There is one while a pod of it runs. Nothing is
 * kept: what a sample says follows from the pods and the moment it was taken at.
 */
import { isTerminal } from '../api/pods.ts';
import type { ContainerUsage, NodeSample, PodSample, ResourceMetrics } from '../api/resource-metrics.ts';
import type { Container, ContainerStatus, EndpointSlice, Node, Pod, Service } from '../api/types.ts';
import { isNodeOff } from '../controllers/node-lifecycle/heartbeat.ts';
import type { Clock, Reader } from '../store/client.ts';
import { calledInLoops, costOfCaller, usageOf } from './consumption.ts';

/** --metric-resolution, in milliseconds; a rate needs two samples. */
const RESOLUTION = 15_000;
const NAMESPACE = 'kube-system';
const LABEL = 'k8s-app';
const NAME = 'metrics-server';
/** What a node's own programs use. */
const SYSTEM: ContainerUsage = { cpu: 45e6, memory: 420 * 1024 * 1024 };

/** 0.9 to 1.1, the same for the same container and moment. */
function waveOf(key: string): number {
  let hash = 2166136261;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 16777619) >>> 0;
  return 0.9 + (hash % 2001) / 10_000;
}

const statusOf = (pod: Pod, name: string): ContainerStatus | undefined =>
  [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].find(
    (status) => status.name === name,
  );

/** Containers that run for as long as the pod does. */
const lasting = (pod: Pod): Container[] => [
  ...(pod.spec?.containers ?? []),
  ...(pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
];

export class MetricsServer implements ResourceMetrics {
  readonly #store: Reader;
  readonly #clock: Clock;

  constructor(store: Reader, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  get served(): boolean {
    return this.#store
      .list<Pod>('pods', NAMESPACE)
      .some((pod) => pod.metadata.labels?.[LABEL] === NAME && statusOf(pod, NAME)?.ready === true);
  }

  pod(namespace: string, name: string): PodSample | undefined {
    const pod = this.#store.get<Pod>('pods', namespace, name);
    return pod && this.#sample(pod, this.#moment());
  }

  node(name: string): NodeSample | undefined {
    const node = this.#store.get<Node>('nodes', '', name);
    // a kubelet that is stopped tells nothing
    if (!node || isNodeOff(this.#store, name)) return undefined;
    const timestamp = this.#moment();
    const wave = waveOf(`${name} ${timestamp}`);
    const usage = { cpu: SYSTEM.cpu * wave, memory: SYSTEM.memory };
    for (const pod of this.#store.list<Pod>('pods')) {
      if (pod.spec?.nodeName !== name) continue;
      for (const { cpu, memory } of this.#sample(pod, timestamp)?.containers.values() ?? []) {
        usage.cpu += cpu;
        usage.memory += memory;
      }
    }
    return { timestamp, window: RESOLUTION, usage: { cpu: Math.round(usage.cpu), memory: usage.memory } };
  }

  /** Of the last sample. */
  #moment(): number {
    return Math.floor(this.#clock.now() / RESOLUTION) * RESOLUTION;
  }

  /** Without a rate for each container there is none for the pod. */
  #sample(pod: Pod, timestamp: number): PodSample | undefined {
    if (isTerminal(pod) || !pod.spec?.nodeName || isNodeOff(this.#store, pod.spec.nodeName)) return undefined;
    const called = this.#calledBy(pod);
    const containers = new Map<string, ContainerUsage>();
    for (const container of lasting(pod)) {
      const since = Date.parse(statusOf(pod, container.name)?.state?.running?.startedAt ?? '');
      if (!(since <= timestamp - RESOLUTION)) return undefined;
      const wave = waveOf(`${pod.metadata.uid} ${container.name} ${timestamp}`);
      containers.set(container.name, usageOf(container, called * costOfCaller(container), wave));
    }
    return { timestamp, window: RESOLUTION, containers };
  }

  /** How many callers' worth of calls reach this pod: those of its Services, shared with the other ready backends. */
  #calledBy(pod: Pod): number {
    const { namespace = '', uid } = pod.metadata;
    let share = 0;
    for (const slice of this.#store.list<EndpointSlice>('endpointslices.discovery.k8s.io', namespace)) {
      const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready === true);
      if (!ready.some(({ targetRef }) => targetRef?.uid === uid)) continue;
      const service = slice.metadata.labels?.['kubernetes.io/service-name'] ?? '';
      const found = this.#store.get<Service>('services', namespace, service);
      if (found) share += this.#callersOf(found) / ready.length;
    }
    return share;
  }

  #callersOf({ metadata, spec }: Service): number {
    const namespace = metadata.namespace ?? '';
    let callers = 0;
    for (const pod of this.#store.list<Pod>('pods')) {
      if (pod.status?.phase !== 'Running') continue;
      const names = new Set([
        ...(pod.metadata.namespace === namespace ? [metadata.name] : []),
        `${metadata.name}.${namespace}`,
        `${metadata.name}.${namespace}.svc`,
        `${metadata.name}.${namespace}.svc.cluster.local`,
        spec?.clusterIP ?? '',
      ]);
      for (const container of pod.spec?.containers ?? []) {
        if (statusOf(pod, container.name)?.state?.running === undefined) continue;
        if (calledInLoops(container).some((host) => names.has(host))) callers++;
      }
    }
    return callers;
  }
}
