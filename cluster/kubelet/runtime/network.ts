/** Names and connections inside the cluster, out of what its objects say. */
import type { EndpointSlice, Pod, Service } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import type { Dialled, Network, Server } from '../shell/box.ts';
import { mute } from './servers.ts';

export interface Listening {
  /** Who listens in the pod on that port. */
  serverOf(uid: string, port: number): Server | undefined;
}

const isAddress = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host);

export function endpointsOf(
  store: Reader,
  service: Service,
  portName: string | undefined,
): { address: string; port: number }[] {
  return store
    .list<EndpointSlice>('endpointslices.discovery.k8s.io', service.metadata.namespace ?? '')
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name)
    .flatMap((slice) => {
      const port = slice.ports?.find((one) => (one.name ?? '') === (portName ?? ''))?.port;
      return (slice.endpoints ?? [])
        .filter((endpoint) => endpoint.conditions?.ready !== false)
        .flatMap((endpoint) => (port === undefined ? [] : endpoint.addresses.map((address) => ({ address, port }))));
    });
}

export class PodNetwork implements Network {
  readonly #store: Reader;
  readonly #listening: Listening;
  readonly #pod: Pod;
  readonly address: string;
  readonly #random: () => number;

  constructor(store: Reader, listening: Listening, pod: Pod, address: string, random: () => number) {
    this.#store = store;
    this.#listening = listening;
    this.#pod = pod;
    this.address = address;
    this.#random = random;
  }

  get nameServer(): string {
    return this.#store.get<Service>('services', 'kube-system', 'kube-dns')?.spec?.clusterIP ?? '10.96.0.10';
  }

  lookUp(name: string): { fullName: string; addresses: readonly string[] } | undefined {
    const host = name.replace(/\.$/, '').toLowerCase();
    if (isAddress(host)) return { fullName: host, addresses: [host] };
    if (host === 'localhost') return { fullName: 'localhost', addresses: ['127.0.0.1'] };
    if (host === this.#pod.metadata.name) return { fullName: host, addresses: [this.address] };
    for (const { ip = '', hostnames = [] } of this.#pod.spec?.hostAliases ?? [])
      if (hostnames.includes(host)) return { fullName: host, addresses: [ip] };
    const own = this.#pod.metadata.namespace ?? '';
    const labels = host.replace(/\.cluster\.local$/, '').split('.');
    const kind = labels.at(-1) === 'svc' || labels.at(-1) === 'pod' ? labels.pop() : undefined;
    if (kind === 'pod' && labels.length === 2) {
      const address = (labels[0] ?? '').replace(/-/g, '.');
      return isAddress(address)
        ? { fullName: `${labels.join('.')}.pod.cluster.local`, addresses: [address] }
        : undefined;
    }
    const candidates: [string, string, string?][] = [];
    if (kind === 'svc') {
      if (labels.length === 2) candidates.push([labels[0] ?? '', labels[1] ?? '']);
      if (labels.length === 3) candidates.push([labels[1] ?? '', labels[2] ?? '', labels[0]]);
      if (labels.length === 1) return undefined;
    } else {
      if (labels.length === 1) candidates.push([labels[0] ?? '', own]);
      if (labels.length === 2) candidates.push([labels[0] ?? '', labels[1] ?? ''], [labels[1] ?? '', own, labels[0]]);
      if (labels.length === 3) candidates.push([labels[1] ?? '', labels[2] ?? '', labels[0]]);
    }
    for (const [service, namespace, member] of candidates) {
      const found = this.#service(service, namespace, member);
      if (found !== undefined) return found;
    }
    // names outside the cluster are taken to exist, except under the cluster's own domain
    const outside =
      kind === undefined &&
      labels.length > 1 &&
      !host.endsWith('.local') &&
      this.#store.get('namespaces', '', labels.at(-1) ?? '') === undefined;
    return outside ? { fullName: host, addresses: ['203.0.113.10'] } : undefined;
  }
  #service(
    name: string,
    namespace: string,
    member?: string,
  ): { fullName: string; addresses: readonly string[] } | undefined {
    const service = this.#store.get<Service>('services', namespace, name);
    if (service === undefined) return undefined;
    const domain = `${name}.${namespace}.svc.cluster.local`;
    const { clusterIP = '', externalName, type } = service.spec ?? {};
    if (member !== undefined) {
      const pod = this.#store
        .list<Pod>('pods', namespace)
        .find((one) => (one.spec?.hostname ?? '') === member && one.spec?.subdomain === name);
      const address = pod?.status?.podIP;
      return address === undefined ? undefined : { fullName: `${member}.${domain}`, addresses: [address] };
    }
    if (type === 'ExternalName') return { fullName: externalName ?? '', addresses: ['203.0.113.10'] };
    if (clusterIP !== 'None') return { fullName: domain, addresses: [clusterIP] };
    const addresses = [
      ...new Set(
        this.#store
          .list<EndpointSlice>('endpointslices.discovery.k8s.io', namespace)
          .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name)
          .flatMap((slice) =>
            (slice.endpoints ?? []).filter((one) => one.conditions?.ready !== false).flatMap((one) => one.addresses),
          ),
      ),
    ];
    return addresses.length === 0 ? undefined : { fullName: domain, addresses };
  }

  dial(address: string, port: number): Dialled {
    if (address === '127.0.0.1' || address === this.address || address.startsWith('127.'))
      return this.#pods([this.#pod], address, port);
    const services = this.#store.list<Service>('services');
    const service = services.find((one) => one.spec?.clusterIP === address);
    if (service !== undefined) return this.#through(service, address, (one) => one.port === port);
    const pods = this.#store
      .list<Pod>('pods')
      .filter((pod) => pod.status?.podIP === address && pod.status.phase === 'Running');
    if (pods.length > 0 && port !== 0) {
      const direct = this.#pods(pods, address, port);
      if (direct.kind === 'open') return direct;
    }
    const isNode = this.#store
      .list<{
        kind: string;
        apiVersion: string;
        metadata: { name: string };
        status?: { addresses?: { address: string }[] };
      }>('nodes')
      .some((node) => node.status?.addresses?.some((one) => one.address === address));
    if (isNode) {
      const exposed = services.find((one) => one.spec?.ports?.some((each) => each.nodePort === port));
      return exposed === undefined
        ? { kind: 'refused', address }
        : this.#through(exposed, address, (one) => one.nodePort === port);
    }
    return pods.length > 0 ? { kind: 'refused', address } : { kind: 'silent', address };
  }
  #through(service: Service, address: string, wanted: (port: { port: number; nodePort?: number }) => boolean): Dialled {
    const port = service.spec?.ports?.find(wanted);
    if (port === undefined) return { kind: 'silent', address };
    const backends = endpointsOf(this.#store, service, port.name);
    const chosen = backends[Math.floor(this.#random() * backends.length)];
    if (chosen === undefined) return { kind: 'refused', address };
    const pods = this.#store.list<Pod>('pods').filter((pod) => pod.status?.podIP === chosen.address);
    if (pods.length === 0)
      return service.metadata.name === 'kubernetes'
        ? { kind: 'open', address, peer: mute('') }
        : { kind: 'silent', address };
    return this.#pods(pods, address, chosen.port);
  }
  #pods(pods: readonly Pod[], address: string, port: number): Dialled {
    for (const pod of pods) {
      const server = this.#listening.serverOf(pod.metadata.uid ?? '', port);
      if (server !== undefined) return { kind: 'open', address, peer: server(this.address) };
    }
    return { kind: 'refused', address };
  }
}
