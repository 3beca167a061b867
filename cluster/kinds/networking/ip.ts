/** IP addresses and ranges, read as generously as old API fields read them (leading zeros count for nothing). */

export interface Ip {
  family: 'IPv4' | 'IPv6';
  value: bigint;
}
export interface Cidr {
  base: Ip;
  /** Leading bits that all addresses share. */
  bits: number;
}

const WIDTH = { IPv4: 32, IPv6: 128 } as const;
const MAPPED = 0xffff_0000_0000n;

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d+$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

/** The last group of an IPv6 address may be an IPv4 address. */
function groups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const result: bigint[] = [];
  const parts = text.split(':');
  for (const [position, part] of parts.entries()) {
    if (part.includes('.') && position === parts.length - 1) {
      const value = parseIpv4(part);
      if (value === undefined) return undefined;
      result.push(value >> 16n, value & 0xffffn);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) result.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return result;
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] ?? '');
  const tail = halves.length === 2 ? groups(halves[1] ?? '') : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0n), ...tail].reduce(
    (sum, group) => (sum << 16n) + group,
    0n,
  );
}

export function parseIp(text: string): Ip | undefined {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== undefined) return { family: 'IPv4', value: ipv4 };
  const ipv6 = text.includes(':') ? parseIpv6(text) : undefined;
  if (ipv6 === undefined) return undefined;
  // an IPv4 address in IPv6 clothes is an IPv4 address
  if (ipv6 >> 32n === MAPPED >> 32n) return { family: 'IPv4', value: ipv6 & 0xffff_ffffn };
  return { family: 'IPv6', value: ipv6 };
}

export function parseCidr(text: string): Cidr | undefined {
  const [address = '', bits = '', ...more] = text.split('/');
  const base = parseIp(address);
  if (!base || more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > WIDTH[base.family]) return undefined;
  return { base, bits: Number(bits) };
}

const shiftOf = ({ base, bits }: Cidr) => BigInt(WIDTH[base.family] - bits);
export const firstOf = (cidr: Cidr): bigint => (cidr.base.value >> shiftOf(cidr)) << shiftOf(cidr);
export const sizeOf = (cidr: Cidr): bigint => 1n << shiftOf(cidr);
export const contains = (cidr: Cidr, ip: Ip): boolean =>
  ip.family === cidr.base.family && ip.value >> shiftOf(cidr) === cidr.base.value >> shiftOf(cidr);

export const printIpv4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
/** As RFC 5952 has it: the longest run of zero groups is left out. */
function printIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_one, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let best = { from: -1, count: 1 };
  for (let from = 0; from < groups.length; from += 1) {
    let to = from;
    while (groups[to] === '0') to += 1;
    if (to - from > best.count) best = { from, count: to - from };
  }
  if (best.from < 0) return groups.join(':');
  return `${groups.slice(0, best.from).join(':')}::${groups.slice(best.from + best.count).join(':')}`;
}
export const printIp = ({ family, value }: Ip): string => (family === 'IPv4' ? printIpv4(value) : printIpv6(value));
export const printCidr = (cidr: Cidr): string =>
  `${printIp({ family: cidr.base.family, value: firstOf(cidr) })}/${cidr.bits}`;

export const IP_PROBLEM = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
export const CIDR_PROBLEM = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
