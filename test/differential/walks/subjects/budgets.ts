/** PodDisruptionBudgets and evictions. */
import { create, evict, onPod, patch, phase, ready, remove, type Draw, type Step, type Subject } from '../step.ts';

const amount = (draw: Draw) => draw.of<number | string>([0, 1, 2, 3, '50%', '0%', '100%', '34%']);
const budget = (draw: Draw, name: string) =>
  create('poddisruptionbudgets', {
    metadata: { name },
    spec: {
      ...draw.of<object>([
        { minAvailable: amount(draw) },
        { maxUnavailable: amount(draw) },
        { minAvailable: amount(draw) },
      ]),
      ...draw.maybe(
        {
          selector: draw.of<object>([
            { matchLabels: { app: 'web' } },
            { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
            {},
          ]),
        },
        0.95,
      ),
      ...draw.maybe({ unhealthyPodEvictionPolicy: draw.of(['IfHealthyBudget', 'AlwaysAllow']) }, 0.4),
    },
  });
const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'nginx' }] };
const template = { metadata: { labels: { app: 'web' } }, spec };

const owner = (draw: Draw): Step =>
  draw.of<() => Step>([
    () =>
      create('deployments', {
        metadata: { name: 'web' },
        spec: { replicas: 1 + draw.below(4), selector: { matchLabels: { app: 'web' } }, template },
      }),
    () =>
      create('statefulsets', {
        metadata: { name: 'web' },
        spec: {
          replicas: 1 + draw.below(3),
          podManagementPolicy: 'Parallel',
          selector: { matchLabels: { app: 'web' } },
          template,
        },
      }),
    () =>
      create('replicasets', {
        metadata: { name: 'web' },
        spec: { replicas: 1 + draw.below(3), selector: { matchLabels: { app: 'web' } }, template },
      }),
    () =>
      create('replicationcontrollers', {
        metadata: { name: 'web' },
        spec: { replicas: 1 + draw.below(3), selector: { app: 'web' }, template },
      }),
    () => create('pods', { metadata: { name: 'web-bare', labels: { app: 'web' } }, spec }),
    () =>
      create('jobs', {
        metadata: { name: 'web' },
        spec: { template: { ...template, spec: { ...spec, restartPolicy: 'Never', nodeSelector: { nowhere: 'x' } } } },
      }),
  ])();

function change(draw: Draw): Step[] {
  const pod = { labels: 'app=web', which: draw.below(4) };
  const at = `poddisruptionbudgets/${draw.of(['pdb', 'pdb', 'pdb2'])}`;
  const scaled = draw.of(['deployments/web', 'replicasets/web', 'statefulsets/web']);
  return draw.of<() => Step[]>([
    () => [evict(pod)],
    () => [evict(pod)],
    () => [evict(pod)],
    () => [ready(pod, false)],
    () => [ready(pod, true)],
    () => [phase(pod, draw.of(['Failed', 'Succeeded']))],
    () => [patch(`${scaled}/scale`, { spec: { replicas: draw.below(6) } })],
    () => [budget(draw, 'pdb2')],
    () => [remove(at)],
    () => [patch(at, { spec: { maxUnavailable: amount(draw), minAvailable: null } })],
    () => [patch(at, { spec: { minAvailable: amount(draw), maxUnavailable: null } })],
    () => [patch(at, { spec: { selector: { matchLabels: { app: 'none' } } } })],
    () => [patch(at, { spec: { unhealthyPodEvictionPolicy: draw.of(['AlwaysAllow', null]) } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { labels: { app: 'none' } } })],
    () => [onPod(pod, 'DELETE')],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: ['example.com/hold'] } }), evict(pod)],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: null } })],
    () => [create('pods', { metadata: { name: `solo-${draw.below(2)}`, labels: { app: 'web' } }, spec })],
  ])();
}

export const budgets: Subject = {
  quiet: 1000,
  steps: (draw) => [owner(draw), budget(draw, 'pdb'), ...Array.from({ length: 10 }, () => change(draw)).flat()],
};
