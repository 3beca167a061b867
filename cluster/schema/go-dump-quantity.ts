/** resource.Quantity as spew prints it: the parts that its parser keeps, which depend on how the number was written. */

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Digits that surely fit into an int64. */
const MAX_DIGITS = 18;
const NANO = 9;
const MAX_INT64 = 2n ** 63n - 1n;

const text = (value: bigint, scale: number, dec: string, written: string, format: string): string =>
  `{i:(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}} ` +
  `d:(resource.infDecAmount){Dec:(*inf.Dec)${dec}} s:(string)${written} Format:(resource.Format)${format}}`;

/** A big number: rounded up to nanos, its magnitude in words of 64 bits, the lowest first. */
function big(nanos: bigint): string {
  const words: bigint[] = [];
  for (let rest = nanos < 0n ? -nanos : nanos; rest > 0n; rest >>= 64n) words.push(rest & (2n ** 64n - 1n));
  return `{unscaled:(big.Int){neg:(bool)${nanos < 0n} abs:(big.nat)[${words.join(' ')}]} scale:(inf.Scale)${NANO}}`;
}

interface Parts {
  format: 'BinarySI' | 'DecimalSI' | 'DecimalExponent';
  exponent: number;
}

function suffixOf(suffix: string): Parts {
  const binary = BINARY.indexOf(suffix);
  if (binary > 0) return { format: 'BinarySI', exponent: binary * 10 };
  const decimal = DECIMAL.indexOf(suffix);
  if (decimal >= 0) return { format: 'DecimalSI', exponent: (decimal - 3) * 3 };
  return { format: 'DecimalExponent', exponent: Number(suffix.slice(1)) };
}

/** Whether a number is small enough for the parser's fast path. */
function isShort(digits: number, hasFraction: boolean, { format, exponent }: Parts): boolean {
  if (format !== 'BinarySI') return digits <= MAX_DIGITS;
  return !hasFraction && 15 - digits - Math.trunc((exponent * 3) / 10) - 1 >= 0;
}

/** `quantity` in canonical form; undefined: Go's zero value. */
export function dumpQuantity(quantity: string | undefined): string {
  if (quantity === undefined) return text(0n, 0, '<nil>', '', '');
  if (quantity === '0') return text(0n, 0, '<nil>', '0', 'DecimalSI');
  const [, sign, whole = '', fraction = '', suffix = ''] =
    /^([+-]?)0*(\d*)\.?(\d*?)0*?([^\d.]*.*)$/.exec(quantity) ?? [];
  const parts = suffixOf(suffix);
  const digits = whole + fraction;
  const number = BigInt(digits || '0');
  const signed = (value: bigint) => (sign === '-' ? -value : value);
  const { format, exponent } = parts;
  const isBinary = format === 'BinarySI';
  const scale = (isBinary ? 0 : exponent) - fraction.length;
  const value = isBinary ? number << BigInt(exponent) : number;
  if (isShort(digits.length, fraction !== '', parts) && scale >= -NANO && value <= MAX_INT64) {
    const isCanonical = isBinary
      ? exponent % 10 === 0 && (number & 7n) !== 0n
      : scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
    return text(signed(value), scale, '<nil>', isCanonical ? quantity : '', format);
  }
  const shift = BigInt(NANO + scale);
  return text(0n, 0, big(signed(value * 10n ** shift)), '', format);
}
