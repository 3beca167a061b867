/** A Job's pods: how they count, and how they are made. */
import type { Job, Pod, PodTemplateSpec } from '../../api/types.ts';
import { millisecondsOf } from '../conditions.ts';
import { podFromTemplate } from '../pod-control.ts';
import { INDEX_ANNOTATION } from './indexes.ts';

/** Holds a finished pod until it has been counted. */
export const TRACKING = 'batch.kubernetes.io/job-tracking';
/** Milliseconds between a failure and the next pod: 10 s, 20 s, ... 10 min. */
const BACKOFF_FIRST = 10_000;
const BACKOFF_LAST = 600_000;

export const isIndexed = (job: Job): boolean => job.spec?.completionMode === 'Indexed';
export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(TRACKING) === true;
export const indexOf = (pod: Pod): number | undefined => {
  const text = pod.metadata.annotations?.[INDEX_ANNOTATION];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};

export const hasSucceeded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded';
/** Failed, or on its way out without having succeeded (unless the Job replaces only pods that have failed). */
export function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  if (job.spec?.podReplacementPolicy === 'Failed') return false;
  return pod.metadata.deletionTimestamp !== undefined && !hasSucceeded(pod);
}

const finishedAt = (pod: Pod): number => {
  const ends = (pod.status?.containerStatuses ?? []).map(
    (status) => millisecondsOf(status.state?.terminated?.finishedAt) ?? 0,
  );
  const told = Math.max(0, ...ends);
  return (
    told || (millisecondsOf(pod.metadata.deletionTimestamp) ?? millisecondsOf(pod.metadata.creationTimestamp) ?? 0)
  );
};

/** When the next pod may be made, in milliseconds since 1970: failures since the last success count. */
export function nextStart(job: Job, pods: readonly Pod[]): number {
  const lastSuccess = Math.max(0, ...pods.filter(hasSucceeded).map(finishedAt));
  const failures = pods.filter((pod) => hasFailed(job, pod) && finishedAt(pod) >= lastSuccess);
  if (failures.length === 0) return 0;
  const wait = Math.min(BACKOFF_FIRST * 2 ** (failures.length - 1), BACKOFF_LAST);
  return Math.max(...failures.map(finishedAt)) + wait;
}

export function newPod(job: Job, index: number | undefined): Pod {
  const template: PodTemplateSpec = structuredClone(job.spec?.template ?? {});
  const pod = podFromTemplate(index === undefined ? template : indexedTemplate(job, template, index), job);
  pod.metadata.finalizers = [...new Set([...(pod.metadata.finalizers ?? []), TRACKING])];
  if (index !== undefined) pod.metadata.generateName = `${job.metadata.name}-${index}-`;
  return pod;
}

function indexedTemplate(job: Job, template: PodTemplateSpec, index: number): PodTemplateSpec {
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
      annotations: { ...template.metadata?.annotations, [INDEX_ANNOTATION]: text },
    },
    spec: {
      ...spec,
      hostname: `${job.metadata.name}-${index}`,
      containers: spec.containers.map(told),
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(told) }),
    },
  };
}
