/** `ip('10.0.0.1')` and `cidr('10.0.0.0/8')`, read as strictly as Go's netip does. */
import { global, member, type Overload } from '../declarations.ts';
import { valueText } from '../print.ts';
import { BOOL, INT, opaqueType, STRING } from '../types.ts';
import { CelError, Opaque, type Value } from '../values.ts';

const IP = opaqueType('net.IP');
const CIDR = opaqueType('net.CIDR');
type Bits = 32 | 128;

class Address extends Opaque {
  readonly typeName = 'net.IP';
  readonly value: bigint;
  readonly bits: Bits;
  constructor(value: bigint, bits: Bits) {
    super();
    this.value = value;
    this.bits = bits;
  }
  equals(other: Opaque): boolean {
    return other instanceof Address && other.value === this.value && other.bits === this.bits;
  }
  override get costSize(): number {
    return this.bits / 8;
  }
  toString(): string {
    return this.bits === 32 ? ipv4Text(this.value) : ipv6Text(this.value);
  }
}

class Range extends Opaque {
  readonly typeName = 'net.CIDR';
  readonly base: Address;
  readonly length: number;
  constructor(base: Address, length: number) {
    super();
    this.base = base;
    this.length = length;
  }
  get masked(): Address {
    const open = BigInt(this.base.bits - this.length);
    return new Address((this.base.value >> open) << open, this.base.bits);
  }
  contains(address: Address): boolean {
    if (address.bits !== this.base.bits) return false;
    return new Range(address, this.length).masked.value === this.masked.value;
  }
  equals(other: Opaque): boolean {
    return other instanceof Range && other.length === this.length && other.base.equals(this.base);
  }
  override get costSize(): number {
    return Math.ceil(this.length / 8);
  }
  toString(): string {
    return `${this.base.toString()}/${this.length}`;
  }
}

const ipv4Text = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');

/** The longest run of zero groups, of two or more, is `::`. */
function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

const quoted = (text: string) => JSON.stringify(text);
const unable = (text: string, why: string, at?: string) =>
  `ParseAddr(${quoted(text)}): ${why}${at === undefined ? '' : ` (at ${quoted(at)})`}`;

function parseV4(text: string, whole = text): bigint | string {
  const parts = text.split('.');
  for (const [i, part] of parts.entries()) {
    const rest = parts.slice(i).join('.');
    if (part === '') {
      const at = i === parts.length - 1 ? undefined : rest;
      if (parts.length === 1) return unable(whole, 'unable to parse IP');
      return at === undefined
        ? unable(whole, 'IPv4 field must have at least one digit')
        : unable(whole, 'IPv4 field must have at least one digit', at);
    }
    if (!/^\d+$/.test(part)) return unable(whole, 'unexpected character', rest.slice(rest.search(/[^\d]/)));
    if (part.length > 1 && part.startsWith('0')) return unable(whole, 'IPv4 field has octet with leading zero');
    if (Number(part) > 255) return unable(whole, 'IPv4 field has value >255');
  }
  if (parts.length < 4) return unable(whole, 'IPv4 address too short');
  if (parts.length > 4) return unable(whole, 'IPv4 address too long');
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string): bigint[] | undefined => {
    if (half === '') return [];
    const out: bigint[] = [];
    const parts = half.split(':');
    for (const [i, part] of parts.entries()) {
      if (i === parts.length - 1 && part.includes('.')) {
        const v4 = parseV4(part);
        if (typeof v4 === 'string') return undefined;
        out.push(v4 >> 16n, v4 & 0xffffn);
      } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) out.push(BigInt(`0x${part}`));
      else return undefined;
    }
    return out;
  };
  const [head, tail] = [groups(halves[0] ?? ''), groups(halves[1] ?? '')];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0n), ...tail].reduce(
    (sum, part) => (sum << 16n) + part,
    0n,
  );
}

/** netip.ParseAddr: the address, or why there is none. */
function parseAddress(text: string): Address | string {
  const mark = /[.:%]/.exec(text)?.[0];
  if (mark === undefined) return unable(text, 'unable to parse IP');
  if (mark === '%') return unable(text, 'missing IPv6 address');
  if (mark === '.') {
    const value = parseV4(text);
    return typeof value === 'string' ? value : new Address(value, 32);
  }
  const value = parseV6(text.split('%')[0] ?? '');
  return value === undefined ? unable(text, 'unable to parse IP') : new Address(value, 128);
}

const isMapped = ({ bits, value }: Address) => bits === 128 && value >> 32n === 0xffffn;

