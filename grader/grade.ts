/** Grades a cluster's state: every check, its outcome, the points. */
import { runCheck } from './checks/index.ts';
import type { CheckResult, GradingInput, Report, Scenario } from './types.ts';

/**
 * A check that held before anything was done (a namespace that must stay as it is) earns its points only together with one
 * that did not: doing nothing scores nothing.
 */
export function grade(scenario: Pick<Scenario, 'id' | 'checks'>, { now, before, trials }: GradingInput): Report {
  // of a cluster whose start is not known, only what holds in an empty one is nobody's work
  const start = before ?? { now: now.now, resources: {} };
  const ran = scenario.checks.map((check) => {
    const trial = trials?.[check.id];
    const result = runCheck(check, { now, before, trial: trial?.now });
    const held =
      result.outcome === 'passed' &&
      runCheck(check, { now: start, before: start, trial: trial?.before }).outcome === 'passed';
    return { check, result, held };
  });
  const achieved = ran.some(({ result, held }) => result.outcome === 'passed' && !held);
  const results = ran.map(({ check, result, held }): CheckResult => {
    const { id, sentence, points } = check;
    const counts = result.outcome === 'passed' && (!held || achieved);
    return { id, sentence, points, scored: counts ? points : 0, result };
  });
  const counted = results.filter(({ result }) => result.outcome !== 'unknown');
  return {
    scenario: scenario.id,
    results,
    scored: counted.reduce((sum, { scored }) => sum + scored, 0),
    possible: counted.reduce((sum, { points }) => sum + points, 0),
  };
}
