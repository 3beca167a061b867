import type { App } from '../handle.ts';
import { ownPracticeSession } from '../sessions/own-session.ts';
import { planSession } from '../sessions/plan-session.ts';
import { isSolved, recordGrading } from '../sessions/record-grading.ts';
import { type TaskProgress, taskProgress } from './get-task.ts';

/** Grades the cluster as it is now; remembers the report, and the solve when everything passed. */
export async function checkSession(app: App, userId: string, sessionId: string): Promise<TaskProgress> {
  const session = await ownPracticeSession(app, userId, sessionId);
  const plan = planSession(app, session);
  const report = app.scenarios.grade(plan.scenario, await app.live.states(plan));
  for (const { id, result } of report.results) {
    if (result.outcome === 'unknown') {
      app.log.warn({ scenario: plan.scenario.id, check: id, reason: result.reason }, 'a check could not run');
    }
  }
  await recordGrading(app, session.id, report);
  if (isSolved(report)) await recordSolve(app, userId, session);
  const progress = await taskProgress(app, userId, plan.scenario.id);
  if (progress === undefined) throw new Error('a session that was just graded is gone');
  return progress;
}

/** Once for each start: checking a solved task again is not solving it again. */
async function recordSolve(
  app: App,
  userId: string,
  session: { id: string; scenarioId: string; startedAt: Date; hintsShown: number; gaveUpAt: Date | null },
): Promise<void> {
  const before = await app.db.solve.count({
    where: { sessionId: session.id, solvedAt: { gte: session.startedAt } },
  });
  if (before > 0) return;
  const now = app.now();
  await app.db.solve.create({
    data: {
      id: app.newId(),
      userId,
      scenarioId: session.scenarioId,
      sessionId: session.id,
      solvedAt: new Date(now),
      seconds: Math.max(0, Math.round((now - session.startedAt.getTime()) / 1000)),
      hintsUsed: session.hintsShown,
      gaveUp: session.gaveUpAt !== null,
    },
  });
}
