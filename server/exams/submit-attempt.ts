import type { App } from '../handle.ts';
import { closeAttempt, endAttempt } from './end-attempt.ts';
import { ownAttempt } from './own-attempt.ts';

/** Hands the exam in and grades it; one that has ended already stays as it is. */
export async function submitAttempt(app: App, userId: string, attemptId: string): Promise<void> {
  const attempt = await ownAttempt(app, userId, attemptId);
  const late = attempt.endsAt.getTime() <= app.now();
  await endAttempt(app, attempt.id, late ? 'time' : 'submitted');
}

/** The same for a page, which does not wait for the grading: it asks again until the result is there. */
export async function handIn(app: App, userId: string, attemptId: string): Promise<void> {
  const attempt = await ownAttempt(app, userId, attemptId);
  const late = attempt.endsAt.getTime() <= app.now();
  await closeAttempt(app, attempt.id, late ? 'time' : 'submitted');
  submitAttempt(app, userId, attempt.id).catch((error: unknown) => {
    // It is marked as ended, and one not graded is graded at the next start.
    app.log.error({ err: error, attempt: attempt.id }, 'an attempt could not be graded when it was handed in');
  });
}
