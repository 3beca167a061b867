/** What the status of a Job may become. What was wrong before and is left as it is, is let through. */
import { duplicate, invalid, path, required, type FieldError, type Path } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import type { Job } from '../../../api/types.ts';
import { validateCounters } from '../../apps/status.ts';
import { countIndexes, overlap } from './indexes.ts';

type Status = NonNullable<Job['status']>;

const STATUS = path('status');

export const hasCondition = (job: Job, type: string, status = 'True'): boolean =>
  (job.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === status);

const withoutValue = (at: Path, detail: string): FieldError => ({
  type: 'Invalid value',
  field: String(at),
  body: `Invalid value: ${detail}`,
});
const conditions = (detail: string) => withoutValue(STATUS.child('conditions'), detail);

const isFinished = (job: Job) => hasCondition(job, 'Complete') || hasCondition(job, 'Failed');

function validateUncounted(pods: Status['uncountedTerminatedPods']): FieldError[] {
  const seen = new Set<string>();
  return (['succeeded', 'failed'] as const).flatMap((field) =>
    (pods?.[field] ?? []).flatMap((uid, position) => {
      const at = STATUS.child('uncountedTerminatedPods', field).index(position);
      if (uid === '') return [invalid(at, uid, 'must not be empty')];
      if (seen.has(uid)) return [duplicate(at, uid)];
      seen.add(uid);
      return [];
    }),
  );
}

/** Which parts of a status are not what they were. */
function changes(job: Job, old: Job) {
  const [now, before] = [job.status ?? {}, old.status ?? {}];
  const field = (name: keyof Status) => !equal(now[name], before[name]);
  const condition = (type: string) => hasCondition(job, type) !== hasCondition(old, type);
  return {
    finished: isFinished(job) !== isFinished(old),
    complete: condition('Complete'),
    failed: condition('Failed'),
    target: condition('FailureTarget'),
    criteria: condition('SuccessCriteriaMet'),
    completed: (now.completedIndexes ?? '') !== (before.completedIndexes ?? ''),
    failedIndexes: field('failedIndexes'),
    active: (now.active ?? 0) !== (before.active ?? 0),
    start: field('startTime'),
    completion: field('completionTime'),
    uncounted: field('uncountedTerminatedPods'),
    ready: field('ready'),
    terminating: field('terminating'),
  };
}
type Changes = ReturnType<typeof changes>;

/** Whether it is complete or failed, and when. */
function validateEnd(job: Job, changed: Changes): FieldError[] {
  const status = job.status ?? {};
  const [complete, failed] = [hasCondition(job, 'Complete'), hasCondition(job, 'Failed')];
  const completion = STATUS.child('completionTime');
  const errors: FieldError[] = [];
  if ((changed.complete || changed.failed) && complete && failed)
    errors.push(conditions('cannot set Complete=True and Failed=true conditions'));
  if ((changed.complete || changed.target) && complete && hasCondition(job, 'FailureTarget'))
    errors.push(conditions('cannot set Complete=True and FailureTarget=true conditions'));
  if (changed.complete || changed.completion) {
    if (status.completionTime && !complete)
      errors.push(
        invalid(
          completion,
          status.completionTime,
          'cannot set completionTime when there is no Complete=True condition',
        ),
      );
    if (!status.completionTime && complete)
      errors.push(required(completion, 'completionTime is required for Complete jobs'));
  }
  const { startTime, completionTime } = status;
  const isBefore = startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime);
  if ((changed.start || changed.completion) && isBefore)
    errors.push(invalid(completion, completionTime, 'must be equal to or after `startTime`'));
  if ((changed.failed || changed.failedIndexes) && failed && !hasCondition(job, 'FailureTarget'))
    errors.push(conditions('cannot set Failed=True condition without the FailureTarget=true condition'));
  if ((changed.complete || changed.criteria) && complete && !hasCondition(job, 'SuccessCriteriaMet'))
    errors.push(conditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'));
  return errors;
}

function validateFinished(job: Job, changed: Changes): FieldError[] {
  if (!isFinished(job)) return [];
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = job.status ?? {};
  const errors: FieldError[] = [];
  if ((changed.finished || changed.active) && active > 0)
    errors.push(invalid(STATUS.child('active'), active, 'active>0 is invalid for finished job'));
  const neverStarts = job.spec?.suspend === true && job.spec.completions === 0;
  if ((changed.finished || changed.start) && !neverStarts && !startTime)
    errors.push(required(STATUS.child('startTime'), 'startTime is required for finished job'));
  const left = [...(uncounted?.failed ?? []), ...(uncounted?.succeeded ?? [])];
  if ((changed.finished || changed.uncounted) && left.length > 0) {
    const shown = { Succeeded: uncounted?.succeeded ?? null, Failed: uncounted?.failed ?? null };
    errors.push(invalid(STATUS.child('uncountedTerminatedPods'), shown, 'must be empty for finished job'));
  }
  return errors;
}

