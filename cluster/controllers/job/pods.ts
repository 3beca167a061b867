/** A Job's pods: how they count, and how they are made. */
import { isTerminal } from '../../api/pods.ts';
import type { ContainerStatus, Job, Pod, PodTemplateSpec } from '../../api/types.ts';
import { conditionOf, millisecondsOf } from '../conditions.ts';
import { podFromTemplate } from '../pod-control.ts';
import { judge } from './failure-policy.ts';
import { INDEX_ANNOTATION } from './indexes.ts';

/** Holds a finished pod until it has been counted. */
export const TRACKING = 'batch.kubernetes.io/job-tracking';
/** How often pods of the same index failed before this one, where each index has a limit of its own. */
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
const IGNORED_FAILURES = 'batch.kubernetes.io/job-index-ignored-failure-count';
/** Characters of a generated name before its five by chance. */
const MAX_PREFIX = 58;

export const isIndexed = (job: Job): boolean => job.spec?.completionMode === 'Indexed';
export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(TRACKING) === true;
export const indexOf = (pod: Pod): number | undefined => {
  const text = pod.metadata.annotations?.[INDEX_ANNOTATION];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};
/** Its index is one that the Job has; always, where pods have no indexes. */
export const isInRange = (job: Job, pod: Pod): boolean => {
  const index = indexOf(pod);
  return !isIndexed(job) || (index !== undefined && index < (job.spec?.completions ?? 0));
};

export const hasSucceeded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded';
export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined && !isTerminal(pod);
/** A pod that is on its way out is replaced only when it has ended. */
export const replacesFailedOnly = ({ spec }: Job): boolean =>
  spec?.podReplacementPolicy === 'Failed' || spec?.podFailurePolicy !== undefined;
export function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return !replacesFailedOnly(job) && isTerminating(pod);
}

/** Milliseconds since 1970. */
export function finishedAt(pod: Pod): number {
  const { conditions } = pod.status ?? {};
  const ready = conditionOf(conditions, 'Ready');
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata;
  const deleted = millisecondsOf(deletionTimestamp);
  return (
    containersFinishedAt(pod) ??
    (ready?.status === 'False' ? millisecondsOf(ready.lastTransitionTime) : undefined) ??
    (deleted === undefined ? undefined : deleted - deletionGracePeriodSeconds * 1000) ??
    millisecondsOf(creationTimestamp) ??
    0
  );
}

/** When the last of the containers ended, sidecars among them; undefined while one has not. */
function containersFinishedAt({ spec, status }: Pod): number | undefined {
  const sidecars = new Set(
    (spec?.initContainers ?? []).flatMap(({ name, restartPolicy }) => (restartPolicy === 'Always' ? name : [])),
  );
  const statuses: ContainerStatus[] = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)),
  ];
  const ends = statuses.map(({ state }) => millisecondsOf(state?.terminated?.finishedAt));
  const known = ends.filter((end) => end !== undefined);
  return known.length === 0 || known.length < ends.length ? undefined : Math.max(...known);
}

const numberIn = (pod: Pod, annotation: string): number => {
  const text = pod.metadata.annotations?.[annotation] ?? '';
  return /^\+?\d+$/.test(text) && Number(text) <= 2_147_483_647 ? Number(text) : 0;
};
export const failuresBefore = (pod: Pod): number => numberIn(pod, FAILURES);
export const allFailuresBefore = (pod: Pod): number => failuresBefore(pod) + numberIn(pod, IGNORED_FAILURES);

export function newPod(job: Job, index: number | undefined, replaced: Pod | undefined): Pod {
  const template: PodTemplateSpec = structuredClone(job.spec?.template ?? {});
  const pod = podFromTemplate(index === undefined ? template : indexedTemplate(job, template, index, replaced), job);
  pod.metadata.finalizers = [...new Set([...(pod.metadata.finalizers ?? []), TRACKING])];
  if (index !== undefined) {
    const end = `-${index}-`;
    pod.metadata.generateName = job.metadata.name.slice(0, MAX_PREFIX - end.length) + end;
  }
  return pod;
}

function indexedTemplate(job: Job, template: PodTemplateSpec, index: number, replaced: Pod | undefined) {
  const text = String(index);
  const variable = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX_ANNOTATION}']` } },
  };
  const told = <C extends { env?: { name: string }[] }>(container: C): C =>
    container.env?.some((one) => one.name === variable.name)
      ? container
      : { ...container, env: [...(container.env ?? []), variable] };
  const spec = template.spec ?? { containers: [] };
  return {
    ...template,
    metadata: {
      ...template.metadata,
      labels: { ...template.metadata?.labels, [INDEX_ANNOTATION]: text },
      annotations: { ...template.metadata?.annotations, [INDEX_ANNOTATION]: text, ...failureCounts(job, replaced) },
    },
    spec: {
      ...spec,
      hostname: `${job.metadata.name}-${index}`,
      containers: spec.containers.map(told),
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(told) }),
    },
  };
}

function failureCounts(job: Job, replaced: Pod | undefined): Record<string, string> {
  if (job.spec?.backoffLimitPerIndex === undefined) return {};
  if (replaced === undefined) return { [FAILURES]: '0' };
  const { counts } = judge(job, replaced);
  const ignored = numberIn(replaced, IGNORED_FAILURES) + (counts ? 0 : 1);
  return {
    [FAILURES]: String(failuresBefore(replaced) + (counts ? 1 : 0)),
    ...(ignored > 0 ? { [IGNORED_FAILURES]: String(ignored) } : {}),
  };
}
