/** Names as a container resolves them: its /etc/resolv.conf, the search list, and the cluster's DNS server, which must be there and reachable. */
import type { Pod, Service } from '../../api/types.ts';
import { connect, type NetworkContext } from '../connect.ts';
import { CLUSTER_DOMAIN, zoneAnswer, type Answer, type DnsRecord, type QueryType } from './zone.ts';

/** What the kubelets are configured with: --cluster-dns is the kube-dns Service's address. */
const CLUSTER_DNS = '10.96.0.10';
const DNS_PORT = 53;
/** What the nodes themselves ask: the first is outside of any cluster range. */
const NODE_NAMESERVERS = ['172.30.0.1'];
const DEFAULT_NDOTS = 1;
/** A chain of names that point at each other is given up after this many. */
const MAX_CNAMES = 8;

export interface ResolvConf {
  search: string[];
  nameservers: string[];
  options: { name: string; value?: string }[];
}

/** What the kubelet writes for a pod, by its dnsPolicy and dnsConfig. */
export function resolvConfOf(pod: Pod): ResolvConf {
  const { dnsPolicy = 'ClusterFirst', hostNetwork = false, dnsConfig } = pod.spec ?? {};
  const byCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  const base: ResolvConf = byCluster
    ? {
        search: [`${pod.metadata.namespace}.svc.${CLUSTER_DOMAIN}`, `svc.${CLUSTER_DOMAIN}`, CLUSTER_DOMAIN],
        nameservers: [CLUSTER_DNS],
        options: [{ name: 'ndots', value: '5' }],
      }
    : { search: [], nameservers: dnsPolicy === 'None' ? [] : NODE_NAMESERVERS, options: [] };
  const options = new Map(base.options.map(({ name, value }) => [name, value]));
  for (const { name = '', value } of dnsConfig?.options ?? []) options.set(name, value);
  return {
    search: [...new Set([...base.search, ...(dnsConfig?.searches ?? [])])],
    nameservers: [...new Set([...base.nameservers, ...(dnsConfig?.nameservers ?? [])])],
    options: [...options].map(([name, value]) => (value === undefined ? { name } : { name, value })),
  };
}

export function resolvConfText({ search, nameservers, options }: ResolvConf): string {
  const written = options.map(({ name, value }) => (value === undefined ? name : `${name}:${value}`));
  return [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(written.length > 0 ? [`options ${written.join(' ')}`] : []),
    '',
  ].join('\n');
}

export type Lookup = (Answer | { code: 'TIMEOUT'; records: [] }) & {
  /** The name that was found, or the last one tried. */
  name: string;
  /** The server that answered, or did not. */
  server: string;
};

const isDnsService = ({ spec }: Service): boolean => spec?.clusterIP === CLUSTER_DNS;

/** One question to one server, whose answer needs a server that runs and a network that lets both through. */
function ask(pod: Pod, server: string, name: string, type: QueryType, context: NetworkContext): Lookup {
  const { store } = context;
  const to = { address: server, port: DNS_PORT, protocol: 'UDP' as const };
  const reached = connect({ pod }, to, context);
  // the nodes' own servers know no name of the cluster's, and there is no world outside of it
  if (reached.kind === 'outside') {
    return NODE_NAMESERVERS.includes(server)
      ? { code: 'NXDOMAIN', records: [], name, server }
      : { code: 'TIMEOUT', records: [], name, server };
  }
  const isCluster = store.list<Service>('services').some((service) => isDnsService(service)) || server !== CLUSTER_DNS;
  if (reached.kind !== 'connected' || !isCluster) return { code: 'TIMEOUT', records: [], name, server };
  const records: DnsRecord[] = [];
  let next = name;
  for (let links = 0; links < MAX_CNAMES; links++) {
    const answer = zoneAnswer(store, next, type);
    // CoreDNS forwards what is not its own, and nobody is there to answer it
    if (!answer)
      return records.length > 0
        ? { code: 'NOERROR', records, name, server }
        : { code: 'NXDOMAIN', records: [], name, server };
    records.push(...answer.records);
    const last = answer.records.at(-1);
    if (last?.type !== 'CNAME' || type === 'CNAME') return { code: answer.code, records, name, server };
    next = last.data;
  }
  return { code: 'SERVFAIL', records: [], name, server };
}

/** The names that a resolver tries for one that was typed, in order. */
export function candidates(typed: string, { search, options }: ResolvConf): string[] {
  if (typed.endsWith('.')) return [typed.slice(0, -1)];
  const ndots = Number(options.find(({ name }) => name === 'ndots')?.value ?? DEFAULT_NDOTS);
  const searched = search.map((suffix) => `${typed}.${suffix}`);
  const dots = typed.split('.').length - 1;
  return dots >= ndots ? [typed, ...searched] : [...searched, typed];
}

/** Resolves a name as the C library in the pod's containers would: the first candidate that exists. */
export function lookup(pod: Pod, typed: string, type: QueryType, context: NetworkContext): Lookup {
  const conf = resolvConfOf(pod);
  const [server] = conf.nameservers;
  if (server === undefined) return { code: 'TIMEOUT', records: [], name: typed, server: '' };
  let last: Lookup = { code: 'NXDOMAIN', records: [], name: typed, server };
  for (const name of candidates(typed, conf)) {
    last = ask(pod, server, name, type, context);
    if (last.code === 'TIMEOUT' || last.records.length > 0) return last;
  }
  return last;
}
