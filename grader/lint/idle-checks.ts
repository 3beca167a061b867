/** Checks that no script of the folder ever fails, and points that nothing earns. */
import { join } from 'node:path';
import { SCENARIO_FILE } from '../load.ts';
import type { Problem } from '../problem.ts';
import type { Scenario } from '../types.ts';

/** Points of a scenario that make a question of an exam comparable with the others. */
const FEWEST_POINTS = 2;

export function idleCheckProblems({ folder, checks, mistakes, points }: Scenario): Problem[] {
  const file = join(folder, SCENARIO_FILE);
  const warn = (message: string): Problem => ({ file, line: 0, column: 0, level: 'warning', message });
  const failed = new Set(mistakes.flatMap(({ fails }) => fails));
  const never = checks.filter(({ id }) => !failed.has(id));
  return [
    ...(mistakes.length === 0 ? [] : never).map(({ id }) =>
      warn(`no mistake fails the check ${JSON.stringify(id)}: write one that it alone must catch`),
    ),
    ...(points < FEWEST_POINTS ? [warn(`${points} point in all; a task is worth ${FEWEST_POINTS} at least`)] : []),
  ];
}
