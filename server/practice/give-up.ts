import type { Script } from '#grader/types.ts';
import type { App } from '../handle.ts';
import { ownPracticeSession } from '../sessions/own-session.ts';
import { requireScenario } from '../sessions/plan-session.ts';

/** Shows the solutions. A solve after this is kept apart from one without. */
export async function giveUp(app: App, userId: string, sessionId: string): Promise<Script[]> {
  const session = await ownPracticeSession(app, userId, sessionId);
  const { solutions } = requireScenario(app, session.scenarioId);
  if (session.gaveUpAt === null) {
    await app.db.session.update({
      where: { id: session.id },
      data: { gaveUpAt: new Date(app.now()) },
      select: { id: true },
    });
  }
  return solutions;
}
