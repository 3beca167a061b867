/** Distinguished names: who a certificate is about. */
import { encode, encodeObjectId, objectId, readAll, sequence, TAG, type Element } from './der.ts';

/** In the order in which they are written. */
const ATTRIBUTES = {
  country: '2.5.4.6',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  locality: '2.5.4.7',
  province: '2.5.4.8',
  street: '2.5.4.9',
  postalCode: '2.5.4.17',
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
} as const;
type Attribute = keyof typeof ATTRIBUTES;
const ORDER = Object.keys(ATTRIBUTES) as Attribute[];
/** Only one of these: the last one counts. */
const SINGLE: ReadonlySet<Attribute> = new Set(['commonName', 'serialNumber']);

export type Name = Readonly<Record<Attribute, readonly string[]>>;

const BMP = 0x1e;

function text({ tag, content }: Element): string {
  // the byte order of BMPString is the other one
  if (tag === BMP) return Buffer.from(content).swap16().toString('utf16le');
  return Buffer.from(content).toString('utf8');
}

/** `name`: a sequence of sets of attributes. @throws DerError */
export function readName(name: Element): Name {
  const result = Object.fromEntries(ORDER.map((attribute) => [attribute, [] as string[]])) as Record<
    Attribute,
    string[]
  >;
  for (const set of readAll(name.content)) {
    for (const pair of readAll(set.content)) {
      const [type, value] = readAll(pair.content);
      if (!type || !value) continue;
      const id = objectId(type);
      const attribute = ORDER.find((one) => ATTRIBUTES[one] === id);
      if (!attribute) continue;
      if (SINGLE.has(attribute)) result[attribute] = [text(value)];
      else result[attribute].push(text(value));
    }
  }
  return result;
}

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?*&]*$/;

/** As Go writes names: attributes of a kind in one set, kinds in a fixed order. */
export function encodeName(name: Name): Uint8Array {
  const sets = ORDER.filter((attribute) => name[attribute].some((value) => value !== '')).map((attribute) => {
    const pairs = name[attribute].map((value) =>
      sequence(
        encodeObjectId(ATTRIBUTES[attribute]),
        encode(PRINTABLE.test(value) ? TAG.printable : TAG.utf8, Buffer.from(value)),
      ),
    );
    // a set is written in the order of its members' bytes
    return encode(TAG.set, ...pairs.sort((a, b) => Buffer.compare(a, b)));
  });
  return sequence(...sets);
}
