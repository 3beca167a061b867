import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import { newSeed } from '../sessions/new-seed.ts';
import { drawExam } from './blueprint.ts';

/** Starts an exam and its clock; with one running already, that one is returned. */
export async function startAttempt(app: App, userId: string): Promise<{ attemptId: string }> {
  return app.turns.take(`start exam ${userId}`, async () => {
    const running = await app.db.attempt.findFirst({ where: { userId, endedAt: null }, select: { id: true } });
    if (running !== null) return { attemptId: running.id };

    const { scenarios, minutes } = drawExam(app.scenarios.current().scenarios);
    if (scenarios.length === 0) throw new AppError('exam-empty');
    const now = app.now();
    const startedAt = new Date(now);
    const endsAt = now + minutes * 60_000;
    const attemptId = app.newId();
    const questions = scenarios.map((scenario, position) => ({
      id: app.newId(),
      position,
      scenarioId: scenario.id,
      points: scenario.points,
      flagged: false,
      sessionId: app.newId(),
    }));
    await app.db.$transaction([
      app.db.session.createMany({
        data: questions.map(({ sessionId, scenarioId }) => ({
          id: sessionId,
          userId,
          scenarioId,
          seed: newSeed(),
          openedAt: startedAt,
          touchedAt: startedAt,
          startedAt,
          hintsShown: 0,
        })),
      }),
      app.db.attempt.create({
        data: {
          id: attemptId,
          userId,
          startedAt,
          endsAt: new Date(endsAt),
          aliveAt: startedAt,
          questions: { create: questions },
        },
        select: { id: true },
      }),
    ]);
    app.deadlines.watch(attemptId, endsAt);
    return { attemptId };
  });
}
