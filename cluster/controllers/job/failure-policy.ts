/** podFailurePolicy: what a failed pod means for its Job. */
import type { ContainerStatus, Job, Pod } from '../../api/types.ts';

export interface Verdict {
  /** Absent: no rule matches. */
  action?: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  /** Whether it counts towards the limits of failures. */
  counts: boolean;
  /** For FailJob: why. */
  message?: string;
}

type Rule = NonNullable<NonNullable<Job['spec']>['podFailurePolicy']>['rules'][number];

/** The first rule that matches decides; without one the failure counts. */
export function judge(job: Job, pod: Pod): Verdict {
  for (const [position, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const reason = matchOf(rule, pod);
    if (reason === undefined) continue;
    const action = rule.action as NonNullable<Verdict['action']>;
    const message = `${reason} matching ${action} rule at index ${position}`;
    return { action, counts: action !== 'Ignore', ...(action === 'FailJob' ? { message } : {}) };
  }
  return { counts: true };
}

function matchOf(rule: Rule, pod: Pod): string | undefined {
  const { namespace, name } = pod.metadata;
  if (rule.onExitCodes !== undefined) {
    const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
    const status = [...containerStatuses, ...initContainerStatuses].find((one) => exitMatches(rule, one));
    const code = status?.state?.terminated?.exitCode;
    return status && `Container ${status.name} for pod ${namespace}/${name} failed with exit code ${code}`;
  }
  const condition = (pod.status?.conditions ?? []).find(({ type, status }) =>
    (rule.onPodConditions ?? []).some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status),
  );
  return condition && `Pod ${namespace}/${name} has condition ${condition.type}`;
}

function exitMatches({ onExitCodes }: Rule, { name, state }: ContainerStatus): boolean {
  const code = state?.terminated?.exitCode;
  if (onExitCodes === undefined || code === undefined || code === 0) return false;
  if (onExitCodes.containerName !== undefined && onExitCodes.containerName !== name) return false;
  return onExitCodes.values.includes(code) === (onExitCodes.operator === 'In');
}
