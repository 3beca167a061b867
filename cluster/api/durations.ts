/** Go's durations (`1h30m`, in nanoseconds at the finest) and the ages that kubectl prints. */

const UNIT_NS: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const NS_PER_MS = 1e6;

/** Milliseconds; undefined: not a duration (a number needs a unit, save for 0). */
export function parseDuration(text: string): number | undefined {
  const [, sign, rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0;
  if (!/^(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let ns = 0;
  for (const [, amount = '', unit = ''] of rest.matchAll(/([0-9.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    ns += Number(amount) * (UNIT_NS[unit] ?? 0);
  }
  return (sign === '-' ? -ns : ns) / NS_PER_MS;
}

/** As Go's Duration.String: `1h0m0s`, `1.5s`, `300ms`, `0s`. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s';
  const sign = ms < 0 ? '-' : '';
  const ns = Math.round(Math.abs(ms) * NS_PER_MS);
  if (ns < 1e9) {
    if (ns < 1e3) return `${sign}${ns}ns`;
    return ns < 1e6 ? `${sign}${ns / 1e3}µs` : `${sign}${ns / 1e6}ms`;
  }
  const hours = Math.floor(ns / 3600e9);
  const minutes = Math.floor((ns % 3600e9) / 60e9);
  const seconds = (ns % 60e9) / 1e9;
  const head = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '';
  // Not Number's own text: that prints 7 ns as 7e-9.
  return `${sign}${head}${seconds.toFixed(9).replace(/\.?0+$/, '')}s`;
}

const withRest = (whole: number, unit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`;

/** Two or three significant figures: `119s`, `2m5s`, `3h20m`, `2d1h`, `5y30d`. A clock that runs two seconds ahead is forgiven. */
export function ageText(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 365 * 8 ? withRest(years, 'y', days % 365, 'd') : `${years}y`;
}
