/** The names of a cluster, as CoreDNS' kubernetes plugin answers them (Kubernetes' DNS specification 1.1.0). */
import type { EndpointSlice, Namespace, Pod, Service } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import { isAddress6, type Answer, type DnsRecord, type QueryType } from './record.ts';
import { addressOfReverseName } from './reverse.ts';

export const CLUSTER_DOMAIN = 'cluster.local';
const SERVICE_LABEL = 'kubernetes.io/service-name';
const SCHEMA_VERSION = '1.1.0';

/** What the plugin's block says. */
export interface ZoneOptions {
  /** `cluster.local` */
  domain: string;
  pods: 'disabled' | 'insecure' | 'verified';
  /** Seconds. */
  ttl: number;
  /** Empty: all. */
  namespaces: readonly string[];
  /** Endpoints without a host name are called as their pods. */
  endpointPodNames: boolean;
}
export const ZONE_DEFAULTS: ZoneOptions = {
  domain: CLUSTER_DOMAIN,
  pods: 'insecure',
  ttl: 30,
  namespaces: [],
  endpointPodNames: false,
};

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

const NOT_FOUND: Answer = { code: 'NXDOMAIN', records: [] };
const EMPTY: Answer = { code: 'NOERROR', records: [] };

interface Endpoint {
  /** Its own name under the Service's: its host name, or its address with dashes. */
  label: string;
  address: string;
  ports: NonNullable<EndpointSlice['ports']>;
}

const dashed = (address: string): string => address.replaceAll(/[.:]/g, '-');

/** One question: where the answer is looked for, and by which rules. */
class Zone {
  readonly #store: Reader;
  readonly #options: ZoneOptions;
  readonly #name: string;
  readonly #type: QueryType;

  constructor(store: Reader, options: ZoneOptions, name: string, type: QueryType) {
    this.#store = store;
    this.#options = options;
    this.#name = name;
    this.#type = type;
  }

