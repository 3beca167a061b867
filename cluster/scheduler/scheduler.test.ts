import { describe, expect, test } from '@jest/globals';
import type { Node, Pod } from '../api/types.ts';
import { scheduler } from './index.ts';
import { asking, makeNode, makePod, World } from './test-support.ts';

const three = () => new World(scheduler).add(makeNode('node01'), makeNode('node02'));

test('no nodes at all', () => {
  const world = new World(scheduler).add(makePod('p'));
  expect(world.events).toEqual(['Warning FailedScheduling p: no nodes available to schedule pods']);
});

test('a pod is placed, and told so', () => {
  const world = three().add(makePod('p', { nodeSelector: { 'kubernetes.io/hostname': 'node02' } }));
  expect(world.nodeOf('p')).toBe('node02');
  expect(world.events).toEqual(['Normal Scheduled p: Successfully assigned default/p to node02']);
});

describe('pods that are not for this scheduler, or not yet', () => {
  test.each([
    ['another scheduler', { schedulerName: 'mine' }],
    ['scheduling gates', { schedulingGates: [{ name: 'example.com/quota' }] }],
  ])('%s', (_name, spec) => {
    const world = three().add(makePod('p', spec));
    expect([world.nodeOf('p'), world.events]).toEqual([undefined, []]);
  });
  test('the last gate goes', () => {
    const world = three().add(makePod('p', { schedulingGates: [{ name: 'example.com/quota' }] }));
    world.change<Pod>('pods', 'default', 'p', (pod) => void delete pod.spec?.schedulingGates);
    expect(world.nodeOf('p')).toBeDefined();
  });
});

describe('a waiting pod is tried again', () => {
  const waiting = () => three().add(makePod('p', { nodeSelector: { disk: 'ssd' } }));
  test('when a node gets the label', () => {
    const world = waiting().change<Node>('nodes', '', 'node01', (node) => {
      node.metadata.labels = { ...node.metadata.labels, disk: 'ssd' };
    });
    expect(world.nodeOf('p')).toBe('node01');
  });
  test('not told twice when nothing is different, but every five minutes', () => {
    const world = waiting().change<Node>('nodes', '', 'node01', (node) => {
      node.metadata.labels = { ...node.metadata.labels, other: 'x' };
    });
    expect(world.events).toHaveLength(1);
    expect(world.pass(299).events).toHaveLength(1);
    expect(world.pass(2).events).toHaveLength(2);
    expect(world.pass(300).events).toHaveLength(3);
  });
  test('when a pod goes', () => {
    const world = new World(scheduler).add(makeNode('node01'), makePod('a', asking({ cpu: '2' })));
    world.add(makePod('p', asking({ cpu: '1' })));
    expect(world.nodeOf('p')).toBeUndefined();
    expect(world.remove('pods', 'default', 'a').nodeOf('p')).toBe('node01');
  });
});
