import type { App } from '../handle.ts';
import { endAttempt } from './end-attempt.ts';
import { ownAttempt } from './own-attempt.ts';

/** Hands the exam in; one that has ended already stays as it is. */
export async function submitAttempt(app: App, userId: string, attemptId: string): Promise<void> {
  const attempt = await ownAttempt(app, userId, attemptId);
  const late = attempt.endsAt.getTime() <= app.now();
  await endAttempt(app, attempt.id, late ? 'time' : 'submitted');
}