  #endpointsOf(service: Service): Endpoint[] {
    const { endpointPodNames } = this.#options;
    return this.#store
      .list<EndpointSlice>('endpointslices.discovery.k8s.io', service.metadata.namespace)
      .filter(({ metadata }) => metadata.labels?.[SERVICE_LABEL] === service.metadata.name)
      .flatMap(({ endpoints, ports }) =>
        (endpoints ?? [])
          .filter(({ conditions }) => conditions?.ready !== false)
          .flatMap(({ addresses, hostname, targetRef }) =>
            addresses.map((address) => ({
              label:
                hostname ??
                (endpointPodNames && targetRef?.name !== undefined && !targetRef.name.includes('.')
                  ? targetRef.name
                  : dashed(address)),
              address,
              ports: ports ?? [],
            })),
          ),
      );
  }

  #exposed(namespace: string): boolean {
    const { namespaces } = this.#options;
    return (
      (namespaces.length === 0 || namespaces.includes(namespace)) &&
      this.#store.get<Namespace>('namespaces', '', namespace) !== undefined
    );
  }

  #answered(records: DnsRecord[]): Answer {
    const type = this.#type;
    return {
      code: 'NOERROR',
      records: records.filter((record) => type === 'ANY' || record.type === type || record.type === 'CNAME'),
    };
  }
  #address(data: string): DnsRecord {
    return { name: this.#name, ttl: this.#options.ttl, type: isAddress6(data) ? 'AAAA' : 'A', data };
  }
  #srv(port: number, target: string, share: number): DnsRecord {
    const { ttl } = this.#options;
    return { name: this.#name, ttl, type: 'SRV', priority: 0, weight: Math.floor(100 / share), port, target };
  }
  #hostOf({ metadata }: Service): string {
    return `${metadata.name}.${metadata.namespace}.svc.${this.#options.domain}`;
  }

  /** `_http._tcp.web.shop.svc.cluster.local`: each port by name and protocol; without them all ports. */
  #serviceRecords(service: Service, ports: readonly ServicePort[]): DnsRecord[] {
    const { spec } = service;
    const host = this.#hostOf(service);
    if (spec?.clusterIP !== 'None') {
      const addresses = spec?.clusterIPs ?? (spec?.clusterIP ? [spec.clusterIP] : []);
      return [
        ...addresses.map((address) => this.#address(address)),
        ...ports.map((port) => this.#srv(port.port, host, ports.length)),
      ];
    }
    const endpoints = this.#endpointsOf(service);
    const share = Math.max(1, endpoints.length * Math.max(1, ports.length));
    return endpoints.flatMap((endpoint) => [
      this.#address(endpoint.address),
      ...endpoint.ports
        .filter((port) => ports.some((one) => (one.name ?? '') === (port.name ?? '')))
        .map((port) => this.#srv(port.port ?? 0, `${endpoint.label}.${host}`, share)),
    ]);
  }

  inServices(labels: readonly string[]): Answer {
    const [namespace, serviceName, ...rest] = labels.toReversed();
    if (namespace === undefined) return EMPTY;
    if (!this.#exposed(namespace)) return NOT_FOUND;
    if (serviceName === undefined) return EMPTY;
    const service = this.#store.get<Service>('services', namespace, serviceName);
    if (!service) return NOT_FOUND;
    const { spec } = service;
    if (spec?.type === 'ExternalName') {
      if (rest.length > 0) return NOT_FOUND;
      const data = (spec.externalName ?? '').replace(/\.$/, '');
      return this.#answered([{ name: this.#name, ttl: this.#options.ttl, type: 'CNAME', data }]);
    }
    const all = spec?.ports ?? [];
    const [first, second, third] = rest;
    if (first === undefined) {
      const records = this.#serviceRecords(service, all);
      return records.length === 0 ? NOT_FOUND : this.#answered(records);
    }
    if (second !== undefined && third === undefined && first.startsWith('_') && second.startsWith('_')) {
      const [protocol, port] = [first.slice(1), second.slice(1)];
      const ports = all.filter(
        (one) => (one.name ?? '') === port && (one.protocol ?? 'TCP').toLowerCase() === protocol.toLowerCase(),
      );
      const records = ports.length === 0 ? [] : this.#serviceRecords(service, ports);
      return records.length === 0 ? NOT_FOUND : this.#answered(records);
    }
    if (second !== undefined) return NOT_FOUND;
    // each endpoint has a name of its own, behind a Service with an address too
    const endpoints = this.#endpointsOf(service).filter(({ label }) => label === first);
    if (endpoints.length === 0) return NOT_FOUND;
    return this.#answered(endpoints.map(({ address }) => this.#address(address)));
  }

  /** `10-244-1-7.shop.pod.cluster.local`: any address in a namespace that exists, or only those of pods. */
  inPods(labels: readonly string[]): Answer {
    const { pods } = this.#options;
    if (pods === 'disabled') return NOT_FOUND;
    const [namespace, label, more] = labels.toReversed();
    if (namespace === undefined) return EMPTY;
    if (!this.#exposed(namespace)) return NOT_FOUND;
    if (label === undefined) return EMPTY;
    if (more !== undefined || !/^\d{1,3}(-\d{1,3}){3}$/.test(label)) return NOT_FOUND;
    const address = label.replaceAll('-', '.');
    const isPod = () => this.#store.list<Pod>('pods', namespace).some(({ status }) => status?.podIP === address);
    return pods === 'insecure' || isPod() ? this.#answered([this.#address(address)]) : NOT_FOUND;
  }

  version(): Answer {
    return this.#answered([{ name: this.#name, ttl: this.#options.ttl, type: 'TXT', data: SCHEMA_VERSION }]);
  }

  /** A Service's address, or an endpoint's that has a name of its own. undefined: nobody's. */
  reverse(address: string): Answer | undefined {
    const ptr = (data: string): Answer =>
      this.#answered([{ name: this.#name, ttl: this.#options.ttl, type: 'PTR', data }]);
    const services = this.#store
      .list<Service>('services')
      .filter(({ metadata }) => this.#exposed(metadata.namespace ?? ''));
    const own = services.find(({ spec }) => (spec?.clusterIPs ?? [spec?.clusterIP]).includes(address));
    if (own) return ptr(this.#hostOf(own));
    for (const service of services) {
      const endpoint = this.#endpointsOf(service).find((one) => one.address === address);
      if (endpoint) return ptr(`${endpoint.label}.${this.#hostOf(service)}`);
    }
    return undefined;
  }
}

/** undefined: not a name of the cluster's, to be asked elsewhere. Names have no dot at the end and are compared without case. */
export function zoneAnswer(
  store: Reader,
  asked: string,
  type: QueryType,
  options: ZoneOptions = ZONE_DEFAULTS,
): Answer | undefined {
  const { domain } = options;
  const name = asked.toLowerCase().replace(/\.$/, '');
  const zone = new Zone(store, options, name, type);
  const reversed = addressOfReverseName(name);
  if (reversed !== undefined) return zone.reverse(reversed);
  if (name !== domain && !name.endsWith(`.${domain}`)) return undefined;
  const labels = name.slice(0, -domain.length - 1).split('.');
  const kind = labels.pop() ?? '';
  if (kind === '') return EMPTY;
  if (kind === 'svc') return zone.inServices(labels);
  if (kind === 'pod') return zone.inPods(labels);
  if (kind === 'dns-version' && labels.length === 0) return zone.version();
  return NOT_FOUND;
}
