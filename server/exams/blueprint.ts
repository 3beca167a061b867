import type { Scenario } from '#grader/types.ts';

/** As many as the real exam asks at most. */
const MAX_QUESTIONS = 17;
/** The real exam's length. */
const MAX_MINUTES = 120;
/** Percent needed to pass the real exam. */
export const PASS_PERCENT = 66;

export interface Blueprint {
  scenarios: readonly Scenario[];
  minutes: number;
}

/** What an exam asks: the scenarios that come with Drydock, easy ones first, in the time their authors give them. */
export function drawExam(scenarios: readonly Scenario[]): Blueprint {
  const asked = scenarios
    .filter((scenario) => scenario.origin === 'shipped')
    .sort((a, b) => a.difficulty - b.difficulty || (a.id < b.id ? -1 : 1))
    .slice(0, MAX_QUESTIONS);
  return inTheirTime(asked);
}

/** The scenarios of these ids, in this order; those that have gone since are left out. */
export function sameExam(scenarios: readonly Scenario[], ids: readonly string[]): Blueprint {
  const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  return inTheirTime(ids.flatMap((id) => byId.get(id) ?? []));
}

function inTheirTime(asked: readonly Scenario[]): Blueprint {
  const minutes = asked.reduce((sum, scenario) => sum + scenario.minutes, 0);
  return { scenarios: asked, minutes: Math.min(minutes, MAX_MINUTES) };
}
