/** Names as a container resolves them: its /etc/resolv.conf, the search list, and name servers, which must be there and reachable. */
import type { Pod } from '../../api/types.ts';
import { inCidr } from '../address.ts';
import { connect, type NetworkContext, type Source } from '../connect.ts';
import { DEFAULT_COREFILE } from './corefile.ts';
import type { Answer, QueryType } from './record.ts';
import { answer, type Question } from './server.ts';
import { CLUSTER_DOMAIN } from './zone.ts';

/** What the kubelets are configured with: --cluster-dns is the kube-dns Service's address. */
const CLUSTER_DNS = '10.96.0.10';
const DNS_PORT = 53;
/** What the nodes themselves ask: the first is outside of any cluster range. */
const NODE_NAMESERVERS = ['172.30.0.1'];
const DEFAULT_NDOTS = 1;
/** Servers that ask each other are given up after this many. */
const MAX_FORWARDS = 4;
/** Where no public name server can be. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8'];

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
    nameservers: [...new Set([...base.nameservers, ...(dnsConfig?.nameservers ?? [])])].slice(0, 3),
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

/** The file as a resolver reads it: the last `search` holds. */
export function readResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = { search: [], nameservers: [], options: [] };
  for (const line of text.split('\n')) {
    const [key, ...words] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (key === 'search' || key === 'domain') conf.search = words;
    if (key === 'nameserver' && words[0]) conf.nameservers.push(words[0]);
    if (key === 'options') {
      for (const word of words) {
        const [name = '', value] = word.split(':');
        conf.options.push(value === undefined ? { name } : { name, value });
      }
    }
  }
  return conf;
}

/** The names that a resolver tries for one that was typed, in order. */
export function candidates(typed: string, { search, options }: ResolvConf): string[] {
  if (typed.endsWith('.')) return [typed.slice(0, -1)];
  const ndots = Number(options.find(({ name }) => name === 'ndots')?.value ?? DEFAULT_NDOTS);
  const searched = search.map((suffix) => `${typed}.${suffix.replace(/\.$/, '')}`);
  const dots = typed.split('.').length - 1;
  return dots >= ndots ? [typed, ...searched] : [...searched, typed];
}

export type Reply =
  | Answer
  /** Nobody answers. */
  | { code: 'TIMEOUT'; records: [] }
  /** Nothing listens there, and that is said at once. */
  | { code: 'UNREACHED'; records: [] };
export type Lookup = Reply & {
  /** The name that was found, or the last one tried. */
  name: string;
  /** The server that answered, or did not. */
  server: string;
};

/** One question to one server, whose answer needs a server that runs and a network that lets both through. */
export function ask(source: Source, server: string, question: Question, context: NetworkContext, depth = 0): Reply {
  const [address = '', port] = server.includes('.') ? server.split(':') : [server];
  const to = { address, port: Number(port ?? DNS_PORT), protocol: 'UDP' as const };
  const reached = connect(source, to, context);
  if (reached.kind === 'outside') {
    // there is no world outside of the cluster: public servers, and the nodes' own, know no name
    const isPublic = NODE_NAMESERVERS.includes(address) || !PRIVATE.some((range) => inCidr(address, range));
    return isPublic ? { code: 'NXDOMAIN', records: [] } : { code: 'TIMEOUT', records: [] };
  }
  if (reached.kind === 'refused') return { code: 'UNREACHED', records: [] };
  if (reached.kind !== 'connected' || !('pod' in reached) || depth > MAX_FORWARDS) {
    return { code: 'TIMEOUT', records: [] };
  }
  const { pod } = reached;
  const corefile = context.listeners.corefile ? context.listeners.corefile(pod, reached.port) : DEFAULT_COREFILE;
  if (!corefile) return { code: 'TIMEOUT', records: [] };
  const { readFile } = context.listeners;
  return answer(corefile, question, {
    store: context.store,
    own: resolvConfOf(pod).nameservers,
    ...(readFile ? { readFile: (path: string) => readFile(pod, path) } : {}),
    forward: (next, asked) => {
      const reply = ask({ pod }, next, asked, context, depth + 1);
      return reply.code === 'TIMEOUT' || reply.code === 'UNREACHED' ? undefined : reply;
    },
  });
}

/** Resolves a name as the C library in a container would: the first candidate that has such a record, at the first server that answers. */
export function lookup(
  conf: ResolvConf,
  typed: string,
  type: QueryType,
  askServer: (server: string, question: Question) => Reply,
): Lookup {
  let last: Lookup = { code: 'TIMEOUT', records: [], name: typed, server: conf.nameservers[0] ?? '' };
  for (const name of candidates(typed, conf)) {
    for (const server of conf.nameservers) {
      last = { ...askServer(server, { name: name.toLowerCase(), type }), name, server };
      if (last.code !== 'TIMEOUT' && last.code !== 'UNREACHED') break;
    }
    if (last.code === 'TIMEOUT' || last.code === 'UNREACHED' || last.records.length > 0) return last;
  }
  return last;
}