function parseIp(text: Value | undefined): Address | CelError {
  const raw = text as string;
  const address = parseAddress(raw);
  if (typeof address === 'string') {
    return new CelError(`IP Address ${quoted(raw)} parse error during conversion from string: ${address}`);
  }
  if (raw.includes('%')) return new CelError(`IP address ${quoted(raw)} with zone value is not allowed`);
  return isMapped(address) ? new CelError(`IPv4-mapped IPv6 address ${quoted(raw)} is not allowed`) : address;
}

function parseRange(raw: string): Range | string {
  const prefix = (why: string) =>
    `network address parse error during conversion from string: netip.ParsePrefix(${quoted(raw)}): ${why}`;
  const slash = raw.lastIndexOf('/');
  if (slash < 0) return prefix("no '/'");
  const address = parseAddress(raw.slice(0, slash));
  if (typeof address === 'string') return prefix(address);
  if (raw.includes('%')) return prefix('IPv6 zones cannot be present in a prefix');
  const bits = raw.slice(slash + 1);
  if (!/^(0|[1-9]\d*)$/.test(bits)) return prefix(`bad bits after slash: ${quoted(bits)}`);
  if (Number(bits) > address.bits) return prefix('prefix length out of range');
  return isMapped(address)
    ? `IPv4-mapped IPv6 address ${quoted(raw)} is not allowed`
    : new Range(address, Number(bits));
}
function parseCidr(text: Value | undefined): Range | CelError {
  const range = parseRange(text as string);
  return typeof range === 'string'
    ? new CelError(`network address parse error during conversion from string: ${range}`)
    : range;
}

const within = (address: Value | undefined, v4: string, v6: string): boolean => {
  const ip = address as Address;
  const range = parseRange(ip.bits === 32 ? v4 : v6);
  return typeof range !== 'string' && range.contains(ip);
};
const is = (name: string, v4: string, v6: string): Overload =>
  member(name, [IP], BOOL, ([address]) => within(address, v4, v6));
const containsRange = (outer: Range, inner: Range): boolean =>
  outer.length <= inner.length && outer.contains(inner.base);

export const ADDRESSES: readonly Overload[] = [
  global('ip', [STRING], IP, ([text]) => parseIp(text)),
  global('isIP', [STRING], BOOL, ([text]) => !(parseIp(text) instanceof CelError)),
  global('ip.isCanonical', [STRING], BOOL, ([text]) => {
    const address = parseIp(text);
    return address instanceof CelError ? address : address.toString() === text;
  }),
  member('family', [IP], INT, ([address]) => ((address as Address).bits === 32 ? 4n : 6n)),
  is('isUnspecified', '0.0.0.0/32', '::/128'),
  is('isLoopback', '127.0.0.0/8', '::1/128'),
  is('isLinkLocalMulticast', '224.0.0.0/24', 'ff02::/16'),
  is('isLinkLocalUnicast', '169.254.0.0/16', 'fe80::/10'),
  member('isGlobalUnicast', [IP], BOOL, ([address]) =>
    [
      ['0.0.0.0/32', '::/128'],
      ['255.255.255.255/32', '::/128'],
      ['127.0.0.0/8', '::1/128'],
      ['224.0.0.0/4', 'ff00::/8'],
      ['169.254.0.0/16', 'fe80::/10'],
    ].every(([v4 = '', v6 = '']) => !within(address, v4, v6)),
  ),
  global('string', [IP], STRING, ([address = null]) => valueText(address)),
  global('cidr', [STRING], CIDR, ([text]) => parseCidr(text)),
  global('isCIDR', [STRING], BOOL, ([text]) => !(parseCidr(text) instanceof CelError)),
  member('containsIP', [CIDR, STRING], BOOL, ([range, text]) => {
    const address = parseIp(text);
    return address instanceof CelError ? address : (range as Range).contains(address);
  }),
  member('containsIP', [CIDR, IP], BOOL, ([range, address]) => (range as Range).contains(address as Address)),
  member('containsCIDR', [CIDR, STRING], BOOL, ([range, text]) => {
    const inner = parseCidr(text);
    return inner instanceof CelError ? inner : containsRange(range as Range, inner);
  }),
  member('containsCIDR', [CIDR, CIDR], BOOL, ([range, inner]) => containsRange(range as Range, inner as Range)),
  member('ip', [CIDR], IP, ([range]) => (range as Range).base),
  member('prefixLength', [CIDR], INT, ([range]) => BigInt((range as Range).length)),
  member('masked', [CIDR], CIDR, ([range]) => new Range((range as Range).masked, (range as Range).length)),
  global('string', [CIDR], STRING, ([range = null]) => valueText(range)),
];
