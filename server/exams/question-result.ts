import type { Domain, Scenario, Script, Text } from '#grader/types.ts';
import type { Graded } from '../sessions/record-grading.ts';
import { type Cause, causeOf } from './cause.ts';

/** A question of an exam that is over. */
export interface QuestionResult {
  /** From 1. */
  number: number;
  scenarioId: string;
  sessionId: string;
  host: string;
  flagged: boolean;
  graded: Graded;
  /** Milliseconds that it was open; 0 for never. */
  spentMs: number;
  /** By check: why it lost points. */
  causes: Readonly<Record<string, Cause>>;
  /** Undefined when the scenario has gone from its folder since. */
  scenario: ResultScenario | undefined;
}

export interface ResultScenario {
  title: Text;
  domain: Domain;
  competencies: readonly string[];
  /** Milliseconds that its author gives it. */
  targetMs: number;
  solutions: readonly Script[];
  explanation: Text | undefined;
}

interface Row {
  position: number;
  scenarioId: string;
  sessionId: string;
  flagged: boolean;
  attempted: boolean | null;
  host: string;
  graded: Graded;
  spentMs: number;
  scenario: Scenario | undefined;
}

/** @param end how the exam ended, and at which question */
export function questionResult(row: Row, end: { timeUp: boolean; position: number | undefined }): QuestionResult {
  const { position, scenarioId, sessionId, flagged, attempted, host, graded, spentMs, scenario } = row;
  const circumstances = { spentMs, attempted, timeUp: end.timeUp, openAtEnd: end.position === position };
  const causes = graded.results.flatMap((check): [string, Cause][] => {
    const cause = causeOf(check, circumstances);
    return cause === undefined ? [] : [[check.id, cause]];
  });
  return {
    number: position + 1,
    scenarioId,
    sessionId,
    host,
    flagged,
    graded,
    spentMs,
    causes: Object.fromEntries(causes),
    scenario: scenario && {
      title: scenario.title,
      domain: scenario.domain,
      competencies: scenario.competencies,
      targetMs: scenario.minutes * 60_000,
      solutions: scenario.solutions,
      explanation: scenario.explanation,
    },
  };
}

export interface Share {
  scored: number;
  possible: number;
}

/** Points by any name that a question has, in the order in which the names first come. */
export function pointsBy<Name extends string>(
  questions: readonly QuestionResult[],
  names: (scenario: ResultScenario) => readonly Name[],
): Map<Name, Share> {
  const shares = new Map<Name, Share>();
  for (const { scenario, graded } of questions) {
    for (const name of new Set(scenario ? names(scenario) : [])) {
      const share = shares.get(name) ?? { scored: 0, possible: 0 };
      shares.set(name, { scored: share.scored + graded.scored, possible: share.possible + graded.possible });
    }
  }
  return shares;
}

/** Points lost by cause, the most first. */
export function lostBy(questions: readonly QuestionResult[]): [Cause, number][] {
  const lost = new Map<Cause, number>();
  for (const { graded, causes } of questions) {
    for (const { id, points, scored } of graded.results) {
      const cause = causes[id];
      if (cause !== undefined) lost.set(cause, (lost.get(cause) ?? 0) + points - scored);
    }
  }
  return [...lost].sort(([, a], [, b]) => b - a);
}
