import { createHash } from 'node:crypto';
import { CURRICULUM } from '#grader/curriculum.ts';
import type { Domain, Scenario } from '#grader/types.ts';

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

/**
 * What an exam asks: of the scenarios that come with Drydock as many of each domain as the curriculum weighs it, easy ones first.
 * The same seed and scenarios give the same exam.
 */
export function drawExam(scenarios: readonly Scenario[], seed = 0): Blueprint {
  const place = ({ id }: Scenario): string => createHash('sha256').update(`${seed} ${id}`).digest('hex');
  const order = scenarios
    .filter((scenario) => scenario.origin === 'shipped')
    .map((scenario) => ({ scenario, at: place(scenario) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ scenario }) => scenario);
  const wanted = new Map(shares(Math.min(MAX_QUESTIONS, order.length)));
  const asked: Scenario[] = [];
  const left: Scenario[] = [];
  for (const scenario of order) {
    const more = wanted.get(scenario.domain) ?? 0;
    wanted.set(scenario.domain, more - 1);
    (more > 0 ? asked : left).push(scenario);
  }
  // A domain with too few leaves its room to the others.
  asked.push(...left.slice(0, Math.max(0, Math.min(MAX_QUESTIONS, order.length) - asked.length)));
  return inTheirTime(asked.sort((a, b) => a.difficulty - b.difficulty || (a.id < b.id ? -1 : 1)));
}

/** Questions of each domain, by largest remainders: 5, 4, 3, 3 and 2 of 17. */
function shares(count: number): [Domain, number][] {
  const exact = Object.entries(CURRICULUM).map(([domain, { weight }]) => ({
    domain: domain as Domain,
    share: (weight * count) / 100,
  }));
  const missing = count - exact.reduce((sum, { share }) => sum + Math.floor(share), 0);
  const up = new Set(
    exact
      .toSorted((a, b) => (b.share % 1) - (a.share % 1))
      .slice(0, missing)
      .map(({ domain }) => domain),
  );
  return exact.map(({ domain, share }) => [domain, Math.floor(share) + (up.has(domain) ? 1 : 0)]);
}

/** The scenarios of these ids, in this order; those that have gone since are left out. */
export function sameExam(scenarios: readonly Scenario[], ids: readonly string[]): Blueprint {
  const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  return inTheirTime(ids.flatMap((id) => byId.get(id) ?? []));
}

function inTheirTime(asked: readonly Scenario[]): Blueprint {
  // One of full length has the real one's time, whatever was drawn.
  const minutes = asked.length < MAX_QUESTIONS ? asked.reduce((sum, { minutes: each }) => sum + each, 0) : MAX_MINUTES;
  return { scenarios: asked, minutes: Math.min(minutes, MAX_MINUTES) };
}
