/** An exam's result as files for other programs. */
import type { Locale } from '../errors.ts';
import { AppError } from '../errors.ts';
import type { App } from '../handle.ts';
import { type AttemptView, getAttempt } from './get-attempt.ts';

type Over = Extract<AttemptView, { phase: 'over' }>;

/** A row for each check. */
const COLUMNS = [
  'question',
  'scenario',
  'title',
  'domain',
  'host',
  'secondsSpent',
  'secondsTarget',
  'check',
  'sentence',
  'points',
  'scored',
  'outcome',
  'cause',
  'nearMiss',
  'findings',
] as const;
type Row = Record<(typeof COLUMNS)[number], string | number>;

/** Throws `attempt-not-found` for one that is not over as for none. */
export async function exportAttempt(
  app: App,
  userId: string,
  { attemptId, format, locale }: { attemptId: string; format: 'csv' | 'json'; locale: Locale },
): Promise<{ body: string; type: string; name: string }> {
  const attempt = await getAttempt(app, userId, attemptId);
  if (attempt.phase !== 'over') throw new AppError('attempt-not-found');
  const name = `drydock-exam-${attempt.startedAt.slice(0, 10)}.${format}`;
  if (format === 'csv') return { body: toCsv(rows(attempt, locale)), type: 'text/csv; charset=utf-8', name };
  const { id, startedAt, endedAt, endedBy, addedMs, usedMs, totalMs, score, notes } = attempt;
  const body = {
    id,
    startedAt,
    endedAt,
    endedBy,
    secondsUsed: seconds(usedMs),
    secondsTotal: seconds(totalMs),
    secondsAdded: seconds(addedMs),
    score,
    checks: rows(attempt, locale),
    notes,
  };
  return { body: `${JSON.stringify(body, null, 2)}\n`, type: 'application/json', name };
}

const seconds = (ms: number): number => Math.round(ms / 1000);

function rows({ questions }: Over, locale: Locale): Row[] {
  return questions.flatMap(({ number, scenarioId, host, spentMs, scenario, graded, causes }) =>
    graded.results.map(({ id, sentence, points, scored, result }): Row => {
      const failed = result.outcome === 'failed' ? result : undefined;
      return {
        question: number,
        scenario: scenarioId,
        title: scenario?.title[locale] ?? '',
        domain: scenario?.domain ?? '',
        host,
        secondsSpent: seconds(spentMs),
        secondsTarget: scenario === undefined ? '' : seconds(scenario.targetMs),
        check: id,
        sentence: sentence[locale],
        points,
        scored,
        outcome: result.outcome,
        cause: causes[id] ?? '',
        nearMiss: failed?.nearMiss?.[locale] ?? '',
        findings: (failed?.findings ?? [])
          .map(({ object, path, expected, actual }) => `${object} ${path}: ${expected} <> ${actual}`)
          .join('\n'),
      };
    }),
  );
}

/** RFC 4180, with a mark that lets spreadsheets read it as UTF-8. */
export function toCsv(table: readonly Row[]): string {
  const lines = [COLUMNS.join(','), ...table.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))];
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  // What a learner named so that a spreadsheet would run it stays a text.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
