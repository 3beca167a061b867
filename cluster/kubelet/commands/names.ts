/** Programs that ask for names: nslookup, dig and host ask DNS itself, getent as the C library does. */
import type { DnsRecord } from '../../network/dns/zone.ts';
import type { Lookup } from '../../network/dns/resolver.ts';
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { formatDate } from './date.ts';
import { DNS_TIMEOUT, isAddress, resolve } from './resolve.ts';
import { waits } from './sockets.ts';
import { lasting, type Tool } from './tool.ts';

type TextRecord = Extract<DnsRecord, { data: string }>;
const ofType = ({ records }: Lookup, type: 'A' | 'PTR'): TextRecord[] =>
  records.flatMap((record) => (record.type === type ? [record] : []));

/** `10.96.0.10` as `10.0.96.10.in-addr.arpa.`: a name that no search list is for. */
const reversed = (address: string): string => `${address.split('.').toReversed().join('.')}.in-addr.arpa`;

function* asked(tool: Tool, name: string, type: 'A' | 'PTR' = 'A'): Generator<Wait, Lookup, void> {
  const found = tool.box.network.lookUp(name, type);
  if (found.code === 'TIMEOUT') yield* waits(tool, DNS_TIMEOUT);
  return found;
}

function* nslookup(tool: Tool): Generator<Wait, number, void> {
  const [name = ''] = tool.operands;
  const isReverse = isAddress(name);
  const found = isReverse ? yield* asked(tool, `${reversed(name)}.`, 'PTR') : yield* asked(tool, name);
  if (found.code === 'TIMEOUT') {
    tool.out(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  tool.out(`Server:\t\t${found.server}\nAddress:\t${found.server}${tool.gnu ? '#53' : ':53'}\n\n`);
  const shown = ofType(found, isReverse ? 'PTR' : 'A');
  if (shown.length === 0) {
    const failed = `** server can't find ${isReverse ? reversed(name) : name}: ${found.code === 'NOERROR' ? 'NXDOMAIN' : found.code}\n\n`;
    // busybox asks for IPv6 addresses as well
    tool.out(tool.gnu || isReverse ? failed : failed + failed);
    return 1;
  }
  for (const { name: full, data } of shown) {
    tool.out(isReverse ? `${full}\tname = ${data}${tool.gnu ? '.' : ''}\n` : `Name:\t${full}\nAddress: ${data}\n`);
  }
  tool.out('\n');
  return 0;
}

/** Asks for what it is given: dig knows no search list. */
function* dig(tool: Tool): Generator<Wait, number, void> {
  const name = (tool.operands.find((word) => !word.startsWith('@') && !word.startsWith('+')) ?? '').replace(/\.$/, '');
  const searches = tool.args.includes('+search');
  const found = yield* asked(tool, searches ? name : `${name}.`);
  if (found.code === 'TIMEOUT') {
    tool.out(`;; communications error to ${found.server}#53: timed out\n;; no servers could be reached\n`);
    return 9;
  }
  const shown = ofType(found, 'A');
  if (tool.args.includes('+short')) {
    for (const { data } of shown) tool.out(`${data}\n`);
    return 0;
  }
  const answers = shown.map((record) => `${record.name}.\t${record.ttl}\tIN\tA\t${record.data}\n`).join('');
  tool.out(
    `\n; <<>> DiG 9.18 <<>> ${name}\n;; ->>HEADER<<- opcode: QUERY, status: ${found.code}\n\n;; ANSWER SECTION:\n${answers}\n;; WHEN: ${formatDate(tool.box.now(), '%a %b %d %H:%M:%S UTC %Y')}\n`,
  );
  return 0;
}

function* host(tool: Tool): Generator<Wait, number, void> {
  const [name = ''] = tool.operands;
  const found = yield* asked(tool, name);
  if (found.code === 'TIMEOUT') {
    tool.out(`;; communications error to ${found.server}#53: timed out\n;; no servers could be reached\n`);
    return 1;
  }
  const shown = ofType(found, 'A');
  for (const record of shown) tool.out(`${record.name} has address ${record.data}\n`);
  if (shown.length === 0) tool.out(`Host ${name} not found: 3(NXDOMAIN)\n`);
  return shown.length === 0 ? 1 : 0;
}

function* getent(tool: Tool): Generator<Wait, number, void> {
  const [database, key = ''] = tool.operands;
  if (database === 'hosts' || database === 'ahosts') {
    const found = yield* resolve(tool, key);
    if (found.kind !== 'found') return 2;
    for (const address of found.addresses) tool.out(`${address.padEnd(15)} ${found.fullName}\n`);
    return 0;
  }
  const node = tool.box.files.find(`/etc/${database}`);
  const lines =
    node?.kind === 'file'
      ? node.data.split('\n').filter((line) => line !== '' && (key === '' || line.split(':')[0] === key))
      : [];
  for (const line of lines) tool.out(`${line}\n`);
  return lines.length === 0 ? 2 : 0;
}

export const NAMES: Readonly<Record<string, Program>> = {
  nslookup: lasting(nslookup),
  dig: lasting(dig),
  host: lasting(host),
  getent: lasting(getent),
};
