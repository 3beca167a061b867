/**
 * Amounts: `100m`, `1Gi`, `1e3`. Exact: kept as a whole number of nanos, the smallest part Kubernetes knows. What is finer is
 * rounded up (away from zero): who asks for some, gets some.
 */

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export const QUANTITY_FORMAT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const QUANTITY_SUFFIX = "unable to parse quantity's suffix";

const QUANTITY_NUMBER = 'unable to parse numeric part of quantity';

const NANOS = 1_000_000_000n;
const NANO_EXPONENT = -9;
/** Powers of ten beyond this add digits and no meaning; a body with `1e999999999` must not cost memory. */
const MAX_EXPONENT = 60;
/** 2^63 - 1: where binary amounts are capped. */
const MAX_BINARY = (2n ** 63n - 1n) * NANOS;

const BINARY: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY_SUFFIX = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL_SUFFIX = new Map(Object.entries(DECIMAL).map(([suffix, exponent]) => [exponent, suffix]));

const SHAPE = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** Whole part of a / b, away from zero when something is left. b > 0. */
function divideUp(a: bigint, b: bigint): bigint {
  const whole = a / b;
  if (whole * b === a) return whole;
  return a < 0n ? whole - 1n : whole + 1n;
}

export class Quantity {
  readonly #nanos: bigint;
  readonly format: QuantityFormat;
  /** The text as it came in, where that counts as canonical already: `1500m`, `1.500`. */
  readonly #text: string | undefined;

