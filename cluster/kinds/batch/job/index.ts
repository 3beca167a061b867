/** Jobs: pods that run to their end. */
import { ageText } from '../../../api/durations.ts';
import { path } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import type { Job } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { age, containerCells, selectorText } from '../../pod-spec/columns.ts';
import { sortedMap } from '../../pod-spec/internal-values.ts';
import { MAX_INT32 } from '../../pod-spec/scalars.ts';
import { hostnameWarning, podWarnings } from '../../pod-spec/warnings.ts';
import { defaultJobTemplate } from './defaults.ts';
import { CONTROLLER_UID, JOB_NAME, OLD_CONTROLLER_UID, OLD_JOB_NAME } from './labels.ts';
import { hasCondition, validateJobStatus } from './status.ts';
import { validateJob, validateJobUpdate, type JobSpec } from './validation.ts';

const SPEC = path('spec');

/** A job without labels has those of its pods: the very same, so that those yet to be generated become its own, too. */
function labelAsPods(object: Job, spec: JobSpec): void {
  const { labels } = spec.template.metadata ?? {};
  if (labels && Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = labels;
}

function defaults(object: Job): void {
  const spec = (object.spec ??= { template: {} });
  defaultJobTemplate(spec);
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : MAX_INT32;
  labelAsPods(object, spec);
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  spec.manualSelector ??= false;
}

/** Jobs choose their pods by their own uid, so that two jobs never share any. */
function generateSelector(object: Job, spec: JobSpec): void {
  if (spec.manualSelector) return;
  const { name, uid = '' } = object.metadata;
  const metadata = (spec.template.metadata ??= {});
  const isShared = object.metadata.labels !== undefined && object.metadata.labels === metadata.labels;
  metadata.labels = sortedMap({
    [OLD_JOB_NAME]: name,
    [JOB_NAME]: name,
    [OLD_CONTROLLER_UID]: uid,
    [CONTROLLER_UID]: uid,
    ...metadata.labels,
  });
  if (isShared) object.metadata.labels = metadata.labels;
  const matchLabels = sortedMap({ [CONTROLLER_UID]: uid, ...spec.selector?.matchLabels });
  spec.selector = { ...spec.selector, matchLabels };
}

function statusText(job: Job): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find((type) => hasCondition(job, type)) ?? 'Running';
}

function completionsText({ spec, status }: Job): string {
  const done = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${done}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function durationText({ status }: Job, now: number): string {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(status.completionTime) : now;
  return ageText(end - Date.parse(status.startTime));
}

export const job: Kind<Job> = {
  resource: 'jobs.batch',
  defaultPropagation: 'Orphan',

  defaults,
  prepareForCreate(object) {
    dropDisabledFields(object.spec?.template.spec);
    if (object.spec) generateSelector(object, object.spec);
    object.status = {};
  },
  canonicalize(object) {
    if (object.spec) labelAsPods(object, object.spec);
  },
  prepareForUpdate(object) {
    dropDisabledFields(object.spec?.template.spec);
  },

  validate: (object) => validateJob(object),
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatus,
  warnings(object, old) {
    if (old && equal(object.spec, old.spec)) return [];
    const template = object.spec?.template;
    return [
      ...(old ? [] : hostnameWarning(object.metadata.name, 'Pod names and hostnames')),
      ...podWarnings(template?.spec, template?.metadata?.annotations, SPEC.child('template'), false),
    ];
  },

  fields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
  cells: (object, { clock }) => [
    object.metadata.name,
    statusText(object),
    completionsText(object),
    durationText(object, clock.now()),
    age(object),
    ...containerCells(object.spec?.template.spec?.containers),
    selectorText(object.spec?.selector),
  ],
};
