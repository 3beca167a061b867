/** How many there have to be: a number or bounds. */
import type { ManifestProblem } from '../manifest.ts';
import type { Demands } from './check.ts';

export type Count = number | { min?: number; max?: number };
export interface Bounds {
  min: number;
  max: number;
}

export function bounds(count: Count): Bounds {
  if (typeof count === 'number') return { min: count, max: count };
  return { min: count.min ?? 0, max: count.max ?? Infinity };
}

/** `2 × Pod`, `≥ 1 × Pod` */
export function countText({ min, max }: Bounds, kind: string): string {
  if (min === max) return `${min} × ${kind}`;
  if (max === Infinity) return `≥ ${min} × ${kind}`;
  return min === 0 ? `≤ ${max} × ${kind}` : `${min}–${max} × ${kind}`;
}

/** Too few: the share that is there. Too many is wrong as a whole. */
export const countDemands = (found: number, { min }: Bounds): Demands =>
  found < min ? { held: found, of: min } : { held: 0, of: 1 };

/** Bounds that everything or nothing can meet. */
export function boundsProblems(count: Count): ManifestProblem[] {
  const { min, max } = bounds(count);
  if (min === 0 && max === Infinity) {
    return [{ path: ['count'], message: 'count: any number passes; give min or max' }];
  }
  return min > max ? [{ path: ['count'], message: `count: min ${min} is greater than max ${max}` }] : [];
}
