/** Grades a cluster's state: every check, its outcome, the points. */
import type { CheckInput } from './checks/check.ts';
import { demandsHeld, filesRead, runCheck } from './checks/index.ts';
import type { CheckResult, CheckSpec, FoundFile, GradingInput, Outcome, Report, Scenario } from './types.ts';

interface Ran {
  check: CheckSpec;
  result: Outcome;
  /** Points that it would earn on its own. */
  worth: number;
  /** It passed before anything was done as well. */
  held: boolean;
}

/**
 * A check that held before anything was done (a namespace that must stay as it is) earns its points only together with one
 * that did not: doing nothing scores nothing.
 */
export function grade(
  scenario: Pick<Scenario, 'id' | 'checks'>,
  { now, before, trials, files, others }: GradingInput,
): Report {
  // of a cluster whose start is not known, only what holds in an empty one is nobody's work
  const start = before ?? { now: now.now, resources: {} };
  const filesAtStart = filesGiven(scenario);
  const ran = scenario.checks.map((check): Ran => {
    const trial = trials?.[check.id];
    const input = { now, before, trial: trial?.now, files, others };
    const result = runCheck(check, input);
    const atStart = { now: start, before: start, trial: trial?.before, files: filesAtStart };
    if (result.outcome !== 'passed') {
      return { check, result, worth: check.partial ? partialPoints(check, input, atStart) : 0, held: false };
    }
    return { check, result, worth: check.points, held: runCheck(check, atStart).outcome === 'passed' };
  });
  const failed = new Set(ran.flatMap(({ check, result }) => (result.outcome === 'failed' ? [check.id] : [])));
  const told = ran.map((one): Ran => {
    const { check, result } = one;
    const waitsFor = result.outcome === 'failed' ? (check.needs ?? []).filter((needed) => failed.has(needed)) : [];
    return waitsFor.length === 0 ? one : { ...one, result: { outcome: 'failed', findings: [], waitsFor }, worth: 0 };
  });
  const achieved = told.some(({ worth, held }) => worth > 0 && !held);
  const results = told.map(({ check: { id, sentence, points }, result, worth, held }): CheckResult => ({
    id,
    sentence,
    points,
    scored: held && !achieved ? 0 : worth,
    result,
  }));
  const counted = results.filter(({ result }) => result.outcome !== 'unknown');
  return {
    scenario: scenario.id,
    results,
    scored: counted.reduce((sum, { scored }) => sum + scored, 0),
    possible: counted.reduce((sum, { points }) => sum + points, 0),
  };
}

/** The files that the checks look into, as the task gives them. */
function filesGiven({ checks, home = {} }: Pick<Scenario, 'checks'> & Partial<Pick<Scenario, 'home'>>) {
  const given = (path: string): FoundFile => {
    const text = Object.hasOwn(home, path) ? home[path] : undefined;
    return text === undefined ? { missing: true, beside: [] } : { text };
  };
  return Object.fromEntries(filesRead(checks).map((path) => [path, given(path)]));
}

/** For the share of what had to be done that was done: what held at the start is nobody's work. */
function partialPoints(check: CheckSpec, input: CheckInput, atStart: CheckInput): number {
  const is = demandsHeld(check, input);
  const was = demandsHeld(check, atStart);
  // in whole numbers, so that two thirds of three points are two
  const done = is.held * was.of - was.held * is.of;
  const wanted = (was.of - was.held) * is.of;
  return done <= 0 || wanted <= 0 ? 0 : Math.floor((check.points * done) / wanted);
}
