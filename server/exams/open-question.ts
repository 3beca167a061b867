import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import { planSession } from '../sessions/plan-session.ts';
import { ownRunningAttempt } from './own-attempt.ts';

/** Brings a question's cluster and machine up. */
export async function openQuestion(
  app: App,
  userId: string,
  input: { attemptId: string; questionId: string },
): Promise<{ sessionId: string }> {
  const attempt = await ownRunningAttempt(app, userId, input.attemptId);
  const question = await app.db.attemptQuestion.findFirst({
    where: { id: input.questionId, attemptId: attempt.id },
    select: { session: { select: { id: true, scenarioId: true, seed: true } } },
  });
  if (question === null) throw new AppError('attempt-not-found');
  await app.live.workspace(planSession(app, question.session));
  return { sessionId: question.session.id };
}
