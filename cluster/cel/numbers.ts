/** Numbers and times as text, the way Go reads and prints them. */
const MAX_INT = 2n ** 63n - 1n;
const MIN_INT = -(2n ** 63n);

export const fitsInt = (value: bigint): boolean => value <= MAX_INT && value >= MIN_INT;
export const fitsUint = (value: bigint): boolean => value >= 0n && value < 2n ** 64n;

/** strconv.FormatFloat(value, 'g', -1, 64): the shortest text that reads back, with an exponent from 1e21 and below 1e-4. */
export function formatG(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 21) {
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  return formatF(value);
}

/** strconv.FormatFloat(value, 'f', -1, 64): never an exponent. */
export function formatF(value: number): string {
  const plain = String(value);
  if (!plain.includes('e')) return plain;
  const [mantissa = '', exponent = '0'] = plain.split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const text =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : point >= digits.length
        ? digits + '0'.repeat(point - digits.length)
        : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return negative ? `-${text}` : text;
}

const UNITS: Record<string, bigint> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** time.ParseDuration, in nanoseconds; undefined: no duration. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^([+-]?)(.*)$/s.exec(text);
  const [, minus = '', rest = ''] = match ?? [];
  if (rest === '0') return 0n;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let nanos = 0n;
  for (const [, number = '', unit = ''] of rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const [whole = '', fraction = ''] = number.split('.');
    const each = UNITS[unit] ?? 0n;
    nanos += BigInt(whole || '0') * each;
    if (fraction) nanos += (BigInt(fraction) * each) / 10n ** BigInt(fraction.length);
  }
  if (minus === '-') nanos = -nanos;
  return fitsInt(nanos) ? nanos : undefined;
}

/** As `string(duration)` prints it: seconds with a fraction. */
export const durationText = (nanos: bigint): string => `${formatF(Number(nanos) / 1e9)}s`;

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:\d\d)$/;

/** time.Parse(time.RFC3339), in nanoseconds since 1970; undefined: no time. */
export function parseTimestamp(text: string): bigint | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  let seconds = BigInt(date.getTime() / 1000) + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  if (!/^z$/i.test(zone)) {
    const offset = zoneOffset(zone);
    if (offset === undefined) return undefined;
    seconds -= BigInt(offset);
  }
  return seconds * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}

/** `+09:30` and `09:30` in seconds. */
export function zoneOffset(zone: string): number | undefined {
  const match = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (!match) return undefined;
  const [, minus, hours, minutes] = match;
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return Number(hours) > 24 || Number(minutes) > 59 ? undefined : minus === '-' ? -seconds : seconds;
}

/** time.RFC3339Nano, in UTC. */
export function timestampText(nanos: bigint): string {
  const fraction = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (nanos - fraction) / 1_000_000_000n;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const digits = fraction.toString().padStart(9, '0').replace(/0+$/, '');
  return `${whole}${digits === '' ? '' : `.${digits}`}Z`;
}

const MIN_UNIX = -62135596800n;
const MAX_UNIX = 253402300799n;
export const timestampFits = (nanos: bigint): boolean => {
  const seconds = nanos / 1_000_000_000n;
  return seconds >= MIN_UNIX && seconds <= MAX_UNIX;
};
