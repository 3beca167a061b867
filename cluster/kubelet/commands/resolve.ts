/** Names as the C library resolves them: addresses, /etc/hosts, then DNS. */
import { untilTime, type Wait } from '../shell/coroutine.ts';
import type { Box } from '../shell/box.ts';
import type { Tool } from './tool.ts';

export type Resolved =
  | { kind: 'found'; fullName: string; addresses: readonly string[] }
  | { kind: 'unknown' }
  /** No name server answers. */
  | { kind: 'timeout' };

/** Milliseconds: two attempts of five seconds. */
export const DNS_TIMEOUT = 10_000;

export const isAddress = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host);

function inHosts({ files }: Box, host: string): Resolved | undefined {
  const node = files.find('/etc/hosts');
  const lines = node?.kind === 'file' ? node.data.split('\n') : [];
  for (const line of lines) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isAddress(address) && names.includes(host)) {
      return { kind: 'found', fullName: names[0] ?? host, addresses: [address] };
    }
  }
  return undefined;
}

function inDns({ network }: Box, host: string): Resolved {
  const found = network.lookUp(host);
  if (found.code === 'TIMEOUT') return { kind: 'timeout' };
  const records = found.records.filter(({ type }) => type === 'A');
  const addresses = records.flatMap((record) => ('data' in record ? [record.data] : []));
  const [first] = records;
  return first === undefined ? { kind: 'unknown' } : { kind: 'found', fullName: first.name, addresses };
}

/** `limitMs`: how long the program waits for name servers. */
export function* resolve(tool: Tool, host: string, limitMs = DNS_TIMEOUT): Generator<Wait, Resolved, void> {
  if (isAddress(host)) return { kind: 'found', fullName: host, addresses: [host] };
  const name = host.toLowerCase();
  const resolved = inHosts(tool.box, name) ?? inDns(tool.box, name);
  if (resolved.kind === 'timeout') {
    yield* untilTime(() => tool.box.now(), tool.box.now() + Math.min(limitMs, DNS_TIMEOUT));
  }
  return resolved;
}
