/** CronJobs: Jobs on a schedule. */
import { parseSchedule } from '../../../api/cron.ts';
import { invalid, notSupported, path, required, type FieldError } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import { isTimeZone } from '../../../api/time-zone.ts';
import type { CronJob } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { age, ago, containerCells, selectorText } from '../../pod-spec/columns.ts';
import { nonNegative } from '../../pod-spec/scalars.ts';
import { hostnameWarning, podWarnings } from '../../pod-spec/warnings.ts';
import { defaultJobTemplate } from '../job/defaults.ts';
import { validateJobTemplate, type JobSpec } from '../job/validation.ts';

type Spec = NonNullable<CronJob['spec']>;

const SPEC = path('spec');
/** A job's name is the cron job's, a hyphen and the minute it was due in ten digits: 63 in all. */
const LONGEST_NAME = 52;

function validateSchedule({ schedule, timeZone }: Spec, zoneAllowed: boolean): FieldError[] {
  const at = SPEC.child('schedule');
  if (!schedule) return [required(at)];
  const parsed = parseSchedule(schedule);
  const errors = typeof parsed === 'string' ? [invalid(at, schedule, parsed)] : [];
  if (!schedule.includes('TZ')) return errors;
  if (zoneAllowed && timeZone !== undefined)
    errors.push(invalid(at, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  else if (!zoneAllowed)
    errors.push(invalid(at, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  return errors;
}

function validateZone(zone: string | undefined): FieldError[] {
  const at = SPEC.child('timeZone');
  if (zone === undefined) return [];
  if (zone === '') return [invalid(at, zone, 'timeZone must be nil or non-empty string')];
  const unknown = invalid(at, zone, `unknown time zone ${zone}`);
  const isPart = (part: string) =>
    part !== '.' && part !== '..' && !part.startsWith('-') && /^[A-Za-z.\-_0-9+]{1,14}$/.test(part);
  if (!zone.split('/').every(isPart)) return [unknown];
  const errors: FieldError[] = [];
  if (zone.toLowerCase() === 'local')
    errors.push(
      invalid(at, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'),
    );
  return isTimeZone(zone) ? errors : [...errors, unknown];
}

const POLICIES = ['Allow', 'Forbid', 'Replace'];

function validateJobs(spec: Spec): FieldError[] {
  const at = SPEC.child('jobTemplate', 'spec');
  const jobSpec = spec.jobTemplate.spec ?? { template: {} };
  const errors = validateJobTemplate(jobSpec, at);
  if (jobSpec.selector)
    errors.push(invalid(at.child('selector'), jobSpec.selector, '`selector` will be auto-generated'));
  if (jobSpec.manualSelector) errors.push(notSupported(at.child('manualSelector'), true, ['nil', 'false']));
  return errors;
}

function validate(spec: Spec, old?: Spec): FieldError[] {
  const policy = spec.concurrencyPolicy;
  const at = SPEC.child('concurrencyPolicy');
  const errors = [
    ...validateSchedule(spec, old?.schedule.includes('TZ') ?? false),
    ...nonNegative(spec.startingDeadlineSeconds, SPEC.child('startingDeadlineSeconds')),
    ...(old && old.timeZone === spec.timeZone ? [] : validateZone(spec.timeZone)),
  ];
  if (!policy) errors.push(required(at));
  else if (!POLICIES.includes(policy)) errors.push(notSupported(at, policy, POLICIES));
  return [
    ...errors,
    ...validateJobs(spec),
    ...nonNegative(spec.successfulJobsHistoryLimit, SPEC.child('successfulJobsHistoryLimit')),
    ...nonNegative(spec.failedJobsHistoryLimit, SPEC.child('failedJobsHistoryLimit')),
  ];
}

const specOf = ({ spec }: CronJob): Spec => spec ?? { schedule: '', jobTemplate: {} };

export const cronJob: Kind<CronJob> = {
  resource: 'cronjobs.batch',

  defaults(object) {
    const spec = (object.spec ??= {} as Spec);
    spec.jobTemplate ??= {};
    spec.jobTemplate.metadata ??= {};
    spec.jobTemplate.spec ??= {} as JobSpec;
    defaultJobTemplate(spec.jobTemplate.spec);
    if (!spec.concurrencyPolicy) spec.concurrencyPolicy = 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
  },
  prepareForCreate(object) {
    object.status = {};
    dropDisabledFields(object.spec?.jobTemplate.spec?.template.spec);
  },
  prepareForUpdate(object) {
    dropDisabledFields(object.spec?.jobTemplate.spec?.template.spec);
  },

  validate(object) {
    const errors = validate(specOf(object));
    if (object.metadata.name.length > LONGEST_NAME)
      errors.push(
        invalid(path('metadata', 'name'), object.metadata.name, `must be no more than ${LONGEST_NAME} characters`),
      );
    return errors;
  },
  validateUpdate: (object, old) => validate(specOf(object), specOf(old)),
  warnings(object, old) {
    const template = object.spec?.jobTemplate.spec?.template;
    const unchanged = old !== undefined && equal(object.spec, old.spec);
    return [
      ...(old ? [] : hostnameWarning(object.metadata.name, 'Pod names and hostnames')),
      ...(unchanged
        ? []
        : podWarnings(
            template?.spec,
            template?.metadata?.annotations,
            SPEC.child('jobTemplate', 'spec', 'template'),
            false,
          )),
      ...(old && object.spec?.schedule.includes('TZ')
        ? [
            'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
          ]
        : []),
    ];
  },

  cells(object, { clock }) {
    const { spec, status } = object;
    const jobSpec = spec?.jobTemplate.spec;
    return [
      object.metadata.name,
      spec?.schedule ?? '',
      spec?.timeZone ?? '<none>',
      spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False',
      status?.active?.length ?? 0,
      status?.lastScheduleTime ? ago(status.lastScheduleTime, clock.now()) : '<none>',
      age(object),
      ...containerCells(jobSpec?.template.spec?.containers),
      selectorText(jobSpec?.selector),
    ];
  },
};
