/** Protobuf bytes as text without a schema, for comparing: a field a line, what reads as a message indented. */
const PREFIX = Buffer.from('k8s\0');

interface Field {
  number: number;
  text: string[];
}

function varint(bytes: Buffer, at: number): [bigint, number] {
  let value = 0n;
  for (let shift = 0n; at < bytes.length && shift < 70n; shift += 7n) {
    const byte = bytes[at++] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
  throw new RangeError('not a varint');
}

const PRINTABLE = /^[\x20-\x7e\n\t]*$/;

function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    let tag: bigint;
    [tag, at] = varint(bytes, at);
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (number === 0) throw new RangeError('field 0');
    if (wire === 0) {
      let value: bigint;
      [value, at] = varint(bytes, at);
      // a time's seconds
      fields.push({ number, text: [value > 1_600_000_000n && value < 2_500_000_000n ? '<seconds>' : String(value)] });
    } else if (wire === 2) {
      let length: bigint;
      [length, at] = varint(bytes, at);
      const end = at + Number(length);
      if (end > bytes.length) throw new RangeError('too long');
      fields.push({ number, text: valueText(bytes.subarray(at, end)) });
      at = end;
    } else if (wire === 1 || wire === 5) {
      const end = at + (wire === 1 ? 8 : 4);
      fields.push({ number, text: [bytes.subarray(at, end).toString('hex')] });
      at = end;
    } else throw new RangeError(`wire type ${wire}`);
  }
  return fields;
}

function valueText(bytes: Buffer): string[] {
  const text = bytes.toString();
  if (bytes.subarray(0, 4).equals(PREFIX)) return ['k8s', ...indented(bytes.subarray(4))];
  // a short text may well read as a message: what is printable is text
  if (PRINTABLE.test(text) && !/^[\n\t]/.test(text)) return [/^\d{3,}$/.test(text) ? '<digits>' : JSON.stringify(text)];
  try {
    return ['{', ...indented(bytes), '}'];
  } catch {
    return [PRINTABLE.test(text) ? JSON.stringify(text) : bytes.toString('hex')];
  }
}

const indented = (bytes: Buffer): string[] =>
  fieldsOf(bytes).flatMap(({ number, text: [first = '', ...rest] }) => [
    `  ${number}: ${first}`,
    ...rest.map((line) => `  ${line}`),
  ]);

/** A whole answer: one body, or the frames of a watch (four bytes of length each). */
export function wireText(bytes: Buffer): string {
  try {
    if (bytes.subarray(0, 4).equals(PREFIX)) return valueText(bytes).join('\n');
    const frames: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = bytes.readUInt32BE(at);
      frames.push(`frame`, ...valueText(bytes.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    return frames.join('\n');
  } catch {
    return bytes.toString('hex');
  }
}
