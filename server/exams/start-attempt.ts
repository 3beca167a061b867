import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import { newSeed } from '../sessions/new-seed.ts';
import { type Exam, examOf, examsIn, sameScenarios } from './blueprint.ts';
import { ownAttempt } from './own-attempt.ts';

/**
 * Starts an exam and its clock; with one running already, that one is returned.
 * @param exam a blueprint's id; left out: tasks drawn from all that come with Drydock
 * @param again an earlier attempt: its tasks are asked, with other names and numbers
 */
export async function startAttempt(
  app: App,
  userId: string,
  { again, exam }: { again?: string; exam?: string } = {},
): Promise<{ attemptId: string }> {
  return app.turns.take(`start exam ${userId}`, async () => {
    const running = await app.db.attempt.findFirst({ where: { userId, endedAt: null }, select: { id: true } });
    if (running !== null) return { attemptId: running.id };

    const { id, scenarios, minutes, passPercent } =
      again === undefined ? examOf(app.scenarios.current(), exam, newSeed()) : await sameExam(app, userId, again);
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
          examId: id ?? null,
          pass: passPercent,
          questions: { create: questions },
        },
        select: { id: true },
      }),
    ]);
    app.deadlines.watch(attemptId, endsAt);
    return { attemptId };
  });
}

/** What an attempt of this user's asked, in its order, in the time and to the mark of its exam. */
async function sameExam(app: App, userId: string, attemptId: string): Promise<Exam> {
  const { id, examId, pass } = await ownAttempt(app, userId, attemptId);
  const questions = await app.db.attemptQuestion.findMany({
    where: { attemptId: id },
    orderBy: { position: 'asc' },
    select: { scenarioId: true },
  });
  const library = app.scenarios.current();
  const same = sameScenarios(
    library.scenarios,
    questions.map(({ scenarioId }) => scenarioId),
  );
  const exam = examId === null ? undefined : examsIn(library).find((one) => one.id === examId);
  return exam === undefined ? { ...same, passPercent: pass } : { ...exam, scenarios: same.scenarios };
}
