/** From a blueprint to the questions of one exam. */
import { createHash } from 'node:crypto';
import type { Scenario } from '../types.ts';
import type { Blueprint } from './load.ts';
import type { Draw } from './schema.ts';

export interface Drawn {
  scenarios: Scenario[];
  /** Lines of `draw` for which the pack has too few scenarios. */
  short: { draw: Draw; found: number }[];
}

/** The questions as `seed` draws them; the same seed, blueprint and scenarios give the same exam. */
export function drawQuestions(blueprint: Blueprint, scenarios: readonly Scenario[], seed: number): Drawn {
  if (blueprint.questions) {
    const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
    return { scenarios: blueprint.questions.flatMap((id) => byId.get(id) ?? []), short: [] };
  }
  const pack = scenarios.filter(({ id }) => packOf(id) === blueprint.pack);
  return drawLines(blueprint.draw ?? [], pack, blueprint.seed ?? seed);
}

/** So many of each line's sort, easy ones first. A scenario is asked once, also where two lines would have it. */
export function drawLines(lines: readonly Draw[], scenarios: readonly Scenario[], seed: number): Drawn {
  const order = shuffled(scenarios, seed);
  const taken = new Set<Scenario>();
  const short: Drawn['short'] = [];
  for (const draw of lines) {
    const found = order.filter((scenario) => !taken.has(scenario) && fits(scenario, draw)).slice(0, draw.count);
    for (const scenario of found) taken.add(scenario);
    if (found.length < draw.count) short.push({ draw, found: found.length });
  }
  return { scenarios: easyFirst([...taken]), short };
}

/** `<pack>/<slug>` */
export const packOf = (id: string): string => id.split('/').slice(0, -1).join('/');

function fits({ domain, competencies, difficulty }: Scenario, draw: Draw): boolean {
  if (draw.domain !== undefined && draw.domain !== domain) return false;
  if (draw.competency !== undefined && !competencies.includes(draw.competency)) return false;
  const { min = 1, max = 5 } = draw.difficulty ?? {};
  return difficulty >= min && difficulty <= max;
}

/** By a hash of seed and id, so that one more scenario in the pack changes little of what others draw. */
function shuffled(scenarios: readonly Scenario[], seed: number): Scenario[] {
  const place = ({ id }: Scenario) => createHash('sha256').update(`${seed} ${id}`).digest('hex');
  return scenarios
    .map((scenario) => ({ scenario, at: place(scenario) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ scenario }) => scenario);
}

const easyFirst = (scenarios: readonly Scenario[]): Scenario[] =>
  scenarios.toSorted((a, b) => a.difficulty - b.difficulty || a.minutes - b.minutes || (a.id < b.id ? -1 : 1));
