/** Programs that ask for names: dig and host ask DNS itself, getent as the C library does. */
import type { DnsRecord, QueryType } from '../../network/dns/record.ts';
import type { Lookup, Reply } from '../../network/dns/resolver.ts';
import { reverseNameOf } from '../../network/dns/reverse.ts';
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { formatDate } from './date.ts';
import { nslookup } from './nslookup.ts';
import { isAddress, lookUp, resolve, resolvConf } from './resolve.ts';
import { waits } from './timeouts.ts';
import { lasting, type Tool } from './tool.ts';

/** Milliseconds: three attempts of five seconds. */
const DIG_WAIT = 15_000;
const TYPE = /^(a|aaaa|srv|ptr|cname|txt|ns|soa|mx|any)$/i;

const dataOf = (record: DnsRecord): string => {
  if (record.type === 'SRV') return `${record.priority} ${record.weight} ${record.port} ${record.target}.`;
  if (record.type === 'TXT') return `"${record.data}"`;
  return record.type === 'A' || record.type === 'AAAA' ? record.data : `${record.data}.`;
};
const line = (record: DnsRecord): string => `${record.name}.\t${record.ttl}\tIN\t${record.type}\t${dataOf(record)}\n`;

interface DigAsked {
  name: string;
  type: QueryType;
  server: string | undefined;
  flags: ReadonlySet<string>;
  port: number;
}
function digAsked(tool: Tool): DigAsked {
  const asked: DigAsked = { name: '', type: 'A', server: undefined, flags: new Set(), port: 53 };
  const flags = new Set<string>();
  tool.args.forEach((word, index) => {
    const before = tool.args[index - 1];
    if (before === '-x') asked.name = reverseNameOf(word);
    else if (before === '-p') asked.port = Number(word);
    else if (before === '-t') asked.type = word.toUpperCase() as QueryType;
    else if (word === '-x') asked.type = 'PTR';
    else if (word.startsWith('+')) flags.add(word.slice(1));
    else if (word.startsWith('@')) asked.server = word.slice(1);
    else if (word.startsWith('-') || /^(in|ch)$/i.test(word)) return;
    else if (asked.name !== '' && TYPE.test(word)) asked.type = word.toUpperCase() as QueryType;
    else if (asked.name === '' && TYPE.test(word) && index + 1 < tool.args.length) {
      asked.type = word.toUpperCase() as QueryType;
    } else asked.name = word;
  });
  return { ...asked, flags };
}

/** Asks for what it is given: without +search it knows no search list. */
function* dig(tool: Tool): Generator<Wait, number, void> {
  const { name, type, server: given, flags, port } = digAsked(tool);
  const { nameservers } = resolvConf(tool.box);
  const found = given === undefined ? undefined : yield* resolve(tool, given);
  if (found !== undefined && found.kind !== 'found') {
    tool.out(`dig: couldn't get address for '${given}': not found\n`);
    return 10;
  }
  const server = found?.addresses[0] ?? nameservers[0] ?? '';
  const bare = name.replace(/\.$/, '').toLowerCase();
  const at = port === 53 ? server : `${server}:${port}`;
  const answered: Lookup | (Reply & { name: string }) =
    flags.has('search') && given === undefined
      ? lookUp(tool.box, name, type)
      : { ...tool.box.network.ask(at, { name: bare, type }), name: bare };
  const banner = `\n; <<>> DiG 9.18.33 <<>> ${tool.args.join(' ')}\n`;
  if (answered.code === 'TIMEOUT' || answered.code === 'UNREACHED') {
    const why = answered.code === 'TIMEOUT' ? 'timed out' : 'connection refused';
    tool.out(`;; communications error to ${server}#${port}: ${why}\n`.repeat(3));
    if (answered.code === 'TIMEOUT') yield* waits(tool, DIG_WAIT);
    tool.out(`${banner};; global options: +cmd\n;; no servers could be reached\n`);
    return 9;
  }
  const { records, code } = answered;
  if (flags.has('short')) {
    for (const record of records) tool.out(`${dataOf(record)}\n`);
    return 0;
  }
  if (flags.has('noall')) {
    if (flags.has('answer')) tool.out(records.map(line).join(''));
    return 0;
  }
  const id = Math.floor(tool.box.random() * 65_536);
  const authority = code === 'NXDOMAIN' || records.length === 0 ? 1 : 0;
  const soa = `cluster.local.\t\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local. ${Math.floor(tool.box.now() / 1000)} 7200 1800 86400 30\n`;
  const question = `;${answered.name}.`;
  tool.out(
    [
      banner,
      ';; global options: +cmd\n;; Got answer:\n',
      `;; ->>HEADER<<- opcode: QUERY, status: ${code}, id: ${id}\n`,
      `;; flags: qr aa rd; QUERY: 1, ANSWER: ${records.length}, AUTHORITY: ${authority}, ADDITIONAL: 1\n`,
      ';; WARNING: recursion requested but not available\n\n',
      ';; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n',
      `;; QUESTION SECTION:\n${question}\tIN\t${type}\n\n`,
      records.length > 0 ? `;; ANSWER SECTION:\n${records.map(line).join('')}\n` : '',
      authority > 0 ? `;; AUTHORITY SECTION:\n${soa}\n` : '',
      `;; Query time: 1 msec\n;; SERVER: ${server}#${port}(${server}) (UDP)\n`,
      `;; WHEN: ${formatDate(tool.box.now(), '%a %b %d %H:%M:%S UTC %Y')}\n`,
      `;; MSG SIZE  rcvd: ${60 + 2 * answered.name.length + 40 * records.length}\n\n`,
    ].join(''),
  );
  return 0;
}

