import { defaultPodSpec } from '../../pod-spec/defaults.ts';
import type { JobSpec } from './validation.ts';

/** What the server fills in inside of Jobs and of the templates of CronJobs alike. */
export function defaultJobTemplate(spec: JobSpec): void {
  spec.template ??= {};
  spec.template.metadata ??= {};
  spec.template.spec ??= { containers: [] };
  defaultPodSpec(spec.template.spec);
  for (const { onPodConditions } of spec.podFailurePolicy?.rules ?? [])
    for (const pattern of onPodConditions ?? []) if (!pattern.status) pattern.status = 'True';
}
