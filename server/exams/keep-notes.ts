import type { App } from '../handle.ts';
import { ownRunningAttempt } from './own-attempt.ts';

/** Characters of a notepad: ten pages. */
export const NOTES_CHARS = 20_000;

/** Keeps the notepad of a running exam; the whole of it each time. */
export async function keepNotes(
  app: App,
  userId: string,
  { attemptId, notes }: { attemptId: string; notes: string },
): Promise<void> {
  const attempt = await ownRunningAttempt(app, userId, attemptId);
  await app.db.attempt.update({ where: { id: attempt.id }, data: { notes }, select: { id: true } });
}
