/** Deployments and the sets under them. */
import { create, onPod, patch, ready, remove, strategic, type Draw, type Step, type Subject } from '../step.ts';

const share = (draw: Draw) => draw.of<number | string>([0, 1, 2, '25%', '50%', '0%', '100%', '10%', '34%']);

function rolling(draw: Draw): object {
  const maxSurge = share(draw);
  const maxUnavailable = share(draw);
  const none = (value: number | string) => value === 0 || value === '0%';
  return { maxSurge: none(maxSurge) && none(maxUnavailable) ? 1 : maxSurge, maxUnavailable };
}

/** Pods of `stuck` templates are never bound, so they never get ready. */
const template = (app: string, image: string, stuck = false) => ({
  metadata: { labels: { app } },
  spec: {
    terminationGracePeriodSeconds: 0,
    ...(stuck ? { nodeSelector: { nowhere: 'yes' } } : {}),
    containers: [{ name: 'main', image }],
  },
});

const deployment = (draw: Draw, name: string) => ({
  metadata: { name, ...draw.maybe({ annotations: { note: 'first' } }), ...draw.maybe({ labels: { team: 'a' } }) },
  spec: {
    replicas: draw.below(6),
    selector: { matchLabels: { app: name } },
    ...draw.maybe({ revisionHistoryLimit: draw.below(3) }),
    ...draw.maybe({ progressDeadlineSeconds: draw.of([3, 600]) }, 0.4),
    ...draw.maybe({ minReadySeconds: 1 }, 0.2),
    strategy: draw.chance(0.25) ? { type: 'Recreate' } : { rollingUpdate: rolling(draw) },
    ...draw.maybe({ paused: true }, 0.1),
    template: template(name, 'nginx:1.0', draw.chance(0.15)),
  },
});

function change(draw: Draw, name: string): Step[] {
  const at = `deployments/${name}`;
  const image = (tag: number) =>
    strategic(at, { spec: { template: { spec: { containers: [{ name: 'main', image: `nginx:1.${tag}` }] } } } });
  return draw.of<() => Step[]>([
    () => [image(draw.below(4))],
    () => [image(draw.below(4))],
    () => [strategic(at, { spec: { template: { spec: { nodeSelector: { nowhere: 'yes' } } } } })],
    () => [strategic(at, { spec: { template: { spec: { nodeSelector: null } } } })],
    () => [patch(`${at}/scale`, { spec: { replicas: draw.below(8) } })],
    () => [patch(at, { spec: { replicas: draw.below(5) } })],
    () => [patch(at, { spec: { paused: true } }), image(5), patch(at, { spec: { replicas: draw.below(6) } })],
    () => [patch(at, { spec: { paused: null } })],
    () => [
      patch(at, { metadata: { annotations: { note: draw.of(['second', null]), 'kubernetes.io/change-cause': 'x' } } }),
    ],
    () => [patch(at, { metadata: { annotations: { 'deprecated.deployment.rollback.to': String(draw.below(4)) } } })],
    () => [patch(at, { spec: { strategy: { rollingUpdate: rolling(draw) } } })],
    () => [patch(at, { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } })],
    () => [patch(at, { spec: { minReadySeconds: draw.below(2) } })],
    () => [patch(at, { spec: { revisionHistoryLimit: draw.below(3) } })],
    () => [ready({ labels: `app=${name}`, which: draw.below(4) }, false)],
    () => [onPod({ labels: `app=${name}`, which: draw.below(4) }, 'DELETE', undefined, { gracePeriodSeconds: 0 })],
    () => [
      onPod({ labels: `app=${name}`, which: draw.below(4) }, 'PATCH', undefined, {
        metadata: { labels: { app: 'lost' } },
      }),
    ],
    () => [onPod({ labels: 'app=lost', which: 0 }, 'PATCH', undefined, { metadata: { labels: { app: name } } })],
    () => [{ waitMs: 4500 }],
    () => [remove(at, draw.of(['Orphan', 'Foreground', 'Background']))],
    () => [create('deployments', deployment(draw, name))],
  ])();
}

export const deployments: Subject = {
  quiet: 1200,
  steps(draw) {
    const names = draw.chance(0.2) ? ['web', 'api'] : ['web'];
    const first = names.map((name) => create('deployments', deployment(draw, name)));
    return [...first, ...Array.from({ length: 9 }, () => change(draw, draw.of(names))).flat()];
  },
};
