/** What is wrong with a scenario that loads, or could be better: for its author only, learners can use it. */
import { join } from 'node:path';
import { loadScenario, SCENARIO_FILE } from '../load.ts';
import { inReadingOrder, type Problem } from '../problem.ts';
import type { Scenario } from '../types.ts';
import { explanationProblems } from './explanation.ts';
import { idleCheckProblems } from './idle-checks.ts';
import { literalProblems, uncoveredProblems } from './literals.ts';

const HINTS = 3;
const FEWEST_SOLUTIONS = 2;
const FEWEST_MISTAKES = 3;

/** All problems of a scenario folder: those that keep it from being used, or those of one that can be. */
export function lintScenario(folder: string, id: string): { scenario?: Scenario; problems: Problem[] } {
  const loaded = loadScenario(folder, id, 'own');
  if (!loaded.scenario) return loaded;
  const { scenario } = loaded;
  const problems = [
    ...amountProblems(scenario),
    ...idleCheckProblems(scenario),
    ...literalProblems(scenario),
    ...uncoveredProblems(scenario),
    ...explanationProblems(scenario),
  ];
  return { scenario, problems: inReadingOrder(problems) };
}

function amountProblems({ folder, hints, solutions, mistakes }: Scenario): Problem[] {
  const file = join(folder, SCENARIO_FILE);
  const warn = (message: string): Problem => ({ file, line: 0, column: 0, level: 'warning', message });
  return [
    ...(hints.length === HINTS
      ? []
      : [warn(`${counted(hints.length, 'hint')}; write ${HINTS}, from where to look to how it is written`)]),
    ...(solutions.length >= FEWEST_SOLUTIONS
      ? []
      : [warn(`${counted(solutions.length, 'solution')}; write ${FEWEST_SOLUTIONS} that go different ways`)]),
    ...(mistakes.length >= FEWEST_MISTAKES
      ? []
      : [warn(`${counted(mistakes.length, 'mistake')}; write ${FEWEST_MISTAKES} that candidates make`)]),
  ];
}

const counted = (count: number, what: string): string =>
  `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;
