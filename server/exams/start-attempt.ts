import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import { newSeed } from '../sessions/new-seed.ts';
import { drawExam, sameExam } from './blueprint.ts';
import { ownAttempt } from './own-attempt.ts';

/**
 * Starts an exam and its clock; with one running already, that one is returned.
 * @param again an earlier attempt: its tasks are asked, with other names and numbers
 */
export async function startAttempt(
  app: App,
  userId: string,
  { again }: { again?: string } = {},
): Promise<{ attemptId: string }> {
  return app.turns.take(`start exam ${userId}`, async () => {
    const running = await app.db.attempt.findFirst({ where: { userId, endedAt: null }, select: { id: true } });
    if (running !== null) return { attemptId: running.id };

    const known = app.scenarios.current().scenarios;
    const { scenarios, minutes } =
      again === undefined ? drawExam(known, newSeed()) : sameExam(known, await tasksOf(app, userId, again));
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

/** The scenarios that an attempt of this user's asked, in its order. */
async function tasksOf(app: App, userId: string, attemptId: string): Promise<string[]> {
  const { id } = await ownAttempt(app, userId, attemptId);
  const questions = await app.db.attemptQuestion.findMany({
    where: { attemptId: id },
    orderBy: { position: 'asc' },
    select: { scenarioId: true },
  });
  return questions.map(({ scenarioId }) => scenarioId);
}
