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

export function planSession(app: App, session: { id: string; scenarioId: string; seed: number }): SessionPlan {
  return { id: session.id, scenario: requireScenario(app, session.scenarioId), seed: session.seed };
}
