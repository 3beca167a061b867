import type { Report, Scenario } from '#grader/types.ts';
import type { App } from '../handle.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLOSE } from '#app/_terminal/protocol.ts';
import { wasAttempted } from './attempted.ts';
import { findVariant } from '../sessions/plan-session.ts';
import { recordGrading } from '../sessions/record-grading.ts';

interface Question {
  id: string;
  position: number;
  scenarioId: string;
  points: number;
  session: { id: string; seed: number };
}

/** From here on the attempt has ended; grading it is another matter. Safe to call twice. */
export async function closeAttempt(app: App, attemptId: string, by: 'submitted' | 'time'): Promise<void> {
  app.deadlines.forget(attemptId);
  await app.db.attempt.updateMany({
    where: { id: attemptId, endedAt: null },
    data: { endedAt: new Date(app.now()), endedBy: by },
  });
}

/** Ends an attempt and grades what is there. Safe to call twice, and again after a server was killed in the middle. */
export async function endAttempt(app: App, attemptId: string, by: 'submitted' | 'time'): Promise<void> {
  await closeAttempt(app, attemptId, by);
  await app.turns.take(`grade ${attemptId}`, async () => {
    const questions = await app.db.attemptQuestion.findMany({
      where: { attemptId, gradingId: null },
      orderBy: { position: 'asc' },
      select: {
        id: true,
        position: true,
        scenarioId: true,
        points: true,
        session: { select: { id: true, seed: true } },
      },
    });
    const visits = await app.db.attemptVisit.findMany({ where: { attemptId }, select: { position: true } });
    const visited = new Set(visits.map(({ position }) => position));
    // All shells first: what is typed while an earlier question is graded must not count.
    const machines = [attemptId, ...questions.map(({ session }) => session.id)];
    for (const id of machines) app.terminals.close(id, CLOSE.over, 'the exam is over');
    if (by === 'time' && questions.length > 0) await sleep(app.graceMs);
    await Promise.all(machines.map((id) => app.live.closeWorkspace(id)));
    for (const question of questions) {
      const { report, attempted } = await gradeQuestion(app, attemptId, question, visited.has(question.position));
      const gradingId = await recordGrading(app, question.session.id, report);
      await app.db.attemptQuestion.update({
        where: { id: question.id },
        data: { gradingId, attempted },
        select: { id: true },
      });
      await app.live.close(question.session.id);
    }
  });
}

/** Attempts that ended but were not graded to the end, because the server was stopped. */
export async function finishGrading(app: App): Promise<void> {
  const left = await app.db.attempt.findMany({
    where: { endedAt: { not: null }, questions: { some: { gradingId: null } } },
    select: { id: true },
  });
  for (const { id } of left) await endAttempt(app, id, 'time');
}

/** A question that cannot be graded costs nothing: its checks come out as unknown. */
async function gradeQuestion(
  app: App,
  attemptId: string,
  question: Question,
  visited: boolean,
): Promise<{ report: Report; attempted: boolean | null }> {
  const scenario = findVariant(app, question.scenarioId, question.session.seed);
  if (scenario === undefined) {
    return { report: { scenario: question.scenarioId, results: [], scored: 0, possible: 0 }, attempted: null };
  }
  const { id, seed } = question.session;
  if (!visited && !(await app.live.begun(id))) return { report: untouchedReport(scenario), attempted: false };
  try {
    const states = await app.live.states({ id, scenario, seed });
    await app.live.keepStates(attemptId, question.position, states);
    const attempted = states.before === undefined ? null : wasAttempted(states.before, states.now);
    return { report: app.scenarios.grade(scenario, states), attempted };
  } catch (error) {
    app.log.error({ err: error, attempt: attemptId, scenario: scenario.id }, 'a question could not be graded');
    return { report: unknownReport(scenario, (error as Error).message), attempted: null };
  }
}

/** Nobody ever opened it, so there is no cluster to look at: doing nothing scores nothing, whatever a check would find. */
function untouchedReport(scenario: Scenario): Report {
  const results = scenario.checks.map(({ id, sentence, points }) => ({
    id,
    sentence,
    points,
    scored: 0,
    result: { outcome: 'failed' as const, findings: [] },
  }));
  const possible = results.reduce((sum, { points }) => sum + points, 0);
  return { scenario: scenario.id, results, scored: 0, possible };
}

function unknownReport(scenario: Scenario, reason: string): Report {
  const results = scenario.checks.map(({ id, sentence, points }) => ({
    id,
    sentence,
    points,
    scored: 0,
    result: { outcome: 'unknown' as const, reason },
  }));
  return { scenario: scenario.id, results, scored: 0, possible: 0 };
}
