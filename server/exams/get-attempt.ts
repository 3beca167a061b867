import type { App } from '../handle.ts';
import { type TaskText, taskText } from '../practice/get-task.ts';
import { findVariant } from '../sessions/plan-session.ts';
import { GRADING_FIELDS, graded } from '../sessions/record-grading.ts';
import { CONTEXT, hostnames } from './hosts.ts';
import { ownAttempt } from './own-attempt.ts';
import { questionResult, type QuestionResult } from './question-result.ts';
import { score, type Score } from './score.ts';
import { elapsed, timeByQuestion } from './visits.ts';

export interface RunningQuestion {
  id: string;
  sessionId: string;
  flagged: boolean;
  /** It was looked at before. */
  visited: boolean;
  host: string;
  context: string;
  /** Undefined when the scenario has gone from its folder since. */
  task: TaskText | undefined;
}

export type AttemptView = {
  id: string;
  startedAt: string;
  /** Milliseconds since 1970. */
  endsAt: number;
  /** Milliseconds by which outages of ours moved the end on. */
  addedMs: number;
  notes: string;
} & (
  | {
      phase: 'running';
      /** The server's clock when this was read. */
      now: number;
      /** Terminals start on `base`, from which `ssh` leads to each question's host; else straight there. */
      base: boolean;
      questions: RunningQuestion[];
    }
  | { phase: 'grading' }
  | {
      phase: 'over';
      endedAt: string;
      endedBy: string;
      /** Milliseconds of the exam that were used, and that there were. */
      usedMs: number;
      totalMs: number;
      score: Score;
      questions: QuestionResult[];
    }
);

export async function getAttempt(app: App, userId: string, attemptId: string): Promise<AttemptView> {
  const attempt = await ownAttempt(app, userId, attemptId);
  const { id, endsAt, addedMs, notes, endedAt } = attempt;
  const [rows, visits] = await Promise.all([
    app.db.attemptQuestion.findMany({
      where: { attemptId: id },
      orderBy: { position: 'asc' },
      select: {
        id: true,
        position: true,
        sessionId: true,
        scenarioId: true,
        flagged: true,
        attempted: true,
        session: { select: { seed: true } },
        grading: { select: GRADING_FIELDS },
      },
    }),
    app.db.attemptVisit.findMany({
      where: { attemptId: id },
      orderBy: [{ elapsedMs: 'asc' }, { id: 'asc' }],
      select: { position: true, elapsedMs: true },
    }),
  ]);
  const questions = rows.map((row) => ({ ...row, scenario: findVariant(app, row.scenarioId, row.session.seed) }));
  const hosts = hostnames(questions.map(({ scenario, scenarioId }) => scenario ?? { id: scenarioId }));
  const base = { id, startedAt: attempt.startedAt.toISOString(), endsAt: endsAt.getTime(), addedMs, notes };
  const now = app.now();
  if (endedAt === null) {
    if (base.endsAt <= now) return { ...base, phase: 'grading' };
    const visited = new Set(visits.map(({ position }) => position));
    return {
      ...base,
      phase: 'running',
      now,
      base: app.live.hosts.possible,
      questions: questions.map(({ id: questionId, sessionId, flagged, position, scenario }, index) => ({
        id: questionId,
        sessionId,
        flagged,
        visited: visited.has(position),
        host: hosts[index] ?? '',
        context: CONTEXT,
        task: scenario && taskText(scenario),
      })),
    };
  }
  const usedMs = elapsed(attempt, endedAt.getTime());
  const times = timeByQuestion(visits, usedMs);
  const end = { timeUp: attempt.endedBy === 'time', position: visits.at(-1)?.position };
  const results: QuestionResult[] = [];
  for (const [index, { grading, ...question }] of questions.entries()) {
    if (grading === null) return { ...base, phase: 'grading' };
    const spentMs = times.get(question.position) ?? 0;
    const row = { ...question, host: hosts[index] ?? '', graded: graded(grading), spentMs };
    results.push(questionResult(row, end));
  }
  return {
    ...base,
    phase: 'over',
    endedAt: endedAt.toISOString(),
    endedBy: attempt.endedBy ?? 'time',
    usedMs,
    totalMs: base.endsAt - attempt.startedAt.getTime() - addedMs,
    score: score(
      results.map((each) => each.graded),
      attempt.pass,
    ),
    questions: results,
  };
}
