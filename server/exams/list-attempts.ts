import type { App } from '../handle.ts';
import type { Text } from '#grader/types.ts';
import { examsIn } from './blueprint.ts';
import { type Score, score } from './score.ts';

export interface AttemptRow {
  id: string;
  startedAt: string;
  /** Undefined while it runs or is being graded. */
  score: Score | undefined;
}

export interface ExamRow {
  /** Undefined for the draw. */
  id: string | undefined;
  title: Text | undefined;
  questions: number;
  minutes: number;
  passPercent: number;
}

export interface ExamOverview {
  /** What can be started: first the draw from all tasks, then the packs' exams. */
  exams: ExamRow[];
  /** Its terminals start on `base`, from which ssh leads to each task's host. */
  base: boolean;
  running: { id: string; endsAt: number } | undefined;
  /** Newest first. */
  attempts: AttemptRow[];
}

export async function listAttempts(app: App, userId: string): Promise<ExamOverview> {
  const attempts = await app.db.attempt.findMany({
    where: { userId },
    orderBy: { startedAt: 'desc' },
    select: {
      id: true,
      startedAt: true,
      endsAt: true,
      endedAt: true,
      pass: true,
      questions: { select: { grading: { select: { scored: true, possible: true } } } },
    },
  });
  const running = attempts.find((attempt) => attempt.endedAt === null);
  return {
    exams: examsIn(app.scenarios.current())
      .filter(({ scenarios }) => scenarios.length > 0)
      .map(({ scenarios, ...exam }) => ({ ...exam, questions: scenarios.length })),
    base: app.live.hosts.possible,
    running: running && { id: running.id, endsAt: running.endsAt.getTime() },
    attempts: attempts.map(({ id, startedAt, endedAt, pass, questions }) => {
      const gradings = questions.map((question) => question.grading).filter((grading) => grading !== null);
      const complete = endedAt !== null && gradings.length === questions.length;
      return { id, startedAt: startedAt.toISOString(), score: complete ? score(gradings, pass) : undefined };
    }),
  };
}
