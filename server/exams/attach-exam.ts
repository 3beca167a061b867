import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import type { LiveWorkspace } from '../ports.ts';
import { examBase } from './hosts.ts';
import { ownRunningAttempt } from './own-attempt.ts';

/** The machine `base` of a running exam. `detach` must be called when the terminal has gone. */
export async function attachExam(
  app: App,
  userId: string,
  attemptId: string,
): Promise<{ workspace: LiveWorkspace; detach: () => void }> {
  const attempt = await ownRunningAttempt(app, userId, attemptId);
  const base = await examBase(app, attempt.id);
  if (base === undefined) throw new AppError('session-not-found');
  const workspace = await app.live.base(base);
  return { workspace, detach: await app.live.attached(base) };
}
