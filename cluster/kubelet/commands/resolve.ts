/** Names as the C library resolves them: addresses, /etc/hosts, then DNS. */
import { isIP } from 'node:net';
import { lookup, readResolvConf, type Lookup, type ResolvConf } from '../../network/dns/resolver.ts';
import type { QueryType } from '../../network/dns/record.ts';
import { FileError } from '../files/file-view.ts';
import { untilTime, type Wait } from '../shell/coroutine.ts';
import type { Box } from '../shell/box.ts';
import type { Tool } from './tool.ts';

export type Resolved =
  | { kind: 'found'; fullName: string; addresses: readonly string[] }
  | { kind: 'unknown' }
  /** No name server answers. */
  | { kind: 'timeout' }
  /** Nothing listens where the name server should be, which is known at once. */
  | { kind: 'unreached' };

/** Milliseconds: two attempts of five seconds. */
export const DNS_TIMEOUT = 10_000;

export const isAddress = (host: string): boolean => isIP(host) !== 0;

const LOOPBACK_HOSTS = '127.0.0.1\tlocalhost\n';

function textOf({ files }: Box, path: string): string | undefined {
  try {
    return files.read(path);
  } catch (error) {
    // a file that can't be read is as good as none
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** What /etc/resolv.conf says; without it the own machine is asked. */
export const resolvConf = (box: Box): ResolvConf => {
  const conf = readResolvConf(textOf(box, '/etc/resolv.conf') ?? '');
  return conf.nameservers.length > 0 ? conf : { ...conf, nameservers: ['127.0.0.1'] };
};

function inHosts(box: Box, host: string): Resolved | undefined {
  const lines = (textOf(box, '/etc/hosts') ?? LOOPBACK_HOSTS).split('\n').map((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return { address, names };
  });
  const own = lines.filter(({ address, names }) => isAddress(address) && names.includes(host));
  const found = own.find(({ address }) => isIP(address) === 4) ?? own[0];
  return found && { kind: 'found', fullName: found.names[0] ?? host, addresses: [found.address] };
}

/** By the search list, as the C library asks. */
export const lookUp = (box: Box, name: string, type: QueryType): Lookup =>
  lookup(resolvConf(box), name, type, (server, question) => box.network.ask(server, question));

function inDns(box: Box, host: string): Resolved {
  const found = lookUp(box, host, 'A');
  if (found.code === 'TIMEOUT') return { kind: 'timeout' };
  if (found.code === 'UNREACHED') return { kind: 'unreached' };
  const six = found.records.some(({ type }) => type === 'A') ? undefined : lookUp(box, host, 'AAAA');
  const records = [...found.records, ...(six?.code === 'NOERROR' ? six.records : [])];
  const addresses = records.filter(({ type }) => type === 'A' || type === 'AAAA');
  const [first] = addresses;
  // an alias of a name that nobody knows is no address
  return first === undefined
    ? { kind: 'unknown' }
    : {
        kind: 'found',
        fullName: first.name,
        addresses: addresses.flatMap((record) => ('data' in record ? [record.data] : [])),
      };
}

/** Without waiting for name servers that do not answer. */
export function resolveNow(box: Box, host: string): Resolved {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isAddress(bare)) return { kind: 'found', fullName: bare, addresses: [bare] };
  const name = host.toLowerCase();
  return inHosts(box, name) ?? inDns(box, name);
}

/** `limitMs`: how long the program waits for name servers. */
export function* resolve(tool: Tool, host: string, limitMs = DNS_TIMEOUT): Generator<Wait, Resolved, void> {
  const resolved = resolveNow(tool.box, host);
  if (resolved.kind === 'timeout') {
    yield* untilTime(() => tool.box.now(), tool.box.now() + Math.min(limitMs, DNS_TIMEOUT));
  }
  return resolved;
}
