import type { CheckResult, Report } from '#grader/types.ts';
import type { Prisma } from '#prisma/client/client.ts';
import type { App } from '../handle.ts';

/** Keeps a report with its results and returns its id. */
export async function recordGrading(app: App, sessionId: string, report: Report): Promise<string> {
  const id = app.newId();
  await app.db.grading.create({
    data: {
      id,
      sessionId,
      gradedAt: new Date(app.now()),
      scored: report.scored,
      possible: report.possible,
      results: {
        create: report.results.map((result, position) => ({
          id: app.newId(),
          position,
          checkId: result.id,
          points: result.points,
          scored: result.scored,
          outcome: result.result.outcome,
          // A plain JSON value by its type; Prisma's type for that does not take interfaces.
          detail: result as unknown as Prisma.InputJsonObject,
        })),
      },
    },
  });
  return id;
}

export const GRADING_FIELDS = {
  id: true,
  gradedAt: true,
  scored: true,
  possible: true,
  results: { select: { detail: true }, orderBy: { position: 'asc' } },
} as const;

/** A grading as pages show it. */
export interface Graded {
  /** ISO 8601 */
  gradedAt: string;
  scored: number;
  possible: number;
  solved: boolean;
  results: CheckResult[];
}

export function graded(row: {
  gradedAt: Date;
  scored: number;
  possible: number;
  results: { detail: Prisma.JsonValue }[];
}): Graded {
  return {
    gradedAt: row.gradedAt.toISOString(),
    scored: row.scored,
    possible: row.possible,
    solved: isSolved(row),
    // Written by recordGrading above, from the same type.
    results: row.results.map((result) => result.detail as unknown as CheckResult),
  };
}

/** Every point that counts; checks that could not run count for nothing, and no checks at all solve nothing. */
export function isSolved(report: { scored: number; possible: number }): boolean {
  return report.possible > 0 && report.scored === report.possible;
}