  constructor(nanos: bigint, format: QuantityFormat, text?: string) {
    this.#nanos = nanos;
    this.format = format;
    this.#text = text;
  }
  static ofValue(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity(BigInt(value) * NANOS, format);
  }
  static ofMilli(milliValue: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity((BigInt(milliValue) * NANOS) / 1000n, format);
  }
  /** Negative, zero or positive: this is less than, equal to, greater than `other`. The format does not matter. */
  cmp(other: Quantity): -1 | 0 | 1 {
    if (this.#nanos === other.#nanos) return 0;
    return this.#nanos < other.#nanos ? -1 : 1;
  }
  /** The sum is written as this is, or as `other` is when this is zero. */
  add(other: Quantity): Quantity {
    return new Quantity(this.#nanos + other.#nanos, this.isZero() ? other.format : this.format);
  }
  sub(other: Quantity): Quantity {
    return new Quantity(this.#nanos - other.#nanos, this.isZero() ? other.format : this.format);
  }
  mul(factor: number | bigint): Quantity {
    return new Quantity(this.#nanos * BigInt(factor), this.format);
  }
  neg(): Quantity {
    return new Quantity(-this.#nanos, this.format);
  }
  sign(): -1 | 0 | 1 {
    if (this.#nanos === 0n) return 0;
    return this.#nanos < 0n ? -1 : 1;
  }
  isZero(): boolean {
    return this.#nanos === 0n;
  }
  /** Whole units, rounded away from zero. */
  value(): number {
    return Number(divideUp(this.#nanos, NANOS));
  }
  /** Thousandths, rounded away from zero. */
  milliValue(): number {
    return Number(divideUp(this.#nanos * 1000n, NANOS));
  }
  /** With the fraction: 0.1 for `100m`. May lose precision. */
  toNumber(): number {
    return Number(this.#nanos) / Number(NANOS);
  }
  toString(): string {
    return this.#text ?? this.#canonical();
  }
  toJSON(): string {
    return this.toString();
  }

  #canonical(): string {
    if (this.#nanos === 0n) return '0';
    if (this.format === 'BinarySI' && !this.#needsDecimal()) return this.#binary();
    let amount = this.#nanos;
    let exponent = NANO_EXPONENT;
    while (amount % 10n === 0n) {
      amount /= 10n;
      exponent += 1;
    }
    while (exponent % 3 !== 0) {
      amount *= 10n;
      exponent -= 1;
    }
    if (this.format === 'DecimalExponent') return exponent === 0 ? String(amount) : `${amount}e${exponent}`;
    return `${amount}${DECIMAL_SUFFIX.get(exponent) ?? ''}`;
  }
  /** Binary amounts under 1024, or with a fraction, are written as decimals rather than rounded. */
  #needsDecimal(): boolean {
    const bound = 1024n * NANOS;
    return (this.#nanos > -bound && this.#nanos < bound) || this.#nanos % NANOS !== 0n;
  }
  #binary(): string {
    let amount = this.#nanos / NANOS;
    let power = 0;
    while (amount % 1024n === 0n) {
      amount /= 1024n;
      power += 1;
    }
    return `${amount}${BINARY_SUFFIX[power] ?? ''}`;
  }
}

function exponentOf(suffix: string): { format: QuantityFormat; binary?: number; decimal?: number } | undefined {
  const decimal = DECIMAL[suffix];
  if (decimal !== undefined) return { format: 'DecimalSI', decimal };
  const binary = BINARY[suffix];
  if (binary !== undefined) return { format: 'BinarySI', binary };
  if (!/^[eE][+-]?[0-9]+$/.test(suffix)) return undefined;
  return { format: 'DecimalExponent', decimal: Number(suffix.slice(1)) };
}

/** Keeps the text where Go does: scale a multiple of three, no group of zeros to fold, small enough for its quick path. */
function keepsDecimalText(whole: string, fraction: string, scale: number): boolean {
  const digits = (whole === '' ? '0' : whole) + fraction;
  const quick = digits.length <= 18 && scale >= NANO_EXPONENT;
  return quick && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}
function keepsBinaryText(whole: string, fraction: string, bits: number): boolean {
  if (fraction !== '' || whole.length + Math.trunc((bits * 3) / 10) + 1 > 15) return false;
  const amount = BigInt(whole === '' ? '0' : whole);
  return amount % 8n !== 0n && amount << BigInt(bits) < 2n ** 63n;
}

function scaled(digits: bigint, exponent: number): bigint {
  const shift = Math.min(exponent - NANO_EXPONENT, MAX_EXPONENT);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  if (digits === 0n) return 0n;
  return shift < -MAX_EXPONENT - String(digits).length ? 1n : divideUp(digits, 10n ** BigInt(-shift));
}

function read(text: string): Quantity | string {
  if (text === '0') return new Quantity(0n, 'DecimalSI', '0');
  const [, sign = '', whole = '', fraction = '', suffix = ''] = SHAPE.exec(text) ?? [];
  if (text === '' || !SHAPE.test(text)) return QUANTITY_FORMAT;
  const unit = exponentOf(suffix);
  if (!unit) return QUANTITY_SUFFIX;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const negate = sign === '-' ? -1n : 1n;
  if (unit.binary === undefined) {
    const exponent = (unit.decimal ?? 0) - fraction.length;
    const kept = keepsDecimalText(whole, fraction, exponent) ? text : undefined;
    return new Quantity(negate * scaled(digits, exponent), unit.format, kept);
  }
  // Go's quick path takes a missing number for zero (`Ki` is 0); its slow one, needed from Pi on, does not.
  if (!/[0-9]/.test(text) && unit.binary >= 50) return QUANTITY_NUMBER;
  const nanos = scaled(digits << BigInt(unit.binary), -fraction.length);
  const capped = nanos > MAX_BINARY ? MAX_BINARY : nanos;
  const kept = keepsBinaryText(whole, fraction, unit.binary) ? text : undefined;
  return new Quantity(negate * capped, capped > 0n && capped < NANOS ? 'DecimalSI' : unit.format, kept);
}

/** undefined: not a quantity. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const result = read(String(text).trim());
  return typeof result === 'string' ? undefined : result;
}

/** Why `text` is not a quantity, in Go's words; undefined when it is one. */
export function quantityProblem(text: string | number): string | undefined {
  const result = read(String(text).trim());
  return typeof result === 'string' ? result : undefined;
}

/** For texts that were checked before. @throws Error our own mistake */
export function quantity(text: string | number): Quantity {
  const parsed = parseQuantity(text);
  if (!parsed) throw new Error(`not a quantity: ${text}`);
  return parsed;
}

/** As the server writes it back: `0.5Gi` becomes `512Mi`. @throws Error when `text` is not a quantity */
export const canonicalQuantity = (text: string | number): string => quantity(text).toString();
