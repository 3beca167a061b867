import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../api/types.ts';
import { scheduler } from './index.ts';
import { asking, makeNode, makePod, World } from './test-support.ts';

describe('preemption', () => {
  const low = (name: string, priority: number, labels = {}) =>
    makePod(name, { ...asking({ cpu: '1' }), priority }, labels);
  test('the least important pods go, and the pod gets their place', () => {
    const world = new World(scheduler).add(makeNode('node01'), low('a', -10), low('b', 0));
    world.add(makePod('vip', { ...asking({ cpu: '1' }), priority: 100 }));
    expect([world.pod('a'), world.nodeOf('b'), world.nodeOf('vip')]).toEqual([undefined, 'node01', 'node01']);
    expect(world.events.slice(2)).toEqual([
      'Warning FailedScheduling vip: 0/1 nodes are available: 1 Insufficient cpu.',
      `Normal Preempted a: Preempted by pod ${world.pod('vip')?.metadata.uid} on node node01`,
      'Normal Scheduled vip: Successfully assigned default/vip to node01',
    ]);
  });
  test('while victims take their time the node is promised', () => {
    const world = new World(scheduler).add(makeNode('node01'), {
      ...low('a', 0),
      metadata: { name: 'a', namespace: 'default', finalizers: ['example.com/slow'] },
    });
    world.add(makePod('vip', { ...asking({ cpu: '2' }), priority: 100 }));
    expect(world.pod('vip')?.status?.nominatedNodeName).toBe('node01');
    expect(world.pod('a')?.status?.conditions).toMatchObject([
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      },
    ]);
    world.add(makePod('sneaky', asking({ cpu: '1' })));
    expect(world.nodeOf('sneaky')).toBeUndefined();
  });
  test('a disruption budget protects, where there is a choice', () => {
    const world = new World(scheduler).add(makeNode('node01'), {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'keep', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'kept' } } },
      status: { disruptionsAllowed: 0 },
    } as KubeObject);
    world.add(low('kept', -5, { app: 'kept' }), low('other', 0));
    world.add(makePod('vip', { ...asking({ cpu: '1' }), priority: 100 }));
    expect([world.nodeOf('kept'), world.pod('other')]).toEqual(['node01', undefined]);
  });
});
