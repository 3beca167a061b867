import { expect, test } from '@jest/globals';
import type { PodDisruptionBudget, ReplicaSet } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { replicaset } from '../replicaset/index.ts';
import { bench, make } from '../testing.ts';
import { disruption } from './index.ts';

const budget = (spec: object) =>
  make<PodDisruptionBudget>('policy/v1', 'PodDisruptionBudget', 'pdb', {
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
  });

const cases = [
  { name: 'minAvailable 2', spec: { minAvailable: 2 }, status: [4, 2, 4, 2] },
  { name: 'minAvailable 100%', spec: { minAvailable: '100%' }, status: [4, 4, 4, 0] },
  { name: 'maxUnavailable 1', spec: { maxUnavailable: 1 }, status: [4, 3, 4, 1] },
  { name: 'maxUnavailable 30%, rounded up', spec: { maxUnavailable: '30%' }, status: [4, 2, 4, 2] },
  { name: 'no pods', spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } }, status: [0, 1, 0, 0] },
];
test.each(cases)('$name', ({ spec, status: [currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed] }) => {
  const cluster = bench([replicaset, disruption, makeKubelet({ bare: true })]);
  cluster.client.create(
    'replicasets.apps',
    make<ReplicaSet>('apps/v1', 'ReplicaSet', 'web', {
      spec: {
        replicas: 4,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
      },
    }),
  );
  cluster.settle();
  cluster.client.create('poddisruptionbudgets.policy', budget(spec));
  cluster.settle();
  const enough = (disruptionsAllowed ?? 0) > 0;
  expect(cluster.client.get<PodDisruptionBudget>('poddisruptionbudgets.policy', 'default', 'pdb')?.status).toEqual({
    currentHealthy,
    desiredHealthy,
    expectedPods,
    disruptionsAllowed,
    observedGeneration: 1,
    conditions: [
      {
        type: 'DisruptionAllowed',
        status: enough ? 'True' : 'False',
        reason: enough ? 'SufficientPods' : 'InsufficientPods',
        message: '',
        lastTransitionTime: '2026-05-01T10:00:00Z',
        observedGeneration: 1,
      },
    ],
  });
});
