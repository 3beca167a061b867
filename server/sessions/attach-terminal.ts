import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import type { LiveWorkspace } from '../ports.ts';
import { ownSession } from './own-session.ts';
import { planSession } from './plan-session.ts';

/** The machine that a terminal of this session shows. `detach` must be called when the terminal has gone. */
export async function attachTerminal(
  app: App,
  userId: string,
  sessionId: string,
): Promise<{ workspace: LiveWorkspace; detach: () => void }> {
  const session = await ownSession(app, userId, sessionId);
  const attempt = session.question?.attempt;
  if (attempt && (attempt.endedAt !== null || attempt.endsAt.getTime() <= app.now()))
    throw new AppError('attempt-over');
  const plan = planSession(app, session);
  const workspace = await app.live.workspace(plan);
  return { workspace, detach: await app.live.attached(plan) };
}