function validateIndexes(job: Job, changed: Changes): FieldError[] {
  const { completedIndexes: completed = '', failedIndexes: failed } = job.status ?? {};
  const { completions, backoffLimitPerIndex: perIndex, completionMode } = job.spec ?? {};
  const errors: FieldError[] = [];
  const done = STATUS.child('completedIndexes');
  const lost = STATUS.child('failedIndexes');
  if (changed.completed && completions !== undefined) {
    const { problem } = countIndexes(completed, completions);
    if (problem !== undefined) errors.push(invalid(done, completed, `error parsing completedIndexes: ${problem}`));
  }
  if (changed.failedIndexes && completions !== undefined && perIndex !== undefined && failed !== undefined) {
    const { problem } = countIndexes(failed, completions);
    if (problem !== undefined) errors.push(invalid(lost, failed, `error parsing failedIndexes: ${problem}`));
  }
  if (changed.completed && completed !== '' && completionMode !== 'Indexed')
    errors.push(invalid(done, completed, 'cannot set non-empty completedIndexes when non-indexed completion mode'));
  if (changed.failedIndexes && perIndex === undefined && failed !== undefined)
    errors.push(invalid(lost, failed, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'));
  if ((changed.failedIndexes || changed.completed) && completions !== undefined && failed !== undefined) {
    const both = overlap(completed, failed, completions);
    if (both !== undefined)
      errors.push(invalid(lost, failed, `failedIndexes and completedIndexes overlap at index: ${both}`));
  }
  return errors;
}

function validateCounts(job: Job, changed: Changes): FieldError[] {
  const { ready, active = 0, terminating } = job.status ?? {};
  const errors: FieldError[] = [];
  if ((changed.finished || changed.terminating) && (terminating ?? 0) > 0 && isFinished(job))
    errors.push(invalid(STATUS.child('terminating'), terminating, 'terminating>0 is invalid for finished job'));
  if ((changed.ready || changed.active) && ready !== undefined && ready > active)
    errors.push(invalid(STATUS.child('ready'), ready, 'cannot set more ready pods than active'));
  if (hasCondition(job, 'SuccessCriteriaMet')) {
    for (const type of ['Failed', 'FailureTarget'])
      if (hasCondition(job, type))
        errors.push(conditions(`cannot set SuccessCriteriaMet=True and ${type}=true conditions`));
  } else if (job.spec?.successPolicy && hasCondition(job, 'Complete'))
    errors.push(conditions('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'));
  return errors;
}

/** What may not be taken back. */
function validateTransition(job: Job, old: Job, changed: Changes): FieldError[] {
  const [status, before] = [job.status ?? {}, old.status ?? {}];
  const errors: FieldError[] = [];
  for (const type of ['Failed', 'Complete', 'FailureTarget'])
    if (hasCondition(old, type) && !hasCondition(job, type))
      errors.push(conditions(`cannot disable the terminal ${type}=True condition`));
  const decreased = (field: 'failed' | 'succeeded') => {
    if ((status[field] ?? 0) < (before[field] ?? 0))
      errors.push(invalid(STATUS.child(field), status[field] ?? 0, `cannot decrease the ${field} counter`));
  };
  const { completionMode, completions, parallelism } = job.spec ?? {};
  decreased('failed');
  if (completionMode !== 'Indexed' || completions !== parallelism) decreased('succeeded');
  if (status.completionTime && before.completionTime && status.completionTime !== before.completionTime)
    errors.push(invalid(STATUS.child('completionTime'), status.completionTime, 'field is immutable'));
  const resumes = hasCondition(old, 'Suspended') && hasCondition(job, 'Suspended', 'False');
  // said of any change
  if (changed.start && !resumes && before.startTime && !job.spec?.suspend)
    errors.push(required(STATUS.child('startTime'), 'startTime cannot be removed for unsuspended job'));
  const [met, meets] = [hasCondition(old, 'SuccessCriteriaMet'), hasCondition(job, 'SuccessCriteriaMet')];
  if (met && !meets) errors.push(conditions('cannot disable the SuccessCriteriaMet=True condition'));
  if (hasCondition(old, 'Complete') && !met && meets)
    errors.push(conditions('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'));
  return errors;
}

export function validateJobStatus(job: Job, old: Job): FieldError[] {
  const changed = changes(job, old);
  return [
    ...validateCounters({ ...job.status }, ['active', 'succeeded', 'failed', 'ready', 'terminating']),
    ...validateUncounted(job.status?.uncountedTerminatedPods),
    ...validateEnd(job, changed),
    ...validateFinished(job, changed),
    ...validateIndexes(job, changed),
    ...validateCounts(job, changed),
    ...validateTransition(job, old, changed),
  ];
}
