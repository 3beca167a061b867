import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import { ownRunningAttempt } from './own-attempt.ts';

/** Marks a question to come back to, or takes the mark away. */
export async function flagQuestion(
  app: App,
  userId: string,
  input: { attemptId: string; questionId: string; flagged: boolean },
): Promise<void> {
  const attempt = await ownRunningAttempt(app, userId, input.attemptId);
  const { count } = await app.db.attemptQuestion.updateMany({
    where: { id: input.questionId, attemptId: attempt.id },
    data: { flagged: input.flagged },
  });
  if (count === 0) throw new AppError('attempt-not-found');
}
