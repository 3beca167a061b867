/** The names of a cluster, as CoreDNS' kubernetes plugin answers them (Kubernetes' DNS specification 1.1.0). */
import type { EndpointSlice, Namespace, Service } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';

export const CLUSTER_DOMAIN = 'cluster.local';
const SERVICE_LABEL = 'kubernetes.io/service-name';
/** Seconds; the Corefile of kubeadm says so. */
const TTL = 30;
const SCHEMA_VERSION = '1.1.0';

export type QueryType = 'A' | 'AAAA' | 'SRV' | 'PTR' | 'CNAME' | 'TXT' | 'ANY';
export type DnsRecord = { name: string; ttl: number } & (
  | { type: 'A' | 'CNAME' | 'PTR' | 'TXT'; data: string }
  | { type: 'SRV'; priority: number; weight: number; port: number; target: string }
);
export interface Answer {
  code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  records: DnsRecord[];
}

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

const NOT_FOUND: Answer = { code: 'NXDOMAIN', records: [] };
const EMPTY: Answer = { code: 'NOERROR', records: [] };

interface Endpoint {
  /** Its own name under the Service's: its host name, or its address with dashes. */
  label: string;
  address: string;
  ports: NonNullable<EndpointSlice['ports']>;
}

function endpointsOf(store: Reader, service: Service): Endpoint[] {
  return store
    .list<EndpointSlice>('endpointslices.discovery.k8s.io', service.metadata.namespace)
    .filter(({ metadata }) => metadata.labels?.[SERVICE_LABEL] === service.metadata.name)
    .flatMap(({ endpoints, ports }) =>
      (endpoints ?? [])
        .filter(({ conditions }) => conditions?.ready !== false)
        .flatMap(({ addresses, hostname }) =>
          addresses.map((address) => ({
            label: hostname ?? address.replaceAll('.', '-'),
            address,
            ports: ports ?? [],
          })),
        ),
    );
}

const answered = (records: DnsRecord[], type: QueryType): Answer => ({
  code: 'NOERROR',
  records: records.filter((record) => type === 'ANY' || record.type === type || record.type === 'CNAME'),
});
const a = (name: string, data: string): DnsRecord => ({ name, ttl: TTL, type: 'A', data });
const srv = (name: string, port: number, target: string, share: number): DnsRecord => ({
  name,
  ttl: TTL,
  type: 'SRV',
  priority: 0,
  weight: Math.floor(100 / share),
  port,
  target,
});

/** `_http._tcp.web.shop.svc.cluster.local`: each port by name and protocol; without them all ports. */
function serviceRecords(store: Reader, service: Service, name: string, ports: readonly ServicePort[]): DnsRecord[] {
  const { spec, metadata } = service;
  const host = `${metadata.name}.${metadata.namespace}.svc.${CLUSTER_DOMAIN}`;
  if (spec?.clusterIP !== 'None') {
    const address = spec?.clusterIP ?? '';
    return [a(name, address), ...ports.map((port) => srv(name, port.port, host, ports.length))];
  }
  return endpointsOf(store, service).flatMap((endpoint) => [
    a(name, endpoint.address),
    ...endpoint.ports
      .filter((port) => ports.some((one) => (one.name ?? '') === (port.name ?? '')))
      .map((port) => srv(name, port.port ?? 0, `${endpoint.label}.${host}`, 1)),
  ]);
}

function inServices(store: Reader, labels: readonly string[], name: string, type: QueryType): Answer {
  const [namespace, serviceName, ...rest] = labels.toReversed();
  if (namespace === undefined) return EMPTY;
  if (!store.get<Namespace>('namespaces', '', namespace)) return NOT_FOUND;
  if (serviceName === undefined) return EMPTY;
  const service = store.get<Service>('services', namespace, serviceName);
  if (!service) return NOT_FOUND;
  const { spec } = service;
  if (spec?.type === 'ExternalName') {
    if (rest.length > 0) return NOT_FOUND;
    return answered([{ name, ttl: TTL, type: 'CNAME', data: spec.externalName ?? '' }], type);
  }
  const all = spec?.ports ?? [];
  const [first, second] = rest;
  if (first === undefined) {
    const records = serviceRecords(store, service, name, all);
    return records.length === 0 ? NOT_FOUND : answered(records, type);
  }
  if (second !== undefined && first.startsWith('_') && second.startsWith('_')) {
    const [protocol, port] = [first.slice(1), second.slice(1)];
    const ports = all.filter(
      (one) => (one.name ?? '') === port && (one.protocol ?? 'TCP').toLowerCase() === protocol.toLowerCase(),
    );
    const records = ports.length === 0 ? [] : serviceRecords(store, service, name, ports);
    return records.length === 0 ? NOT_FOUND : answered(records, type);
  }
  if (second !== undefined || spec?.clusterIP !== 'None') return NOT_FOUND;
  const endpoints = endpointsOf(store, service).filter(({ label }) => label === first);
  if (endpoints.length === 0) return NOT_FOUND;
  return answered(
    endpoints.map(({ address }) => a(name, address)),
    type,
  );
}

/** `10-244-1-7.shop.pod.cluster.local`: any address in a namespace that exists (the Corefile says `pods insecure`). */
function inPods(store: Reader, labels: readonly string[], name: string, type: QueryType): Answer {
  const [namespace, dashed, more] = labels.toReversed();
  if (namespace === undefined) return EMPTY;
  if (!store.get<Namespace>('namespaces', '', namespace)) return NOT_FOUND;
  if (dashed === undefined) return EMPTY;
  if (more !== undefined || !/^\d{1,3}(-\d{1,3}){3}$/.test(dashed)) return NOT_FOUND;
  return answered([a(name, dashed.replaceAll('-', '.'))], type);
}

/** `1.0.96.10.in-addr.arpa`: a Service's address, or an endpoint of a headless one. */
function reverse(store: Reader, name: string): Answer | undefined {
  const address = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name)?.slice(1).toReversed().join('.');
  if (address === undefined) return undefined;
  const ptr = (data: string): Answer => ({ code: 'NOERROR', records: [{ name, ttl: TTL, type: 'PTR', data }] });
  for (const service of store.list<Service>('services')) {
    const { metadata, spec } = service;
    const host = `${metadata.name}.${metadata.namespace}.svc.${CLUSTER_DOMAIN}`;
    if (spec?.clusterIP === address) return ptr(host);
    if (spec?.clusterIP !== 'None') continue;
    const endpoint = endpointsOf(store, service).find((one) => one.address === address);
    if (endpoint) return ptr(`${endpoint.label}.${host}`);
  }
  return undefined;
}

/** undefined: not a name of the cluster's, to be asked elsewhere. Names have no dot at the end and are compared without case. */
export function zoneAnswer(store: Reader, asked: string, type: QueryType): Answer | undefined {
  const name = asked.toLowerCase().replace(/\.$/, '');
  if (name.endsWith('.in-addr.arpa')) return reverse(store, name);
  if (name !== CLUSTER_DOMAIN && !name.endsWith(`.${CLUSTER_DOMAIN}`)) return undefined;
  const labels = name.slice(0, -CLUSTER_DOMAIN.length - 1).split('.');
  const zone = labels.pop() ?? '';
  if (zone === '') return EMPTY;
  if (zone === 'svc') return inServices(store, labels, name, type);
  if (zone === 'pod') return inPods(store, labels, name, type);
  if (zone === 'dns-version' && labels.length === 0) {
    return answered([{ name, ttl: TTL, type: 'TXT', data: SCHEMA_VERSION }], type);
  }
  return NOT_FOUND;
}
