import type { App } from '../handle.ts';
import { ownAttempt } from './own-attempt.ts';

/** What a page asks for now and then to keep its timer true. Times in milliseconds since 1970, both on the server's clock; `addedMs` is what outages of ours gave back. */
export async function getClock(
  app: App,
  userId: string,
  attemptId: string,
): Promise<{ now: number; endsAt: number; over: boolean; addedMs: number }> {
  const attempt = await ownAttempt(app, userId, attemptId);
  const now = app.now();
  const endsAt = attempt.endsAt.getTime();
  return { now, endsAt, addedMs: attempt.addedMs, over: attempt.endedAt !== null || endsAt <= now };
}
