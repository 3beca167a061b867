/** successPolicy: which indexes are enough. */
import type { Job } from '../../api/types.ts';
import { parseIndexes } from './indexes.ts';

/** The sentence of the first rule that is met; undefined while none is. */
export function metSuccessRule(job: Job, done: ReadonlySet<number>): string | undefined {
  if (done.size === 0) return undefined;
  const { completions = 0, successPolicy } = job.spec ?? {};
  const position = (successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && done.size >= succeededCount;
    const wanted = parseIndexes(succeededIndexes, completions);
    if (wanted.size === 0) return false;
    const met = [...wanted].filter((index) => done.has(index)).length;
    return met === wanted.size || (succeededCount !== undefined && met >= succeededCount);
  });
  return position === -1 ? undefined : `Matched rules at index ${position}`;
}
