import { describe, expect, test } from '@jest/globals';
import type { KubeObject, Pod } from '../api/types.ts';
import { scheduler } from './index.ts';
import { asking, makeNode, makePod, World } from './test-support.ts';

const three = () =>
  new World(scheduler).add(
    makeNode('controlplane', { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }),
    makeNode('node01'),
    makeNode('node02'),
  );

describe('the better node', () => {
  const placed = (objects: KubeObject[], pod: Pod) => {
    const world = three();
    for (const object of objects) world.add(object);
    return world.add(pod).nodeOf('p');
  };
  const on = (name: string, node: string, requests: Record<string, string> = {}) =>
    makePod(name, { ...asking(requests), nodeSelector: { 'kubernetes.io/hostname': node } }, { app: 'a' });
  test('the emptier one', () => {
    expect(placed([on('a', 'node01', { cpu: '1', memory: '1Gi' })], makePod('p', asking({ cpu: '500m' })))).toBe(
      'node02',
    );
    expect(placed([on('a', 'node02', { cpu: '1', memory: '1Gi' })], makePod('p'))).toBe('node01');
  });
  test('the preferred one, by weight', () => {
    const prefers = (weight: number, host: string) => ({
      weight,
      preference: { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] },
    });
    const nodeAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [prefers(1, 'node01'), prefers(100, 'node02')],
    };
    expect(placed([], makePod('p', { affinity: { nodeAffinity } }))).toBe('node02');
  });
  test('the one without a soft taint', () => {
    const soft = new World(scheduler).add(
      makeNode('node01', { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] }),
      makeNode('node02'),
    );
    expect(soft.add(makePod('p')).nodeOf('p')).toBe('node02');
  });
  test('the one where the friends are', () => {
    const podAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: { labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'kubernetes.io/hostname' },
        },
      ],
    };
    expect(placed([on('a', 'node02')], makePod('p', { affinity: { podAffinity } }))).toBe('node02');
  });
  test('pods spread evenly', () => {
    const world = three();
    const topologySpreadConstraints = [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'DoNotSchedule',
        nodeTaintsPolicy: 'Honor',
        labelSelector: { matchLabels: { app: 'a' } },
      },
    ];
    for (let i = 0; i < 6; i++) world.add(makePod(`p${i}`, { topologySpreadConstraints }, { app: 'a' }));
    const counts = Map.groupBy([0, 1, 2, 3, 4, 5], (i) => world.nodeOf(`p${i}`));
    expect([...counts.values()].map((ones) => ones.length)).toEqual([3, 3]);
  });
});
