/** Fields that take a number or a percentage: `maxSurge: 25%`. */
export type IntOrPercent = number | string;

/** The number meant, of `total`; a percentage is rounded up or down. What is neither counts as 0 (validation refuses it). */
export function scaledValue(value: IntOrPercent | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  if (!/^\d+%$/.test(value)) return Number.parseInt(value, 10) || 0;
  const scaled = (Number.parseInt(value, 10) * total) / 100;
  return round === 'up' ? Math.ceil(scaled) : Math.floor(scaled);
}
