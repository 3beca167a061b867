import type { Domain, Text } from '#grader/types.ts';
import { type AttemptRow, listAttempts } from '../exams/list-attempts.ts';
import type { App } from '../handle.ts';

export interface SolvedTask {
  id: string;
  title: Text;
  domain: Domain;
  times: number;
  /** Seconds of the fastest solve without the solution shown; undefined if there is none. */
  best: number | undefined;
  /** Hints used in that fastest solve. */
  bestHints: number;
  /** ISO 8601 */
  lastSolvedAt: string;
}

export interface Progress {
  solved: SolvedTask[];
  /** By domain of the exam's curriculum, those that have tasks. */
  domains: { domain: Domain; solved: number; total: number }[];
  /** Newest first. */
  attempts: AttemptRow[];
  /** The exam under way. */
  runningId: string | undefined;
}

export async function getProgress(app: App, userId: string): Promise<Progress> {
  const { scenarios } = app.scenarios.current();
  const solves = await app.db.solve.findMany({
    where: { userId },
    orderBy: { solvedAt: 'desc' },
    select: { scenarioId: true, solvedAt: true, seconds: true, hintsUsed: true, gaveUp: true },
  });
  const solved: SolvedTask[] = [];
  for (const { id, title, domain } of scenarios) {
    const mine = solves.filter((solve) => solve.scenarioId === id);
    const last = mine[0];
    if (last === undefined) continue;
    const best = mine.filter((solve) => !solve.gaveUp).sort((a, b) => a.seconds - b.seconds)[0];
    solved.push({
      id,
      title,
      domain,
      times: mine.length,
      best: best?.seconds,
      bestHints: best?.hintsUsed ?? 0,
      lastSolvedAt: last.solvedAt.toISOString(),
    });
  }
  solved.sort((a, b) => (a.lastSolvedAt < b.lastSolvedAt ? 1 : -1));
  const domains = [...new Set(scenarios.map((scenario) => scenario.domain))].sort().map((domain) => ({
    domain,
    solved: solved.filter((task) => task.domain === domain).length,
    total: scenarios.filter((scenario) => scenario.domain === domain).length,
  }));
  const { attempts, running } = await listAttempts(app, userId);
  return { solved, domains, attempts, runningId: running?.id };
}
