/** ASN.1 in its distinguished encoding (X.690), as far as certificates and requests for them need it. */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export interface Element {
  tag: number;
  content: Uint8Array;
  /** With tag and length. */
  raw: Uint8Array;
}

/** What the bytes say is no DER. */
export class DerError extends Error {}

/** The element at the start of `bytes`. @throws DerError */
export function readElement(bytes: Uint8Array): Element {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw new DerError('asn1: syntax error: data truncated');
  let start = 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0) throw new DerError('asn1: syntax error: indefinite length found (not DER)');
    if (count > 4) throw new DerError('asn1: structure error: length too large');
    length = 0;
    for (const byte of bytes.subarray(2, 2 + count)) length = length * 256 + byte;
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('asn1: syntax error: data truncated');
  return { tag, content: bytes.subarray(start, end), raw: bytes.subarray(0, end) };
}

/** Everything inside one element, or in a row. @throws DerError */
export function readAll(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const element = readElement(rest);
    elements.push(element);
    rest = rest.subarray(element.raw.length);
  }
  return elements;
}

export function objectId({ content }: Element): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(head / 40));
  return [root, head - root * 40, ...rest].join('.');
}

export function encode(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const header = content.length < 0x80 ? [content.length] : [0x80 | length.length, ...length];
  return Buffer.concat([Uint8Array.of(tag, ...header), content]);
}

export const sequence = (...parts: Uint8Array[]): Uint8Array => encode(TAG.sequence, ...parts);

export function encodeObjectId(text: string): Uint8Array {
  const [root = 0, second = 0, ...arcs] = text.split('.').map(Number);
  const bytes = [root * 40 + second, ...arcs].flatMap((arc) => {
    const digits = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest % 128));
    return digits;
  });
  return encode(TAG.objectId, Uint8Array.from(bytes));
}

/** Two digits a byte, not negative. */
export function encodeInteger(hex: string): Uint8Array {
  const bytes = Buffer.from(hex, 'hex');
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const positive = bytes.subarray(start);
  return encode(TAG.integer, (positive[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), positive);
}

/** `ms` since 1970, to the second: short until 2049, long from then on (RFC 5280, 4.1.2.5). */
export function encodeTime(ms: number): Uint8Array {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  const long = digits >= '2050';
  return encode(long ? TAG.generalizedTime : TAG.utcTime, Buffer.from(long ? digits : digits.slice(2)));
}

/** The bits of a flag word, least significant first, as ASN.1 counts them. */
export function encodeBits(flags: number): Uint8Array {
  const bytes: number[] = [];
  let last = -1;
  for (let bit = 0; flags >> bit > 0; bit++) {
    if (((flags >> bit) & 1) === 0) continue;
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
    last = bit;
  }
  const filled = Array.from(bytes, (byte) => byte ?? 0);
  return encode(TAG.bitString, Uint8Array.of(last < 0 ? 0 : 7 - (last & 7), ...filled));
}

export const bitString = (bytes: Uint8Array): Uint8Array => encode(TAG.bitString, Uint8Array.of(0), bytes);

/** The label and bytes of the first PEM block; undefined: there is none. */
export function decodePem(text: string): { label: string; bytes: Uint8Array } | undefined {
  const [, label, body] =
    /(?:^|\n)-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n([\s\S]*?)\n?-----END \1-----/.exec(text) ?? [];
  if (label === undefined || body === undefined) return undefined;
  // headers end with an empty line
  const base64 = body.includes(':') ? body.slice(body.search(/\n\r?\n/) + 1) : body;
  const stripped = base64.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(stripped)) return undefined;
  return { label, bytes: Buffer.from(stripped, 'base64') };
}

export const encodePem = (label: string, bytes: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes)
    .toString('base64')
    .replaceAll(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