function* host(tool: Tool): Generator<Wait, number, void> {
  const [name = '', given] = tool.operands;
  const type = tool.values.get('t')?.toUpperCase() as QueryType | undefined;
  const types: QueryType[] = isAddress(name) ? ['PTR'] : type ? [type] : ['A', 'AAAA'];
  const full = isAddress(name) ? `${reverseNameOf(name)}.` : name;
  const replies = types.map((one): Lookup => {
    if (given === undefined) return lookUp(tool.box, full, one);
    const asked = full.replace(/\.$/, '').toLowerCase();
    return { ...tool.box.network.ask(given, { name: asked, type: one }), name: asked, server: given };
  });
  const [first] = replies;
  if (first === undefined) return 1;
  if (first.code === 'TIMEOUT' || first.code === 'UNREACHED') {
    const why = first.code === 'TIMEOUT' ? 'timed out' : 'connection refused';
    tool.out(`;; communications error to ${first.server}#53: ${why}\n`.repeat(2));
    if (first.code === 'TIMEOUT') yield* waits(tool, DIG_WAIT);
    tool.out(';; no servers could be reached\n');
    return 1;
  }
  const words: Record<string, string> = {
    A: 'has address',
    AAAA: 'has IPv6 address',
    CNAME: 'is an alias for',
    PTR: 'domain name pointer',
    SRV: 'has SRV record',
    TXT: 'descriptive text',
  };
  if (given !== undefined) tool.out(`Using domain server:\nName: ${given}\nAddress: ${given}#53\nAliases: \n\n`);
  const seen = new Set<string>();
  for (const record of replies.flatMap(({ records }) => records)) {
    const told = `${record.name} ${words[record.type]} ${dataOf(record)}\n`;
    if (!seen.has(told)) tool.out(told);
    seen.add(told);
  }
  if (first.code !== 'NOERROR') {
    const numbers: Record<string, number> = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 };
    const shown = isAddress(name) ? `${reverseNameOf(name)}.` : name;
    tool.out(`Host ${shown} not found: ${numbers[first.code]}(${first.code})\n`);
    return 1;
  }
  if (seen.size === 0) tool.out(`${first.name} has no ${types[0]} record\n`);
  return 0;
}

function* getent(tool: Tool): Generator<Wait, number, void> {
  const [database = '', key = ''] = tool.operands;
  if (['hosts', 'ahosts', 'ahostsv4'].includes(database)) {
    if (key === '') {
      tool.out(tool.box.files.read('/etc/hosts').replace(/^#.*\n/gm, ''));
      return 0;
    }
    if (isAddress(key)) {
      const found = lookUp(tool.box, `${reverseNameOf(key)}.`, 'PTR');
      const record = found.records.find(({ type }) => type === 'PTR');
      if (record === undefined || !('data' in record)) return 2;
      tool.out(`${key.padEnd(15)} ${record.data}\n`);
      return 0;
    }
    const found = yield* resolve(tool, key);
    if (found.kind !== 'found') return 2;
    for (const address of found.addresses) {
      if (database === 'hosts') {
        const alias = tool.gnu || found.fullName === key ? '' : `  ${key}`;
        tool.out(`${address.padEnd(15)} ${found.fullName}${alias}\n`);
        continue;
      }
      const [first] = found.addresses;
      ['STREAM', 'DGRAM', 'RAW'].forEach((kind, index) =>
        tool.out(`${address.padEnd(15)} ${kind.padEnd(6)} ${index === 0 && address === first ? found.fullName : ''}\n`),
      );
    }
    return 0;
  }
  const node = tool.box.files.find(`/etc/${database}`);
  const lines =
    node?.kind === 'file'
      ? node.data.split('\n').filter((one) => one !== '' && (key === '' || one.split(':')[0] === key))
      : [];
  for (const one of lines) tool.out(`${one}\n`);
  return lines.length === 0 ? 2 : 0;
}

export const NAMES: Readonly<Record<string, Program>> = {
  nslookup,
  dig: lasting(dig),
  host: lasting(host, 'tW'),
  getent: lasting(getent),
};
