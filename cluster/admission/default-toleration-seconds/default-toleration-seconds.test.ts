import { expect, test } from '@jest/globals';
import type { Pod, Toleration } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { defaultTolerationSeconds } from './index.ts';

const added = (key: string): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
});
const own: Toleration = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute', operator: 'Exists' };

test.each<[string, Toleration[] | undefined, Toleration[]]>([
  ['says nothing', undefined, [added('not-ready'), added('unreachable')]],
  ['knows one of them', [own], [own, added('unreachable')]],
  ['tolerates everything', [{ operator: 'Exists' }], [{ operator: 'Exists' }]],
])('a pod that %s', (_case, tolerations, expected) => {
  const object: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'dev' },
    spec: { containers: [], ...(tolerations ? { tolerations } : {}) },
  };
  expect((admit(defaultTolerationSeconds, 'pods', { object }).object as Pod).spec?.tolerations).toEqual(expected);
});
