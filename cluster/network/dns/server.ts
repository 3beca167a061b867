/** What CoreDNS answers by its configuration: plugins in the order in which the build has them, not in the file's. */
import { isIP } from 'node:net';
import { RE2JS } from 're2js';
import type { Reader } from '../../store/client.ts';
import type { Corefile, Directive, ServerBlock } from './corefile.ts';
import { addressRecord, type Answer, type DnsRecord, type QueryType } from './record.ts';
import { addressOfReverseName } from './reverse.ts';
import { zoneAnswer, ZONE_DEFAULTS, type ZoneOptions } from './zone.ts';

export interface Question {
  /** Lower case, without the dot at the end. */
  name: string;
  type: QueryType;
}
export interface ServerParts {
  store: Reader;
  /** Asks another server; undefined: it does not answer. */
  forward(server: string, question: Question): Answer | undefined;
  /** Nameservers of the pod itself: what `forward . /etc/resolv.conf` means. */
  own: readonly string[];
  /** Contents of a file of the server's. */
  readFile?(path: string): string | undefined;
}

const SERVFAIL: Answer = { code: 'SERVFAIL', records: [] };
const NXDOMAIN: Answer = { code: 'NXDOMAIN', records: [] };
/** A chain of names that point at each other is given up after this many. */
const MAX_CNAMES = 8;
const HOSTS_TTL = 3600;

