/** nslookup in its three kinds: busybox's, busybox's up to 1.28, and that of BIND. */
import type { DnsRecord, QueryType } from '../../network/dns/record.ts';
import type { Reply } from '../../network/dns/resolver.ts';
import { reverseNameOf } from '../../network/dns/reverse.ts';
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { isAddress, lookUp, resolve, resolvConf } from './resolve.ts';
import { waits } from './timeouts.ts';
import { lasting, type Tool } from './tool.ts';

/** Milliseconds that each of them waits for a server in all. */
const BUSYBOX_WAIT = 10_000;
const BIND_WAIT = 15_000;

/** Images with BIND 9.9. */
const LEGACY = /dnsutils/;

const TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA', 'MX', 'ANY']);

function typeOf(tool: Tool): QueryType | undefined {
  const asked = tool.args.map((word) => /^-(?:t|type|q|query|querytype)=(\w+)$/i.exec(word)?.[1]).find(Boolean);
  const type = asked?.toUpperCase();
  return type !== undefined && TYPES.has(type) ? (type as QueryType) : undefined;
}
const named = (tool: Tool): readonly string[] => tool.args.filter((word) => !word.startsWith('-'));

/** The old one: it resolves as the C library does, and looks up what the server's address is called. */
function* old(tool: Tool): Generator<Wait, number, void> {
  const [name = '', given] = named(tool);
  const [server = ''] = given === undefined ? resolvConf(tool.box).nameservers : [given];
  const line = (at: number, address: string, label: string | undefined) =>
    `Address ${at}: ${address}${label === undefined ? '' : ` ${label}`}\n`;
  const nameOf = (address: string) => {
    const found = lookUp(tool.box, `${reverseNameOf(address)}.`, 'PTR');
    const record = found.records.find(({ type }) => type === 'PTR');
    return record && 'data' in record ? record.data : undefined;
  };
  tool.out(`Server:    ${server}\n${line(1, server, nameOf(server))}\n`);
  const found = yield* resolve(tool, name);
  if (found.kind !== 'found') {
    tool.context.io.stderr.write(`nslookup: can't resolve '${name}'${found.kind === 'timeout' ? ': Try again' : ''}\n`);
    return 1;
  }
  tool.out(`Name:      ${name}\n`);
  found.addresses.forEach((address, index) => tool.out(line(index + 1, address, nameOf(address))));
  return 0;
}

const shortType = (record: DnsRecord): string => {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return `Name:\t${record.name}\nAddress: ${record.data}\n`;
    case 'CNAME':
      return `${record.name}\tcanonical name = ${record.data}\n`;
    case 'PTR':
      return `${record.name}\tname = ${record.data}\n`;
    case 'TXT':
      return `${record.name}\ttext = "${record.data}"\n`;
    default:
      return `${record.name}\tservice = ${record.priority} ${record.weight} ${record.port} ${record.target}\n`;
  }
};

/** Names with a dot are asked for as they are, others with each suffix of the search list; all are told about. */
function* busybox(tool: Tool): Generator<Wait, number, void> {
  const [name = '', given] = named(tool);
  const conf = resolvConf(tool.box);
  const servers = given === undefined ? conf.nameservers : [given];
  const reverse = isAddress(name);
  const type = typeOf(tool);
  const types: QueryType[] = reverse ? ['PTR'] : type ? [type] : ['A', 'AAAA'];
  const full = reverse ? reverseNameOf(name) : name.replace(/\.$/, '');
  const searched = !reverse && type !== 'PTR' && !name.includes('.') && conf.search.length > 0;
  const names = searched ? conf.search.map((suffix) => `${full}.${suffix}`) : [full];
  const questions = types.flatMap((one) => names.map((asked) => ({ name: asked, type: one })));
  for (const server of servers) {
    const replies = questions.map((question): [string, Reply] => [
      question.name,
      tool.box.network.ask(server, { ...question, name: question.name.toLowerCase() }),
    ]);
    if (replies.some(([, { code }]) => code === 'UNREACHED')) {
      tool.context.io.stderr.write(
        reverse
          ? 'nslookup: read: Connection refused\n'.repeat(2)
          : `nslookup: write to '${server}': Connection refused\n`,
      );
      if (reverse) yield* waits(tool, BUSYBOX_WAIT / 2);
      continue;
    }
    if (replies.some(([, { code }]) => code === 'TIMEOUT')) {
      yield* waits(tool, BUSYBOX_WAIT);
      continue;
    }
    tool.out(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`);
    for (const [asked, { code, records }] of replies) {
      if (code === 'NOERROR') tool.out(records.map(shortType).join(''));
      else tool.out(`** server can't find ${asked}: ${code}\n`);
      tool.out('\n');
    }
    return replies.every(([, { code }]) => code === 'NOERROR') ? 0 : 1;
  }
  tool.out(';; connection timed out; no servers could be reached\n\n');
  return 1;
}

