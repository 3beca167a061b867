/** Values that are a count or a share: `3`, `25%`. */
import { invalid, type FieldError, type Path } from '../../api/field.ts';
import { nonNegative } from '../pod-spec/scalars.ts';

export type IntOrPercent = number | string;

const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

export function validateIntOrPercent(value: IntOrPercent, path: Path): FieldError[] {
  if (typeof value === 'number') return nonNegative(value, path);
  return /^[0-9]+%$/.test(value) ? [] : [invalid(path, value, PERCENT)];
}

/** The number before the percent sign, or the count; 0 for what is neither. */
export function amountOf(value: IntOrPercent): number {
  if (typeof value === 'number') return value;
  const digits = /^([0-9]+)%?$/.exec(value)?.[1];
  return digits === undefined ? 0 : Number(digits);
}

export const atMostAll = (value: IntOrPercent, path: Path): FieldError[] =>
  typeof value === 'string' && /^[0-9]+%$/.test(value) && amountOf(value) > 100
    ? [invalid(path, value, 'must not be greater than 100%')]
    : [];