const normal = (name: string): string => name.toLowerCase().replace(/\.$/, '');
const inZone = (name: string, zone: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`);

/** The block with the longest zone that the name lies in. */
function blockFor({ servers }: Corefile, name: string): ServerBlock | undefined {
  let found: { block: ServerBlock; length: number } | undefined;
  for (const block of servers) {
    for (const zone of block.zones) {
      if (inZone(name, zone) && zone.length >= (found?.length ?? 0)) found = { block, length: zone.length };
    }
  }
  return found?.block;
}

const fallsThrough = (plugin: Directive, name: string): boolean =>
  plugin.block.some(
    ({ name: option, args }) =>
      option === 'fallthrough' && (args.length === 0 || args.some((zone) => inZone(name, normal(zone)))),
  );

/** The name that a `rewrite name` rule makes of one; undefined: it does not. */
function rewritten({ args, block }: Directive, name: string): string | undefined {
  const words = args[0] === 'stop' || args[0] === 'continue' ? args.slice(1) : args;
  const inner = words.length === 0 ? block.find((one) => one.name === 'name') : undefined;
  const [field, ...rule] = inner ? [inner.name, ...inner.args] : words;
  if (field !== 'name') return undefined;
  const modes = ['exact', 'prefix', 'suffix', 'substring', 'regex'];
  const [mode = '', from = '', to = ''] = modes.includes(rule[0] ?? '') ? rule : ['exact', ...rule];
  const target = to.replace(/\.$/, '');
  if (mode === 'regex') {
    try {
      const pattern = RE2JS.compile(from);
      const matcher = pattern.matcher(`${name}.`);
      if (!matcher.find()) return undefined;
      return normal(to.replaceAll(/\{(\d+)\}/g, (_all, group: string) => matcher.group(Number(group)) ?? ''));
    } catch {
      // a pattern that does not compile has ended the server before
      return undefined;
    }
  }
  const source = normal(from);
  if (mode === 'exact') return name === source ? normal(target) : undefined;
  if (mode === 'prefix') return name.startsWith(source) ? normal(target + name.slice(source.length)) : undefined;
  if (mode === 'suffix')
    return name.endsWith(source) ? normal(name.slice(0, name.length - source.length) + target) : undefined;
  return name.includes(source) ? normal(name.replace(source, target)) : undefined;
}

function zoneOptions({ args, block }: Directive, { zones }: ServerBlock): ZoneOptions[] {
  const named = (args.length > 0 ? args : zones).map(normal);
  const option = (name: string) => block.find((one) => one.name === name)?.args ?? [];
  const pods = option('pods')[0];
  return named
    .filter((zone) => !zone.endsWith('.arpa'))
    .map((domain) => ({
      ...ZONE_DEFAULTS,
      domain,
      pods: pods === 'insecure' || pods === 'verified' ? pods : 'disabled',
      ttl: Number(option('ttl')[0] ?? 5),
      namespaces: option('namespaces'),
      endpointPodNames: block.some((one) => one.name === 'endpoint_pod_names'),
    }));
}

interface Host {
  address: string;
  names: string[];
}
const hostLines = (lines: readonly (readonly string[])[]): Host[] =>
  lines.flatMap(([address = '', ...names]) => (isIP(address) ? [{ address, names: names.map(normal) }] : []));

function fromHosts(plugin: Directive, { name, type }: Question, { readFile }: ServerParts): Answer | undefined {
  const file = plugin.args.find((word) => word.startsWith('/')) ?? '/etc/hosts';
  const text = plugin.block.some((one) => isIP(one.name)) && plugin.args.length === 0 ? '' : (readFile?.(file) ?? '');
  const hosts = [
    ...hostLines(text.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/))),
    ...hostLines(plugin.block.map((line) => [line.name, ...line.args])),
  ];
  const ttl = Number(plugin.block.find((one) => one.name === 'ttl')?.args[0] ?? HOSTS_TTL);
  const reversed = addressOfReverseName(name);
  if (reversed !== undefined) {
    const found = hosts.filter(({ address }) => address === reversed).flatMap(({ names }) => names);
    if (found.length === 0) return undefined;
    return { code: 'NOERROR', records: found.map((data): DnsRecord => ({ name, ttl, type: 'PTR', data })) };
  }
  const own = hosts.filter(({ names }) => names.includes(name));
  if (own.length === 0) return undefined;
  const records = own.map(({ address }) => addressRecord(name, address, ttl));
  return { code: 'NOERROR', records: records.filter((record) => record.type === type || type === 'ANY') };
}

function forwarded(plugin: Directive, question: Question, { own, forward }: ServerParts): Answer {
  const except = plugin.block.filter((one) => one.name === 'except').flatMap(({ args }) => args.map(normal));
  if (except.some((zone) => inZone(question.name, zone))) return SERVFAIL;
  const targets = plugin.args.slice(1).flatMap((target) => (target.startsWith('/') ? own : [target]));
  for (const target of targets) {
    const answer = forward(target.replace(/^\w+:\/\//, ''), question);
    if (answer) return answer;
  }
  return SERVFAIL;
}

/** One pass through the plugins; undefined: no block serves the name. */
function pass(corefile: Corefile, asked: Question, parts: ServerParts): Answer | undefined {
  const block = blockFor(corefile, asked.name);
  if (!block) return undefined;
  const of = (name: string) => block.plugins.filter((plugin) => plugin.name === name);
  let question = asked;
  for (const rule of of('rewrite')) {
    const name = rewritten(rule, question.name);
    if (name === undefined) continue;
    question = { ...question, name };
    if (rule.args[0] !== 'continue') break;
  }
  const answer = fromPlugins(block, of, question, parts);
  if (question === asked) return answer;
  // who asks sees the name that was asked for
  const back = (name: string) => (name === question.name ? asked.name : name);
  return { ...answer, records: answer.records.map((record) => ({ ...record, name: back(record.name) })) };
}

function fromPlugins(
  block: ServerBlock,
  of: (name: string) => readonly Directive[],
  question: Question,
  parts: ServerParts,
): Answer {
  for (const plugin of of('hosts')) {
    const zones = plugin.args.filter((word) => !word.startsWith('/')).map(normal);
    if (zones.length > 0 && !zones.some((zone) => inZone(question.name, zone))) continue;
    const answer = fromHosts(plugin, question, parts);
    if (answer) return answer;
    if (!fallsThrough(plugin, question.name)) return SERVFAIL;
  }
  for (const plugin of of('kubernetes')) {
    const zones = (plugin.args.length > 0 ? plugin.args : block.zones).map(normal);
    if (!zones.some((zone) => inZone(question.name, zone))) continue;
    for (const options of zoneOptions(plugin, block)) {
      const answer = zoneAnswer(parts.store, question.name, question.type, options);
      if (answer && (answer.code === 'NOERROR' || !fallsThrough(plugin, question.name))) return answer;
    }
    if (!fallsThrough(plugin, question.name)) return NXDOMAIN;
  }
  for (const plugin of of('forward')) {
    if (inZone(question.name, normal(plugin.args[0] ?? '.').replace(/^\.$/, ''))) {
      return forwarded(plugin, question, parts);
    }
  }
  return SERVFAIL;
}

/** The answer with the names that it points to followed, as far as this server knows them. */
export function answer(corefile: Corefile, asked: Question, parts: ServerParts): Answer {
  const records: DnsRecord[] = [];
  let question = asked;
  for (let links = 0; links < MAX_CNAMES; links++) {
    const found = pass(corefile, question, parts);
    // what an alias points to is told though nobody knows it
    if (!found) return records.length > 0 ? { code: 'NOERROR', records } : { code: 'REFUSED', records };
    records.push(...found.records);
    const last = found.records.at(-1);
    if (last?.type !== 'CNAME' || asked.type === 'CNAME') {
      // whoever asks learns what the alias points to, though nobody may know that
      const code = links > 0 && found.code === 'NXDOMAIN' ? 'NOERROR' : found.code;
      return { code, records };
    }
    question = { name: normal(last.data), type: asked.type };
  }
  return { code: 'SERVFAIL', records };
}
