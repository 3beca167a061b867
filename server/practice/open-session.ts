import type { App } from '../handle.ts';
import { practiceSeed } from '../sessions/new-seed.ts';
import { planSession, requireScenario } from '../sessions/plan-session.ts';
import { terminalPlace, type TerminalPlace } from '../sockets/place.ts';

/**
 * The learner's session for a task, made at the first time, with its cluster up and its machine opening.
 * Safe to call again: a second tab gets the same session.
 */
export async function openSession(
  app: App,
  userId: string,
  scenarioId: string,
): Promise<{ sessionId: string; place: TerminalPlace }> {
  requireScenario(app, scenarioId);
  const session = await app.turns.take(`practice ${userId} ${scenarioId}`, () => findOrCreate(app, userId, scenarioId));
  const plan = planSession(app, session);
  // Awaited, so that a machine that cannot be opened is said on the page, with its reason, before a terminal fails without one.
  const workspace = await app.live.workspace(plan);
  return { sessionId: session.id, place: terminalPlace(`/ws/terminal/${session.id}`, '', workspace) };
}

async function findOrCreate(app: App, userId: string, scenarioId: string) {
  const now = new Date(app.now());
  const select = { id: true, scenarioId: true, seed: true } as const;
  const found = await app.db.session.findFirst({
    where: { userId, scenarioId, question: null },
    orderBy: { openedAt: 'desc' },
    select,
  });
  if (found !== null) {
    await app.db.session.update({ where: { id: found.id }, data: { touchedAt: now }, select: { id: true } });
    return found;
  }
  return app.db.session.create({
    data: {
      id: app.newId(),
      userId,
      scenarioId,
      seed: practiceSeed(userId, scenarioId),
      openedAt: now,
      touchedAt: now,
      startedAt: now,
      hintsShown: 0,
    },
    select,
  });
}
