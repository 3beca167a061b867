/** StatefulSets: order, partitions, claims, broken rollouts. */
import { create, onPod, patch, phase, ready, remove, strategic, type Draw, type Step, type Subject } from '../step.ts';

const claims = [
  {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } },
  },
];

const set = (draw: Draw) => ({
  metadata: { name: 'db' },
  spec: {
    serviceName: 'db',
    replicas: draw.below(5),
    selector: { matchLabels: { app: 'db' } },
    ...draw.maybe({ podManagementPolicy: 'Parallel' }, 0.4),
    ...draw.maybe({ ordinals: { start: draw.of([1, 3]) } }, 0.25),
    ...draw.maybe({ minReadySeconds: 1 }, 0.2),
    ...draw.maybe({ revisionHistoryLimit: draw.below(2) }, 0.3),
    ...draw.maybe({
      updateStrategy: draw.of<object>([{ type: 'OnDelete' }, { rollingUpdate: { partition: draw.below(4) } }]),
    }),
    ...draw.maybe(
      {
        volumeClaimTemplates: claims,
        ...draw.maybe({
          persistentVolumeClaimRetentionPolicy: {
            whenDeleted: draw.of(['Retain', 'Delete']),
            whenScaled: draw.of(['Retain', 'Delete']),
          },
        }),
      },
      0.4,
    ),
    template: {
      metadata: { labels: { app: 'db' } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'redis:1' }] },
    },
  },
});

function change(draw: Draw): Step[] {
  const at = 'statefulsets/db';
  const pod = { labels: 'app=db', which: draw.below(4) };
  const image = (tag: number) =>
    strategic(at, { spec: { template: { spec: { containers: [{ name: 'main', image: `redis:${tag}` }] } } } });
  return draw.of<() => Step[]>([
    () => [image(draw.below(3))],
    () => [image(draw.below(3))],
    () => [patch(`${at}/scale`, { spec: { replicas: draw.below(6) } })],
    () => [patch(at, { spec: { replicas: draw.below(4) } })],
    () => [
      patch(at, { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: draw.below(4) } } } }),
    ],
    () => [patch(at, { spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } })],
    () => [ready(pod, false)],
    () => [ready(pod, true)],
    () => [phase(pod, draw.of(['Failed', 'Succeeded']))],
    () => [onPod(pod, 'DELETE')],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { labels: { app: 'lost' } } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { labels: { 'statefulset.kubernetes.io/pod-name': null } } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { labels: { 'apps.kubernetes.io/pod-index': '9' } } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: ['example.com/hold'] } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: null } })],
    // a rollout that does not come up, and the way back
    () => [strategic(at, { spec: { template: { spec: { nodeSelector: { nowhere: 'yes' } } } } })],
    () => [strategic(at, { spec: { template: { spec: { nodeSelector: null } } } })],
    () => [patch(at, { spec: { ordinals: { start: draw.below(4) } } })],
    () => [
      patch(at, {
        spec: {
          persistentVolumeClaimRetentionPolicy: {
            whenDeleted: draw.of(['Retain', 'Delete']),
            whenScaled: draw.of(['Retain', 'Delete']),
          },
        },
      }),
    ],
    () => [remove(`persistentvolumeclaims/data-db-${draw.below(3)}`)],
    () => [remove(at, draw.of(['Orphan', 'Foreground', 'Background'])), create('statefulsets', set(draw))],
    () => [patch(at, { spec: { minReadySeconds: draw.below(2) } }), { waitMs: 1500 }],
  ])();
}

export const statefulSets: Subject = {
  quiet: 1200,
  steps: (draw) => [create('statefulsets', set(draw)), ...Array.from({ length: 9 }, () => change(draw)).flat()],
};
