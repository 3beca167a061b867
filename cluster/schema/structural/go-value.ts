/** Values of strangers' objects as Go's API errors print them. */
import { Printed } from '../../api/field.ts';
import type { Json } from '../../api/types.ts';
import { goJson } from './schema-props.ts';

/** %v of a float64: exponents start below 1e-4 and at 1e21. */
export function goFloat(value: number): string {
  const text = String(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4 && !text.includes('e')) return exponentOf(value.toExponential());
  return exponentOf(text);
}
/** Go writes at least two digits of an exponent. */
const exponentOf = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

/** A value that prints itself as Go's JSON does: keys sorted, HTML escaped. Texts and booleans are themselves. */
export function goValue(value: unknown): unknown {
  if (typeof value === 'number') return new Printed(goFloat(value));
  return typeof value === 'object' && value !== null ? new Printed(goJson(value as Json)) : value;
}
