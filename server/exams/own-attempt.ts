import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';

const FIELDS = {
  id: true,
  startedAt: true,
  endsAt: true,
  endedAt: true,
  endedBy: true,
  addedMs: true,
  notes: true,
  examId: true,
  pass: true,
} as const;

/** An attempt of this user's; throws `attempt-not-found` for somebody else's as for none. */
export async function ownAttempt(app: App, userId: string, attemptId: string) {
  const attempt = await app.db.attempt.findFirst({ where: { id: attemptId, userId }, select: FIELDS });
  if (attempt === null) throw new AppError('attempt-not-found');
  return attempt;
}

/** The same, still running: throws `attempt-over` from the deadline on, whether or not it has been graded yet. */
export async function ownRunningAttempt(app: App, userId: string, attemptId: string) {
  const attempt = await ownAttempt(app, userId, attemptId);
  if (attempt.endedAt !== null || attempt.endsAt.getTime() <= app.now()) throw new AppError('attempt-over');
  return attempt;
}
