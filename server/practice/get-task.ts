import type { Difficulty, Domain, Scenario, Script, Text } from '#grader/types.ts';
import type { App } from '../handle.ts';
import { type Graded, GRADING_FIELDS, graded, isSolved } from '../sessions/record-grading.ts';
import { practiceSeed } from '../sessions/new-seed.ts';
import { requireVariant } from '../sessions/plan-session.ts';

/** A scenario without what would give it away. */
export interface TaskText {
  id: string;
  title: Text;
  domain: Domain;
  difficulty: Difficulty;
  minutes: number;
  points: number;
  task: Text;
  links: { title: string; url: string }[];
}

export interface Task extends TaskText {
  checks: { id: string; sentence: Text; points: number }[];
  hintsTotal: number;
  progress: TaskProgress | undefined;
}

/** Where the learner is with a task since its start or last reset. */
export interface TaskProgress {
  sessionId: string;
  /** Hints shown so far. */
  hints: Text[];
  gaveUp: boolean;
  solved: boolean;
  /** The newest check run. */
  last: Graded | undefined;
  /** Present once solved or given up. */
  solutions: Script[] | undefined;
  /** Present with the solutions, where the author wrote one. */
  explanation: Text | undefined;
}

/** The task page's content. Opens nothing. */
export async function getTask(app: App, userId: string, scenarioId: string): Promise<Task> {
  const session = await practiceSession(app, userId, scenarioId);
  const scenario = requireVariant(app, scenarioId, session?.seed ?? practiceSeed(userId, scenarioId));
  return {
    ...taskText(scenario),
    checks: scenario.checks.map(({ id, sentence, points }) => ({ id, sentence, points })),
    hintsTotal: scenario.hints.length,
    progress: session && (await progressOf(app, session, scenario)),
  };
}

export function taskText(scenario: Scenario): TaskText {
  const { id, title, domain, difficulty, minutes, points, task, links } = scenario;
  return { id, title, domain, difficulty, minutes, points, task, links };
}

/** Where the learner is with a task; undefined: it was never begun. */
export async function taskProgress(app: App, userId: string, scenarioId: string): Promise<TaskProgress | undefined> {
  const session = await practiceSession(app, userId, scenarioId);
  return session && progressOf(app, session, requireVariant(app, scenarioId, session.seed));
}

const SESSION_FIELDS = { id: true, seed: true, startedAt: true, hintsShown: true, gaveUpAt: true } as const;
type SessionRow = NonNullable<Awaited<ReturnType<typeof practiceSession>>>;

async function practiceSession(app: App, userId: string, scenarioId: string) {
  const session = await app.db.session.findFirst({
    where: { userId, scenarioId, question: null },
    orderBy: { openedAt: 'desc' },
    select: SESSION_FIELDS,
  });
  return session ?? undefined;
}

async function progressOf(app: App, session: SessionRow, scenario: Scenario): Promise<TaskProgress> {
  const since = await app.db.grading.findMany({
    where: { sessionId: session.id, gradedAt: { gte: session.startedAt } },
    orderBy: { gradedAt: 'desc' },
    select: { ...GRADING_FIELDS, results: false },
  });
  const newest = since[0];
  const last = newest && (await app.db.grading.findUniqueOrThrow({ where: { id: newest.id }, select: GRADING_FIELDS }));
  const solved = since.some(isSolved);
  const gaveUp = session.gaveUpAt !== null;
  return {
    sessionId: session.id,
    hints: scenario.hints.slice(0, session.hintsShown),
    gaveUp,
    solved,
    last: last && graded(last),
    solutions: solved || gaveUp ? scenario.solutions : undefined,
    explanation: solved || gaveUp ? scenario.explanation : undefined,
  };
}
