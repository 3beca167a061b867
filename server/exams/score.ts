export interface Score {
  scored: number;
  possible: number;
  /** Whole percent, rounded down: 65.9 is not a pass. */
  percent: number;
  passed: boolean;
  passPercent: number;
}

/** @param passPercent percent of the points that are needed to pass */
export function score(gradings: readonly { scored: number; possible: number }[], passPercent: number): Score {
  const scored = gradings.reduce((sum, grading) => sum + grading.scored, 0);
  const possible = gradings.reduce((sum, grading) => sum + grading.possible, 0);
  const percent = possible === 0 ? 0 : Math.floor((scored * 100) / possible);
  return { scored, possible, percent, passed: percent >= passPercent, passPercent };
}
