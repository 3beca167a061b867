import { expect, test } from '@jest/globals';
import type { Node, Taint } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { taintNodesByCondition } from './index.ts';

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const own: Taint = { key: 'gpu', effect: 'NoExecute' };

test.each<[string, Taint[] | undefined, Taint[]]>([
  ['bare', undefined, [notReady]],
  ['tainted', [own], [own, notReady]],
  ['tainted already', [notReady], [notReady]],
])('a new node, %s', (_case, taints, expected) => {
  const object: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: taints ? { taints } : {} };
  expect((admit(taintNodesByCondition, 'nodes', { object }).object as Node).spec?.taints).toEqual(expected);
});
