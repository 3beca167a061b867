/** DaemonSets over nodes that carry labels of the walk's own. */
import { create, onPod, patch, phase, ready, remove, strategic, type Draw, type Step, type Subject } from '../step.ts';

const amount = (draw: Draw) => draw.of<number | string>([0, 1, 2, '50%', '100%', '10%']);
const strategy = (draw: Draw): object =>
  draw.of<object>([
    { type: 'OnDelete' },
    {
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: draw.of<number | string>([1, 2, '50%', '100%']), maxSurge: 0 },
    },
    {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: draw.of<number | string>([1, 2, '50%', '100%']), maxUnavailable: 0 },
    },
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: amount(draw), maxSurge: amount(draw) } },
  ]);
const node = (draw: Draw) => `/api/v1/nodes/<node:${draw.below(3)}>`;
const merge = (path: string, body: unknown): Step => ({
  method: 'PATCH',
  path,
  body,
  type: 'application/merge-patch+json',
});

const set = (draw: Draw) => ({
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    ...draw.maybe({ updateStrategy: strategy(draw) }, 0.7),
    ...draw.maybe({ minReadySeconds: 1 }, 0.2),
    ...draw.maybe({ revisionHistoryLimit: draw.below(2) }, 0.3),
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        ...draw.maybe({ nodeSelector: { '<ns>': 'yes' } }, 0.4),
        ...draw.maybe({ tolerations: [{ operator: 'Exists' }] }, 0.2),
        containers: [{ name: 'main', image: 'agent:1' }],
      },
    },
  },
});

function change(draw: Draw): Step[] {
  const at = 'daemonsets/agent';
  const pod = { labels: 'app=agent', which: draw.below(4) };
  return draw.of<() => Step[]>([
    () => [
      strategic(at, {
        spec: { template: { spec: { containers: [{ name: 'main', image: `agent:${draw.below(3)}` }] } } },
      }),
    ],
    () => [
      strategic(at, {
        spec: { template: { spec: { containers: [{ name: 'main', image: `agent:${draw.below(3)}` }] } } },
      }),
    ],
    () => [patch(at, { spec: { updateStrategy: strategy(draw) } })],
    () => [strategic(at, { spec: { template: { spec: { nodeSelector: draw.of([null, { '<ns>': 'yes' }]) } } } })],
    () => [merge(node(draw), { metadata: { labels: { '<ns>': draw.of(['yes', null]) } } })],
    () => [merge(node(draw), { metadata: { labels: { '<ns>': 'yes' } } })],
    () => [ready(pod, draw.chance(0.3))],
    () => [phase(pod, draw.of(['Failed', 'Succeeded'])), { waitMs: 1500 }],
    () => [onPod(pod, 'DELETE')],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { labels: { app: 'lost' } } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { labels: { 'controller-revision-hash': 'abc' } } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: ['example.com/hold'] } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: null } })],
    () => [patch(at, { spec: { minReadySeconds: draw.below(2) } }), { waitMs: 1500 }],
    () => [patch(at, { spec: { revisionHistoryLimit: draw.below(2) } })],
    () => [remove(at, draw.of(['Orphan', 'Foreground', 'Background'])), create('daemonsets', set(draw))],
  ])();
}

export const daemonSets: Subject = {
  quiet: 1000,
  steps: (draw) => [
    merge('/api/v1/nodes/<node:0>', { metadata: { labels: { '<ns>': 'yes' } } }),
    merge('/api/v1/nodes/<node:2>', { metadata: { labels: { '<ns>': 'yes' } } }),
    create('daemonsets', set(draw)),
    ...Array.from({ length: 9 }, () => change(draw)).flat(),
  ],
};
