/** What a run has to end in. */
import { findingText } from '#grader/show.ts';
import type { Outcome, Report } from '#grader/types.ts';
import type { Ended } from './proof-bench.ts';

function why(id: string, result: Outcome): string {
  switch (result.outcome) {
    case 'passed':
      return `${id}: passed`;
    case 'unknown':
      return `${id}: could not be checked: ${result.reason}`;
    case 'failed':
      return result.waitsFor
        ? `${id}: waits for ${result.waitsFor.join(', ')}`
        : `${id}: ${result.findings.map(findingText).join('; ')}`;
  }
}

const unknowns = ({ results }: Report): string[] =>
  results.filter(({ result }) => result.outcome === 'unknown').map(({ id, result }) => why(id, result));

export function scoresNothing(ended: Ended): string[] {
  if (!('report' in ended)) return ended.stopped;
  const { report } = ended;
  return [
    ...unknowns(report),
    ...report.results.filter(({ scored }) => scored > 0).map(({ id }) => `${id} passes though nothing was done`),
  ];
}

export function scoresAll(ended: Ended): string[] {
  if (!('report' in ended)) return ended.stopped;
  const { results } = ended.report;
  return results.filter(({ result }) => result.outcome !== 'passed').map(({ id, result }) => why(id, result));
}

export function failsExactly(ended: Ended, fails: readonly string[]): string[] {
  if (!('report' in ended)) return ended.stopped;
  const { report } = ended;
  const failed = report.results.filter(({ result }) => result.outcome === 'failed').map(({ id }) => id);
  const tooFew = fails.filter((id) => !failed.includes(id)).map((id) => `${id} should fail and passes`);
  const tooMany = report.results
    .filter(({ id }) => failed.includes(id) && !fails.includes(id))
    .map(({ id, result }) => `fails without being named: ${why(id, result)}`);
  return [...unknowns(report), ...tooFew, ...tooMany];
}
