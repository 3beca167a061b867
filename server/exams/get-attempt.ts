import type { Text } from '#grader/types.ts';
import type { App } from '../handle.ts';
import { type TaskText, taskText } from '../practice/get-task.ts';
import { findScenario, findVariant } from '../sessions/plan-session.ts';
import { type Graded, GRADING_FIELDS, graded } from '../sessions/record-grading.ts';
import { PASS_PERCENT } from './blueprint.ts';
import { ownAttempt } from './own-attempt.ts';

export interface RunningQuestion {
  id: string;
  sessionId: string;
  flagged: boolean;
  /** Undefined when the scenario has gone from its folder since. */
  task: TaskText | undefined;
}

export interface QuestionResult {
  scenarioId: string;
  title: Text | undefined;
  graded: Graded;
}

export type AttemptView = { id: string; startedAt: string; /** milliseconds since 1970 */ endsAt: number } & (
  | { phase: 'running'; /** the server's clock when this was read */ now: number; questions: RunningQuestion[] }
  | { phase: 'grading' }
  | { phase: 'over'; endedAt: string; endedBy: string; score: Score; questions: QuestionResult[] }
);

export interface Score {
  scored: number;
  possible: number;
  /** Whole percent, rounded down: 65.9 is not a pass. */
  percent: number;
  passed: boolean;
  passPercent: number;
}

export async function getAttempt(app: App, userId: string, attemptId: string): Promise<AttemptView> {
  const attempt = await ownAttempt(app, userId, attemptId);
  const questions = await app.db.attemptQuestion.findMany({
    where: { attemptId: attempt.id },
    orderBy: { position: 'asc' },
    select: {
      id: true,
      sessionId: true,
      scenarioId: true,
      flagged: true,
      session: { select: { seed: true } },
      grading: { select: GRADING_FIELDS },
    },
  });
  const base = { id: attempt.id, startedAt: attempt.startedAt.toISOString(), endsAt: attempt.endsAt.getTime() };
  const now = app.now();
  if (attempt.endedAt === null) {
    if (base.endsAt <= now) return { ...base, phase: 'grading' };
    return {
      ...base,
      phase: 'running',
      now,
      questions: questions.map(({ id, sessionId, scenarioId, flagged, session }) => {
        const scenario = findVariant(app, scenarioId, session.seed);
        return { id, sessionId, flagged, task: scenario && taskText(scenario) };
      }),
    };
  }
  const results: QuestionResult[] = [];
  for (const { scenarioId, grading } of questions) {
    if (grading === null) return { ...base, phase: 'grading' };
    results.push({ scenarioId, title: findScenario(app, scenarioId)?.title, graded: graded(grading) });
  }
  return {
    ...base,
    phase: 'over',
    endedAt: attempt.endedAt.toISOString(),
    endedBy: attempt.endedBy ?? 'time',
    score: score(results.map((result) => result.graded)),
    questions: results,
  };
}

export function score(gradings: readonly { scored: number; possible: number }[]): Score {
  const scored = gradings.reduce((sum, grading) => sum + grading.scored, 0);
  const possible = gradings.reduce((sum, grading) => sum + grading.possible, 0);
  const percent = possible === 0 ? 0 : Math.floor((scored * 100) / possible);
  return { scored, possible, percent, passed: percent >= PASS_PERCENT, passPercent: PASS_PERCENT };
}
