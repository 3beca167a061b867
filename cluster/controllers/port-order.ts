/** The order in which the endpoint controllers write ports: by a hash of what Go prints for them, so it looks like chance and is always the same. */
const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;
const MASK = (1n << 128n) - 1n;

/** FNV-1a of 128 bits, as hexadecimal digits. */
export function fnv128a(text: string): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  return hash.toString(16).padStart(32, '0');
}

export interface HashedPort {
  name?: string;
  port?: number;
  protocol?: string;
  appProtocol?: string;
}

const pointer = (type: string, value: string | number | undefined): string =>
  value === undefined ? `(*${type})<nil>` : `(*${type})${value}`;

/** discovery.k8s.io's port, as spew prints it. */
export const sliceText = ({ name, port, protocol, appProtocol }: HashedPort): string =>
  `(v1.EndpointPort){Name:${pointer('string', name)} Protocol:${pointer('v1.Protocol', protocol)} Port:${pointer('int32', port)} AppProtocol:${pointer('string', appProtocol)}}`;

/** The port of the older Endpoints. */
export const subsetText = ({ name = '', port = 0, protocol = '', appProtocol }: HashedPort): string =>
  `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol} AppProtocol:${pointer('string', appProtocol)}}`;

export function inHashOrder<T extends HashedPort>(ports: readonly T[], text: (port: HashedPort) => string): T[] {
  if (ports.length < 2) return [...ports];
  return ports
    .map((port): [string, T] => [fnv128a(text(port)), port])
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, port]) => port);
}
