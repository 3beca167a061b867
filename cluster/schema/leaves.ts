/** Values that read and print themselves in their own way: times, quantities, numbers or names, raw JSON, bytes. */
import { parseQuantity, quantityProblem } from '../api/quantity.ts';
import { normaliseMicroTime, normaliseTime } from '../api/time.ts';
import type { Json } from '../api/types.ts';
import { goStruct } from './lookup.ts';

/** A value that cannot be what its field needs. The message is Go's. */
export class DecodeError extends Error {
  /** The Go type that was wanted, when the value is of the wrong JSON type: the caller knows the field. */
  readonly wanted: string | undefined;
  constructor(message: string, wanted?: string) {
    super(message);
    this.wanted = wanted;
  }
}

/** As Go's decoder calls the JSON type of a value. */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.Time';
const MICRO_TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime';
export const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';

export const isLeaf = (schemaName: string): boolean => goStruct(schemaName) === undefined;

/** What Go prints for one that was never set. */
export function zeroLeaf(schemaName: string): Json {
  if (schemaName === QUANTITY) return '0';
  if (schemaName === INT_OR_STRING) return 0;
  return schemaName.endsWith('.CustomResourceSubresourceStatus') ? {} : null;
}

function decodeTime(value: Json, normalise: (text: string) => string): Json {
  if (value === null) return null;
  if (typeof value !== 'string') throw new DecodeError('', 'string');
  try {
    return normalise(value);
  } catch (error) {
    throw new DecodeError(error instanceof Error ? error.message : String(error));
  }
}

function decodeIntOrString(value: Json): Json {
  if (value === null) return 0;
  if (typeof value === 'string') return value;
  const whole = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 31;
  if (!whole) throw new DecodeError('', 'int32');
  return value;
}

function decodeQuantity(value: Json): Json {
  if (value === null) return '0';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const parsed = parseQuantity(text);
  if (!parsed) throw new DecodeError(quantityProblem(text) ?? '');
  return parsed.toString();
}

/** Bytes travel as base64. @throws DecodeError */
export function decodeBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  const wrong = /[^A-Za-z0-9+/=]/.exec(plain)?.index ?? /=(?=[^=])/.exec(plain)?.index;
  if (wrong !== undefined) throw new DecodeError(`illegal base64 data at input byte ${wrong}`);
  if (plain.length % 4 !== 0) {
    const digits = plain.replace(/=+$/, '').length;
    throw new DecodeError(
      `illegal base64 data at input byte ${plain.length === digits ? digits - (digits % 4) : plain.length}`,
    );
  }
  return Buffer.from(plain, 'base64').toString('base64');
}

/** @throws DecodeError */
export function decodeLeaf(name: string, value: Json): Json {
  switch (name) {
    case TIME:
      return decodeTime(value, normaliseTime);
    case MICRO_TIME:
      return decodeTime(value, normaliseMicroTime);
    case QUANTITY:
      return decodeQuantity(value);
    case INT_OR_STRING:
      return decodeIntOrString(value);
    default:
      return shallow(value);
  }
}

/** Raw JSON is kept as it is, and everything that later looks at it is recursive. No real object comes near this. */
const MAX_RAW_DEPTH = 500;

function shallow(value: Json, depth = 0): Json {
  if (depth > MAX_RAW_DEPTH) throw new DecodeError('exceeded max depth');
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) shallow(part, depth + 1);
  return value;
}
