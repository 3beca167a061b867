import { expect, test } from '@jest/globals';
import type { Pod, PodSpec, RuntimeClass } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { runtimeClass } from './index.ts';

const sandboxed: RuntimeClass = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'sandboxed' },
  handler: 'runsc',
  overhead: { podFixed: { cpu: '100m' } },
  scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [{ key: 'sandbox', operator: 'Exists' }] },
};
const enter = (spec: Partial<PodSpec>) => {
  const object: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'dev' },
    spec: { containers: [], ...spec },
  };
  return admit(runtimeClass, 'pods', { object }, { 'runtimeclasses.node.k8s.io': [sandboxed] });
};

test('a class brings its overhead and its nodes', () => {
  const { object, refusal } = enter({ runtimeClassName: 'sandboxed', nodeSelector: { disk: 'ssd' } });
  expect(refusal).toBeUndefined();
  expect((object as Pod).spec).toMatchObject({
    overhead: { cpu: '100m' },
    nodeSelector: { disk: 'ssd', sandbox: 'yes' },
    tolerations: [{ key: 'sandbox', operator: 'Exists' }],
  });
});

test.each<[string, Partial<PodSpec>, string]>([
  ['a class that is not there', { runtimeClassName: 'nope' }, 'pod rejected: RuntimeClass "nope" not found'],
  [
    'overhead of its own',
    { overhead: { cpu: '1' } },
    'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
  ],
  [
    'other overhead',
    { runtimeClassName: 'sandboxed', overhead: { cpu: '1' } },
    "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
  ],
  [
    'other nodes',
    { runtimeClassName: 'sandboxed', nodeSelector: { sandbox: 'no' } },
    'conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no',
  ],
])('%s', (_case, spec, why) => {
  expect(enter(spec).refusal).toBe(`pods "p" is forbidden: ${why}`);
});
