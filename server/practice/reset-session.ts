import type { App } from '../handle.ts';
import { ownPracticeSession } from '../sessions/own-session.ts';
import { planSession } from '../sessions/plan-session.ts';

/** Starts the task over: a fresh cluster, hints and solution hidden, the clock at zero. Home folder and earlier solves stay. */
export async function resetSession(app: App, userId: string, sessionId: string): Promise<void> {
  const session = await ownPracticeSession(app, userId, sessionId);
  await app.live.reset(planSession(app, session));
  const now = new Date(app.now());
  await app.db.session.update({
    where: { id: session.id },
    data: { startedAt: now, touchedAt: now, hintsShown: 0, gaveUpAt: null },
    select: { id: true },
  });
}
