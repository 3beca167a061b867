/** Why points were lost, as far as the checks and the clock tell. */
import type { CheckResult, Text } from '#grader/types.ts';

/** `place`: wrong namespace, context or host. `typo`: a name or a unit slightly off. `concept`: anything else that was wrong. */
export const CAUSES = ['not-attempted', 'time', 'place', 'typo', 'concept'] as const;
export type Cause = (typeof CAUSES)[number];

export interface Circumstances {
  /** Milliseconds that the question was open. */
  spentMs: number;
  /** Whether anything in its cluster was changed; null where that is not known. */
  attempted: boolean | null;
  /** The exam ended because its time was up. */
  timeUp: boolean;
  /** It was the question that was open at the end. */
  openAtEnd: boolean;
}

/** Undefined for a check that lost nothing, or could not run. */
export function causeOf(
  { points, scored, result }: Pick<CheckResult, 'points' | 'scored' | 'result'>,
  { spentMs, attempted, timeUp, openAtEnd }: Circumstances,
): Cause | undefined {
  if (scored >= points || result.outcome === 'unknown') return undefined;
  if (spentMs === 0) return timeUp ? 'time' : 'not-attempted';
  if (attempted === false) return timeUp && openAtEnd ? 'time' : 'not-attempted';
  // What holds from the start earns nothing alone: the points went with the work that is missing.
  if (result.outcome === 'passed') return timeUp && openAtEnd ? 'time' : 'concept';
  const near = nearCause(result.nearMiss);
  if (near !== undefined) return near;
  return timeUp && openAtEnd ? 'time' : 'concept';
}

/** The grader's near misses (grader/checks/near-miss.ts), told apart by their words. */
const PLACE = /\b(namespace|context|host)\b/;
const TYPO = /its name has to be|its unit is not|mistyped|letters? (?:off|apart)/;

function nearCause(nearMiss: Text | undefined): Cause | undefined {
  if (nearMiss === undefined) return undefined;
  // A mistyped name in another namespace is both: the place is what to look at first next time.
  if (PLACE.test(nearMiss.en)) return 'place';
  return TYPO.test(nearMiss.en) ? 'typo' : undefined;
}
