import type { App } from '../handle.ts';
import { drawExam } from './blueprint.ts';
import { type Score, score } from './score.ts';

export interface AttemptRow {
  id: string;
  startedAt: string;
  /** Undefined while it runs or is being graded. */
  score: Score | undefined;
}

export interface ExamOverview {
  /** What a new exam would be. */
  questions: number;
  minutes: number;
  /** Its terminals start on `base`, from which ssh leads to each task's host. */
  base: boolean;
  running: { id: string; endsAt: number } | undefined;
  /** Newest first. */
  attempts: AttemptRow[];
}

export async function listAttempts(app: App, userId: string): Promise<ExamOverview> {
  const blueprint = drawExam(app.scenarios.current().scenarios);
  const attempts = await app.db.attempt.findMany({
    where: { userId },
    orderBy: { startedAt: 'desc' },
    select: {
      id: true,
      startedAt: true,
      endsAt: true,
      endedAt: true,
      questions: { select: { grading: { select: { scored: true, possible: true } } } },
    },
  });
  const running = attempts.find((attempt) => attempt.endedAt === null);
  return {
    questions: blueprint.scenarios.length,
    minutes: blueprint.minutes,
    base: app.live.hosts.possible,
    running: running && { id: running.id, endsAt: running.endsAt.getTime() },
    attempts: attempts.map(({ id, startedAt, endedAt, questions }) => {
      const gradings = questions.map((question) => question.grading).filter((grading) => grading !== null);
      const complete = endedAt !== null && gradings.length === questions.length;
      return { id, startedAt: startedAt.toISOString(), score: complete ? score(gradings) : undefined };
    }),
  };
}
