import type { Scenario } from '#grader/types.ts';
import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import type { SessionPlan } from '../live/sessions.ts';

export function findScenario(app: App, scenarioId: string): Scenario | undefined {
  return app.scenarios.current().scenarios.find((scenario) => scenario.id === scenarioId);
}

export function requireScenario(app: App, scenarioId: string): Scenario {
  const scenario = findScenario(app, scenarioId);
  if (scenario === undefined) throw new AppError('scenario-not-found');
  return scenario;
}

/** The scenario as this seed draws it. Undefined: it has gone from its folder. */
export function findVariant(app: App, scenarioId: string, seed: number): Scenario | undefined {
  const scenario = findScenario(app, scenarioId);
  return scenario?.varies === true ? app.scenarios.variant(scenario, seed) : scenario;
}

export function requireVariant(app: App, scenarioId: string, seed: number): Scenario {
  const scenario = findVariant(app, scenarioId, seed);
  if (scenario === undefined) throw new AppError('scenario-not-found');
  return scenario;
}

export function planSession(app: App, { id, scenarioId, seed }: SessionRow): SessionPlan {
  return { id, scenario: requireVariant(app, scenarioId, seed), seed };
}

interface SessionRow {
  id: string;
  scenarioId: string;
  seed: number;
}
