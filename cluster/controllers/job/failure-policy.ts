/** podFailurePolicy: what a failed pod means for its Job. */
import type { Job, Pod } from '../../api/types.ts';

export type Action = 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
export interface Verdict {
  action: Action;
  /** For FailJob: why. */
  message: string;
}

/** The first rule that matches decides; without one the failure counts. */
export function judge(job: Job, pod: Pod): Verdict {
  const rules = job.spec?.podFailurePolicy?.rules ?? [];
  const of = `pod ${pod.metadata.namespace}/${pod.metadata.name}`;
  for (const [position, rule] of rules.entries()) {
    const action = rule.action as Action;
    if (rule.onExitCodes) {
      const { containerName, operator, values } = rule.onExitCodes;
      const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
      for (const status of statuses) {
        const code = status.state?.terminated?.exitCode;
        if (code === undefined || code === 0 || (containerName && containerName !== status.name)) continue;
        if (values.includes(code) === (operator === 'In')) {
          const message = `Container ${status.name} for ${of} failed with exit code ${code} matching ${action} rule at index ${position}`;
          return { action, message };
        }
      }
    }
    for (const pattern of rule.onPodConditions ?? []) {
      const matching = (pod.status?.conditions ?? []).find(
        (condition) => condition.type === pattern.type && condition.status === (pattern.status ?? 'True'),
      );
      if (matching) {
        const text = `Pod ${pod.metadata.namespace}/${pod.metadata.name} has condition ${matching.type} matching ${action} rule at index ${position}`;
        return { action, message: text };
      }
    }
  }
  return { action: 'Count', message: '' };
}
