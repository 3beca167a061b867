/** ReplicaSets and ReplicationControllers: adoption, release, overlap, owners, deletion in all ways. */
import { create, onPod, patch, phase, ready, remove, type Draw, type Step, type Subject } from '../step.ts';

const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'nginx' }] };

function set(draw: Draw, resource: string, name: string, app: string) {
  const selector = resource === 'replicasets' ? { matchLabels: { app } } : { app };
  const labels = { app, ...draw.maybe({ tier: 'x' }) };
  return create(resource, {
    metadata: { name },
    spec: {
      replicas: draw.below(5),
      ...draw.maybe({ minReadySeconds: 1 }, 0.2),
      selector,
      template: { metadata: { labels }, spec },
    },
  });
}
const bare = (name: string, app: string) => create('pods', { metadata: { name, labels: { app } }, spec });

function change(draw: Draw, at: string, resource: string): Step[] {
  const pod = { labels: draw.of(['app=a', 'app=b', 'app=lost', '']), which: draw.below(4) };
  const owner = {
    apiVersion: resource === 'replicasets' ? 'apps/v1' : 'v1',
    kind: resource === 'replicasets' ? 'ReplicaSet' : 'ReplicationController',
    name: 'one',
    uid: `<uid:${resource}/one>`,
  };
  return draw.of<() => Step[]>([
    () => [patch(`${at}/scale`, { spec: { replicas: draw.below(7) } })],
    () => [patch(at, { spec: { replicas: draw.below(4), minReadySeconds: draw.below(2) } })],
    () => [bare(`extra-${draw.below(3)}`, draw.of(['a', 'b', 'lost']))],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { labels: { app: draw.of(['a', 'b', 'lost']) } } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { ownerReferences: null } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { ownerReferences: [owner] } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { ownerReferences: [{ ...owner, controller: true }] } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: ['example.com/hold'] } })],
    () => [onPod(pod, 'PATCH', undefined, { metadata: { finalizers: null } })],
    () => [onPod(pod, 'DELETE')],
    () => [phase(pod, draw.of(['Failed', 'Succeeded']))],
    () => [ready(pod, draw.chance(0.5))],
    () => [remove(at, draw.of(['Orphan', 'Foreground', 'Background']))],
    () => [set(draw, resource, draw.of(['one', 'two']), draw.of(['a', 'b']))],
    () => [{ waitMs: 1500 }],
    () => [create('resourcequotas', { metadata: { name: 'q' }, spec: { hard: { pods: String(draw.below(5)) } } })],
    () => [remove('resourcequotas/q')],
  ])();
}

const walks = (resource: string): Subject => ({
  quiet: 800,
  steps(draw) {
    const both = draw.chance(0.3);
    return [
      ...(draw.chance(0.3) ? [bare('early', 'a')] : []),
      set(draw, resource, 'one', 'a'),
      ...(both ? [set(draw, resource, 'two', draw.of(['a', 'b']))] : []),
      ...Array.from({ length: 10 }, () =>
        change(draw, `${resource}/${both ? draw.of(['one', 'two']) : 'one'}`, resource),
      ).flat(),
    ];
  },
});
export const replicaSets = walks('replicasets');
export const replicationControllers = walks('replicationcontrollers');
