/** Values as text. */
import { durationText, formatG, timestampText } from './numbers.ts';
import {
  CelError,
  Duration,
  isMapValue,
  ListValue,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './values.ts';

function doubleText(value: number): string {
  if (!Number.isFinite(value))
    return `double("${formatG(value).replace('+Inf', 'Infinity').replace('-Inf', '-Infinity')}")`;
  const text = formatG(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;

/** As an expression would spell it: cel-go's types.Format. */
export function printValue(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return doubleText(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Uint) return `${value.value}u`;
  if (value instanceof Timestamp) return `timestamp("${timestampText(value.nanos)}")`;
  if (value instanceof Duration) return `duration("${durationText(value.nanos)}")`;
  if (value instanceof ListValue) return `[${[...value].map(printValue).join(', ')}]`;
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Optional) {
    return value.value === undefined ? 'optional.none()' : `optional.of(${printValue(value.value)})`;
  }
  if (value instanceof Uint8Array) return `b"${[...value].map(octal).join('')}"`;
  if (value instanceof Opaque) return value.toString();
  if (value instanceof CelError) return value.message;
  return isMapValue(value)
    ? `{${value
        .keys()
        .map((key) => `${printValue(key)}: ${printValue(value.find(key) ?? null)}`)
        .join(', ')}}`
    : '';
}

/** As Go's %v prints it: texts without quotes. */
export function valueText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatG(value);
  return value instanceof Uint ? String(value.value) : printValue(value);
}
