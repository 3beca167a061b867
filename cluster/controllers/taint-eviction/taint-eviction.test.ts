import { describe, expect, test } from '@jest/globals';
import type { Node, Pod, Taint, Toleration } from '../../api/types.ts';
import { makeNode, makePod, World } from '../../scheduler/test-support.ts';
import { taintEviction } from './index.ts';

const PROD: Taint = { key: 'env', value: 'prod', effect: 'NoExecute' };
const on = (tolerations: Toleration[]): Pod => makePod('p', { nodeName: 'node01', tolerations });
const taint = (world: World, ...taints: Taint[]) =>
  world.change<Node>('nodes', '', 'node01', (node) => void (node.spec = { ...node.spec, taints }));
const tainted = (tolerations: Toleration[]) =>
  taint(new World(taintEviction).add(makeNode('node01'), on(tolerations)), PROD);

describe('a pod on a node that gets a NoExecute taint', () => {
  const rows: [string, Toleration[], number, boolean][] = [
    ['no toleration', [], 0, false],
    ['another value', [{ key: 'env', value: 'test', effect: 'NoExecute' }], 0, false],
    ['another effect', [{ key: 'env', operator: 'Exists', effect: 'NoSchedule' }], 0, false],
    ['tolerated for good', [{ key: 'env', operator: 'Exists' }], 3600, true],
    ['tolerated for no time', [{ key: 'env', operator: 'Exists', tolerationSeconds: 0 }], 0, false],
    ['tolerated for a while, still within', [{ key: 'env', operator: 'Exists', tolerationSeconds: 5 }], 4, true],
    ['tolerated for a while, over', [{ key: 'env', operator: 'Exists', tolerationSeconds: 5 }], 5, false],
  ];
  test.each(rows)('%s', (_name, tolerations, seconds, stays) => {
    const world = tainted(tolerations).pass(seconds);
    expect(world.pod('p') !== undefined).toBe(stays);
    expect(world.events).toEqual(stays ? [] : ['Normal TaintManagerEviction p: Marking for deletion Pod default/p']);
  });
});

test('the taint goes in time', () => {
  const world = tainted([{ key: 'env', operator: 'Exists', tolerationSeconds: 5 }]).pass(3);
  taint(world).pass(60);
  expect(world.pod('p')).toBeDefined();
  expect(world.events).toEqual(['Normal TaintManagerEviction p: Cancelling deletion of Pod default/p']);
  taint(world, PROD);
  expect(world.pass(4).pod('p')).toBeDefined();
  expect(world.pass(1).pod('p')).toBeUndefined();
});

test('another taint does not prolong the time', () => {
  const world = tainted([{ operator: 'Exists', tolerationSeconds: 5 }]).pass(3);
  taint(world, PROD, { key: 'more', effect: 'NoExecute' });
  expect(world.pass(2).pod('p')).toBeUndefined();
});

test('a pod that comes to a tainted node', () => {
  const world = new World(taintEviction).add(makeNode('node01', { taints: [PROD] }), on([]));
  expect(world.pod('p')).toBeUndefined();
});

test('says why the pod goes, and says it once', () => {
  const pod = on([]);
  const slow = { ...pod, metadata: { ...pod.metadata, finalizers: ['example.com/slow'] } };
  const world = taint(new World(taintEviction).add(makeNode('node01'), slow), PROD);
  expect(world.pod('p')?.status?.conditions).toMatchObject([
    {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    },
  ]);
  taint(world, PROD, { key: 'more', effect: 'NoExecute' });
  expect(world.events).toHaveLength(1);
});
