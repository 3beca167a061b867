/** A small cluster for the tests of the network: two nodes, pods and Services by a line each. */
import type { EndpointSlice, KubeObject, Namespace, NetworkPolicy, Node, Pod, Service } from '../api/types.ts';
import type { Random } from '../store/client.ts';
import { Store } from '../store/store.ts';
import type { Listeners, NetworkContext } from './connect.ts';

type Labels = Record<string, string>;

const node = (name: string, position: number): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: { podCIDR: `10.244.${position}.0/24` },
  status: { addresses: [{ type: 'InternalIP', address: `172.30.${position}.2` }] },
});

export interface PodOptions {
  labels?: Labels;
  node?: string;
  /** Where it listens, over TCP. */
  ports?: { name?: string; containerPort: number; hostPort?: number; protocol?: string }[];
  spec?: Partial<NonNullable<Pod['spec']>>;
}

export class TestNetwork {
  readonly store = new Store();
  readonly listening = new Set<string>();

  constructor() {
    this.put('nodes', node('node01', 1));
    this.put('nodes', node('node02', 2));
  }

  put<T extends KubeObject>(resource: string, object: T): T {
    return this.store.put(resource, object) as T;
  }

  namespace(name: string, labels: Labels = {}): void {
    const metadata = { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } };
    this.put<Namespace>('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
  }

  /** A running pod at `address` that listens on all its ports. */
  pod(key: string, address: string, { labels = {}, node: on = 'node01', ports = [], spec = {} }: PodOptions = {}): Pod {
    const [namespace = '', name = ''] = key.split('/');
    for (const port of ports) this.listening.add(`${key} ${port.containerPort} ${port.protocol ?? 'TCP'}`);
    return this.put<Pod>('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name, uid: key, labels },
      spec: { nodeName: on, containers: [{ name: 'main', ports }], ...spec },
      status: { phase: 'Running', podIP: address, hostIP: on === 'node01' ? '172.30.1.2' : '172.30.2.2' },
    });
  }

  service(key: string, spec: NonNullable<Service['spec']>): void {
    const [namespace = '', name = ''] = key.split('/');
    this.put<Service>('services', { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec });
  }

  /** Endpoints of a Service, as the controllers would write them. */
  endpoints(key: string, ports: EndpointSlice['ports'], endpoints: EndpointSlice['endpoints']): void {
    const [namespace = '', name = ''] = key.split('/');
    this.put<EndpointSlice>('endpointslices.discovery.k8s.io', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace, name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints,
      ports,
    });
  }

  policy(key: string, spec: NonNullable<NetworkPolicy['spec']>): void {
    const [namespace = '', name = ''] = key.split('/');
    this.put<NetworkPolicy>('networkpolicies.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace, name },
      spec,
    });
  }

  get context(): NetworkContext {
    const listeners: Listeners = {
      pod: ({ metadata }, port, protocol) =>
        this.listening.has(`${metadata.namespace}/${metadata.name} ${port} ${protocol}`),
      node: (_node, port) => port === 10250,
    };
    const random: Random = { next: () => 0, suffix: () => 'abcde', uuid: () => 'uuid' };
    return { store: this.store, random, listeners };
  }
}
