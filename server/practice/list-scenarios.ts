import type { Difficulty, Domain, Text } from '#grader/types.ts';
import type { App } from '../handle.ts';
import type { ScenarioProblem } from '../ports.ts';

export type ScenarioState = 'new' | 'started' | 'solved';

export interface ScenarioRow {
  id: string;
  title: Text;
  domain: Domain;
  difficulty: Difficulty;
  minutes: number;
  points: number;
  origin: 'shipped' | 'own';
  state: ScenarioState;
  /** ISO 8601; the last time it was solved. */
  solvedAt?: string;
}

export interface ScenarioList {
  /** By domain, and in it the easier first. */
  rows: ScenarioRow[];
  /** What to practise next, and why; undefined when everything is solved. */
  next: { row: ScenarioRow; why: 'continue' | 'first' | 'not-solved' } | undefined;
  problems: readonly ScenarioProblem[];
}

/** As the curriculum lists them. */
const DOMAINS: readonly Domain[] = [
  'storage',
  'troubleshooting',
  'workloads-and-scheduling',
  'cluster-architecture',
  'services-and-networking',
];

export async function listScenarios(app: App, userId: string): Promise<ScenarioList> {
  const { scenarios, problems } = app.scenarios.current();
  const solves = await app.db.solve.findMany({
    where: { userId },
    select: { scenarioId: true, sessionId: true, solvedAt: true },
    orderBy: { solvedAt: 'asc' },
  });
  const sessions = await app.db.session.findMany({
    where: { userId, question: null },
    select: { scenarioId: true, startedAt: true },
    orderBy: { touchedAt: 'desc' },
  });
  const solvedAt = new Map(solves.map((solve) => [solve.scenarioId, solve.solvedAt]));
  // Begun and not solved since then; a solved task that was reset counts as begun again.
  const unfinished = sessions
    .filter(({ scenarioId, startedAt }) => (solvedAt.get(scenarioId)?.getTime() ?? 0) < startedAt.getTime())
    .map(({ scenarioId }) => scenarioId);

  const rows = scenarios.map((scenario): ScenarioRow => {
    const solved = solvedAt.get(scenario.id);
    return {
      id: scenario.id,
      title: scenario.title,
      domain: scenario.domain,
      difficulty: scenario.difficulty,
      minutes: scenario.minutes,
      points: scenario.points,
      origin: scenario.origin,
      state: solved ? 'solved' : unfinished.includes(scenario.id) ? 'started' : 'new',
      ...(solved ? { solvedAt: solved.toISOString() } : {}),
    };
  });
  rows.sort((a, b) => DOMAINS.indexOf(a.domain) - DOMAINS.indexOf(b.domain) || easierFirst(a, b));
  return { rows, next: chooseNext(rows, unfinished), problems };
}

const easierFirst = (a: ScenarioRow, b: ScenarioRow): number =>
  a.difficulty - b.difficulty || a.minutes - b.minutes || (a.id < b.id ? -1 : 1);

function chooseNext(rows: readonly ScenarioRow[], unfinished: readonly string[]): ScenarioList['next'] {
  for (const id of unfinished) {
    const row = rows.find((row) => row.id === id);
    if (row !== undefined) return { row, why: 'continue' };
  }
  const fresh = rows.filter((row) => row.state === 'new');
  const [row] = fresh.toSorted(easierFirst);
  if (row === undefined) return undefined;
  return { row, why: fresh.length === rows.length ? 'first' : 'not-solved' };
}
