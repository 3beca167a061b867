import { expect, test } from '@jest/globals';
import type { Deployment } from '../../../api/types.ts';
import { replay } from '../../pod-spec/testing/replay.ts';
import { deployment } from './index.ts';

replay(deployment, import.meta.url);

const annotated = (annotations: Record<string, string>): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', generation: 4, annotations },
});
const context = {
  store: { get: () => undefined, list: () => [] },
  clock: { now: () => 0 },
  random: { next: () => 0, suffix: () => '', uuid: () => '' },
  subresource: '',
};

test.each([
  ['nothing', { a: '1' }, 4],
  ['an annotation', { a: '2' }, 5],
  ['the revision by anyone but the controller', { a: '1', 'deployment.kubernetes.io/revision': '2' }, 5],
])('generation after a change of %s', (_name, annotations, generation) => {
  const object = annotated(annotations);
  deployment.prepareForUpdate?.(object, annotated({ a: '1' }), context);
  expect(object.metadata.generation).toBe(generation);
});
