import type { Text } from '#grader/types.ts';
import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import { ownPracticeSession } from '../sessions/own-session.ts';
import { requireVariant } from '../sessions/plan-session.ts';

/** Shows one more hint and returns all that are shown now. */
export async function showHint(app: App, userId: string, sessionId: string): Promise<Text[]> {
  const session = await ownPracticeSession(app, userId, sessionId);
  const { hints } = requireVariant(app, session.scenarioId, session.seed);
  if (session.hintsShown >= hints.length) throw new AppError('no-more-hints');
  const hintsShown = session.hintsShown + 1;
  await app.db.session.update({ where: { id: session.id }, data: { hintsShown }, select: { id: true } });
  return hints.slice(0, hintsShown);
}
