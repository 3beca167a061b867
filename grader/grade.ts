/** Grades a cluster's state: every check, its outcome, the points. */
import { runCheck } from './checks/index.ts';
import type { CheckInput } from './checks/check.ts';
import type { CheckResult, Report, Scenario } from './types.ts';

export function grade(scenario: Pick<Scenario, 'id' | 'checks'>, input: CheckInput): Report {
  const results = scenario.checks.map((check): CheckResult => {
    const result = runCheck(check, input);
    const { id, sentence, points } = check;
    return { id, sentence, points, scored: result.outcome === 'passed' ? points : 0, result };
  });
  const counted = results.filter(({ result }) => result.outcome !== 'unknown');
  return {
    scenario: scenario.id,
    results,
    scored: counted.reduce((sum, { scored }) => sum + scored, 0),
    possible: counted.reduce((sum, { points }) => sum + points, 0),
  };
}
