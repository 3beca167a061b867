import { expect, test } from '@jest/globals';
import type { KubeObject } from '#cluster/api/types.ts';
import type { Outcome } from '../types.ts';
import { EMPTY, object, state } from '../testing.ts';
import { unchangedCheck } from './unchanged.ts';

const web = (change = '') =>
  object(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: "1", resourceVersion: "7", labels: {app: web}}
spec: {replicas: 2, template: {spec: {containers: [{name: a, image: nginx}]}}}
status: {readyReplicas: 2}
${change}`);
const changed = (edit: (copy: Record<string, never>) => void): KubeObject => {
  const copy = structuredClone(web());
  edit(copy as unknown as Record<string, never>);
  return copy;
};
const set = (copy: object, path: string[], value: unknown) => {
  const parent = path.slice(0, -1).reduce((inner, key) => (inner as Record<string, object>)[key] ?? {}, copy);
  Object.assign(parent, { [path.at(-1) ?? '']: value });
};
const ref = { kind: 'Deployment', name: 'web', namespace: 'shop' };
const here = { object: 'Deployment shop/web' };
const gone = { ...here, path: '', expected: 'Deployment shop/web', actual: '' };

const rows: { name: string; now: KubeObject[]; fields?: string[]; outcome: Outcome }[] = [
  { name: 'the same', now: [web()], outcome: { outcome: 'passed' } },
  {
    name: 'only its status changed',
    now: [changed((copy) => set(copy, ['status', 'readyReplicas'], 1))],
    outcome: { outcome: 'passed' },
  },
  {
    name: 'a label changed',
    now: [changed((copy) => set(copy, ['metadata', 'labels', 'app'], 'x'))],
    outcome: { outcome: 'failed', findings: [{ ...here, path: 'metadata.labels.app', expected: 'web', actual: 'x' }] },
  },
  {
    name: 'deep in the spec',
    now: [changed((copy) => set(copy, ['spec', 'template', 'spec', 'containers', '0', 'image'], 'httpd'))],
    outcome: {
      outcome: 'failed',
      findings: [{ ...here, path: 'spec.template.spec.containers[0].image', expected: 'nginx', actual: 'httpd' }],
    },
  },
  {
    name: 'a field added',
    now: [changed((copy) => set(copy, ['spec', 'paused'], true))],
    outcome: { outcome: 'failed', findings: [{ ...here, path: 'spec.paused', expected: '', actual: 'true' }] },
  },
  {
    name: 'a field that may change',
    now: [changed((copy) => set(copy, ['spec', 'replicas'], 3))],
    fields: ['spec.template'],
    outcome: { outcome: 'passed' },
  },
  { name: 'gone', now: [], outcome: { outcome: 'failed', findings: [gone] } },
  {
    name: 'deleted and made again',
    now: [changed((copy) => set(copy, ['metadata', 'uid'], '2'))],
    outcome: {
      outcome: 'failed',
      findings: [gone],
      nearMiss: {
        en: 'Deployment shop/web is not the original: that was deleted and another made under the same name.',
        ko: 'Deployment shop/web: 원래 것이 삭제되고 같은 이름으로 새로 만들어졌습니다.',
      },
    },
  },
];

test.each(rows)('$name', ({ now, fields, outcome }) => {
  const options = { unchanged: { ...ref, ...(fields ? { fields } : {}) } };
  expect(unchangedCheck.run(options, { now: state(...now), before: state(web()) })).toEqual(outcome);
});

test('cannot run when the object was not there at the start', () => {
  expect(() => unchangedCheck.run({ unchanged: ref }, { now: state(web()), before: EMPTY })).toThrow(
    'Deployment shop/web was not there at the start, so there is nothing to compare with',
  );
});

test('cannot run where the start is not known', () => {
  expect(() => unchangedCheck.run({ unchanged: ref }, { now: state(web()) })).toThrow(
    'how Deployment shop/web was at the start of this cluster is not known',
  );
});
