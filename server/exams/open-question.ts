import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import { planSession } from '../sessions/plan-session.ts';
import { terminalPlace, type TerminalPlace } from '../sockets/place.ts';
import { examBase } from './hosts.ts';
import { ownRunningAttempt } from './own-attempt.ts';
import { noteVisit } from './visits.ts';

/**
 * Brings a question's cluster up, and the exam's machine with it: its terminals start on `base`, and are remembered by question.
 * Without hosts they start straight where the cluster is.
 */
export async function openQuestion(
  app: App,
  userId: string,
  input: { attemptId: string; questionId: string },
): Promise<{ sessionId: string; place: TerminalPlace }> {
  const attempt = await ownRunningAttempt(app, userId, input.attemptId);
  const question = await app.db.attemptQuestion.findFirst({
    where: { id: input.questionId, attemptId: attempt.id },
    select: { position: true, session: { select: { id: true, scenarioId: true, seed: true } } },
  });
  if (question === null) throw new AppError('attempt-not-found');
  const { position, session } = question;
  await noteVisit(app, attempt, position);
  const plan = planSession(app, session);
  const base = await examBase(app, attempt.id);
  if (base === undefined) {
    const workspace = await app.live.workspace(plan);
    return { sessionId: session.id, place: terminalPlace(`/ws/terminal/${session.id}`, '', workspace) };
  }
  // Before the login asks for it, so that a cluster that cannot be made is told on the page, with its reason.
  await app.live.open(plan);
  const workspace = await app.live.base(base);
  return { sessionId: session.id, place: terminalPlace(`/ws/exam/${attempt.id}`, `q${position + 1}-`, workspace) };
}
