import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';

const FIELDS = {
  id: true,
  scenarioId: true,
  seed: true,
  startedAt: true,
  hintsShown: true,
  gaveUpAt: true,
  question: { select: { attempt: { select: { endedAt: true, endsAt: true } } } },
} as const;

/** A session of this user's; throws `session-not-found` for somebody else's as for none. */
export async function ownSession(app: App, userId: string, sessionId: string) {
  const session = await app.db.session.findFirst({ where: { id: sessionId, userId }, select: FIELDS });
  if (session === null) throw new AppError('session-not-found');
  return session;
}

/** A session of this user's that is practice, where checks, hints and solutions are allowed. */
export async function ownPracticeSession(app: App, userId: string, sessionId: string) {
  const session = await ownSession(app, userId, sessionId);
  if (session.question !== null) throw new AppError('session-not-found');
  return session;
}