/** BIND's: one answer by the search list. */
function* bind(tool: Tool): Generator<Wait, number, void> {
  const [name = '', given] = named(tool);
  const conf = resolvConf(tool.box);
  const [first = ''] = given === undefined ? conf.nameservers : [given];
  const reverse = isAddress(name);
  const types: QueryType[] = reverse ? ['PTR'] : [typeOf(tool) ?? 'A', ...(typeOf(tool) ? [] : (['AAAA'] as const))];
  const full = reverse ? `${reverseNameOf(name)}.` : name;
  const [answered, ...others] = types.map((type) => lookUpAt(tool, full, type, given));
  if (answered === undefined) return 1;
  if (answered.code === 'TIMEOUT' || answered.code === 'UNREACHED') {
    if (LEGACY.test(tool.box.image)) {
      yield* waits(tool, BIND_WAIT);
      tool.out(';; connection timed out; no servers could be reached\n\n');
      return 1;
    }
    const why = answered.code === 'TIMEOUT' ? 'timed out' : 'connection refused';
    for (let attempt = 0; attempt < 3; attempt++) tool.out(`;; communications error to ${first}#53: ${why}\n`);
    if (answered.code === 'TIMEOUT') yield* waits(tool, BIND_WAIT);
    tool.out(';; no servers could be reached\n\n\n');
    return 1;
  }
  // a reverse lookup says nothing of the server
  if (!reverse) tool.out(`Server:\t\t${answered.server}\nAddress:\t${answered.server}#53\n\n`);
  const records = [...answered.records, ...others.flatMap((one) => one.records.filter(({ type }) => type === 'AAAA'))];
  if (answered.code !== 'NOERROR' || records.length === 0) {
    const [shown] = reverse ? [reverseNameOf(name)] : [name];
    if (answered.code === 'NOERROR') tool.out(`*** Can't find ${shown}: No answer\n\n`);
    else tool.out(`** server can't find ${shown}: ${answered.code}\n\n`);
    return 1;
  }
  for (const record of records) {
    const dotted = shortType(record).replace(/(name = \S+?|service = .*?|canonical name = \S+?)\.?\n$/, '$1.\n');
    tool.out(dotted);
  }
  tool.out('\n');
  return 0;
}

function lookUpAt(tool: Tool, name: string, type: QueryType, server: string | undefined) {
  if (server === undefined) return lookUp(tool.box, name, type);
  const asked = name.replace(/\.$/, '').toLowerCase();
  return { ...tool.box.network.ask(server, { name: asked, type }), name: asked, server };
}

/** The applet was rewritten for 1.29. */
const isOld = (image: string): boolean => {
  const minor = /busybox:1\.(\d+)/.exec(image)?.[1];
  return minor !== undefined && Number(minor) <= 28;
};

export const nslookup: Program = lasting(function* nslookup(tool) {
  if (named(tool).length === 0) {
    tool.context.io.stderr.write('Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n');
    return 1;
  }
  if (tool.gnu) return yield* bind(tool);
  return yield* isOld(tool.box.image) ? old(tool) : busybox(tool);
});
