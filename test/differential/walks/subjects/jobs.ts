/** Jobs whose pods are never bound: a walk says itself how each ends. */
import {
  create,
  onPod,
  patch,
  phase,
  podStatus,
  remove,
  type Draw,
  type Pick,
  type Step,
  type Subject,
} from '../step.ts';

const rule = (draw: Draw, indexed: boolean) => ({
  action: draw.of(indexed ? ['FailJob', 'FailIndex', 'Ignore', 'Count'] : ['FailJob', 'Ignore', 'Count']),
  ...(draw.chance(0.6)
    ? {
        onExitCodes: {
          operator: draw.of(['In', 'NotIn']),
          values: [draw.of([1, 3])],
          ...draw.maybe({ containerName: 'main' }),
        },
      }
    : { onPodConditions: [{ type: 'DisruptionTarget', ...draw.maybe({ status: 'True' }) }] }),
});

function job(draw: Draw, name: string) {
  const indexed = draw.chance(0.6);
  const completions = draw.below(5);
  const perIndex = indexed && draw.chance(0.45);
  const policy = draw.chance(0.4);
  return {
    metadata: { name },
    spec: {
      ...(indexed ? { completionMode: 'Indexed', completions } : draw.maybe({ completions })),
      parallelism: draw.below(5),
      ...(perIndex
        ? { backoffLimitPerIndex: draw.below(2), ...draw.maybe({ maxFailedIndexes: draw.below(3) }, 0.4) }
        : draw.maybe({ backoffLimit: draw.below(4) })),
      ...(policy
        ? { podFailurePolicy: { rules: Array.from({ length: 1 + draw.below(2) }, () => rule(draw, perIndex)) } }
        : {}),
      ...(indexed && completions > 0 && draw.chance(0.3)
        ? {
            successPolicy: {
              rules: [
                draw.of<object>([
                  { succeededCount: 1 },
                  { succeededIndexes: '0' },
                  { succeededIndexes: '0-1', succeededCount: 1 },
                ]),
              ],
            },
          }
        : {}),
      ...(policy ? {} : draw.maybe({ podReplacementPolicy: draw.of(['Failed', 'TerminatingOrFailed']) }, 0.4)),
      ...draw.maybe({ suspend: true }, 0.15),
      ...draw.maybe({ activeDeadlineSeconds: draw.of([6, 900]) }, 0.2),
      ...draw.maybe({ ttlSecondsAfterFinished: draw.of([0, 600]) }, 0.1),
      ...draw.maybe({ managedBy: 'example.com/other' }, 0.03),
      template: {
        metadata: { labels: { app: name } },
        spec: {
          restartPolicy: policy ? 'Never' : draw.of(['Never', 'OnFailure']),
          nodeSelector: { nowhere: 'yes' },
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'main', image: 'busybox' }],
        },
      },
    },
  };
}

function change(draw: Draw): Step[] {
  const at = 'jobs/task';
  const pod: Pick = { labels: 'job-name=task', which: draw.below(5) };
  return draw.of<() => Step[]>([
    () => [phase(pod, 'Failed', draw.of([1, 2, 3]))],
    () => [phase(pod, 'Failed', draw.of([1, 2, 3]))],
    () => [phase(pod, 'Succeeded', 0)],
    () => [phase(pod, 'Succeeded', 0)],
    () => [phase(pod, 'Running')],
    () => [
      podStatus(pod, {
        phase: 'Failed',
        conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '<now>' }],
      }),
    ],
    () => [
      podStatus(pod, {
        phase: 'Failed',
        conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '<now>' }],
      }),
      { waitMs: 9000 },
    ],
    () => [
      podStatus(pod, {
        phase: 'Failed',
        conditions: [
          {
            type: 'DisruptionTarget',
            status: 'True',
            reason: 'EvictionByEvictionAPI',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      }),
    ],
    () => [
      podStatus(pod, {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'main',
            image: 'b',
            imageID: '',
            ready: true,
            restartCount: 1 + draw.below(3),
            state: { running: {} },
          },
        ],
      }),
    ],
    () => [patch(at, { spec: { parallelism: draw.below(5) } })],
    () => [patch(at, { spec: { suspend: true } })],
    () => [patch(at, { spec: { suspend: false } })],
    () => {
      const size = draw.below(5);
      return [patch(at, { spec: { completions: size, parallelism: size } })];
    },
    () => [patch(at, { spec: { activeDeadlineSeconds: 1 } }), { waitMs: 1500 }],
    () => [onPod(pod, 'DELETE')],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: null } })],
    () => [
      onPod(pod, 'PATCH', undefined, {
        metadata: { finalizers: ['example.com/hold', 'batch.kubernetes.io/job-tracking'] },
      }),
    ],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { ownerReferences: null } })],
    () => [remove(at, draw.of(['Orphan', 'Foreground', 'Background'])), create('jobs', job(draw, 'task'))],
    () => [{ waitMs: 11_000 }],
    () => [patch(at, { spec: { ttlSecondsAfterFinished: 0 } })],
  ])();
}

export const jobs: Subject = {
  quiet: 1900,
  steps: (draw) => [create('jobs', job(draw, 'task')), ...Array.from({ length: 9 }, () => change(draw)).flat()],
};
