import { expect, test } from '@jest/globals';
import { EMPTY, object, state } from '../testing.ts';
import { revisionCheck, type RevisionOptions } from './revision.ts';

const template = (image: string, extra = '') =>
  `{metadata: {labels: {app: web${extra}}}, spec: {containers: [{name: web, image: "${image}"}]}}`;
const deployment = (image: string) =>
  object(
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: ${template(image)}}}`,
  );
const replicaSet = (revision: number, image: string) =>
  object(
    `{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-${revision}, namespace: shop, annotations: {deployment.kubernetes.io/revision: "${revision}"}, ownerReferences: [{kind: Deployment, name: web, uid: Deployment/shop/web}]}, spec: {template: ${template(image, ', pod-template-hash: x')}}}`,
  );
const before = state(
  deployment('nginx:3'),
  replicaSet(1, 'nginx:1'),
  replicaSet(2, 'nginx:2'),
  replicaSet(3, 'nginx:3'),
);
const toTwo: RevisionOptions = { revision: { kind: 'Deployment', name: 'web', namespace: 'shop', is: 2 } };
const differs = (actual: string) => ({
  object: 'Deployment shop/web',
  path: 'spec.template.spec.containers[0].image',
  expected: 'nginx:2',
  actual,
});

test.each([
  ['rolled back', state(deployment('nginx:2')), { outcome: 'passed' }],
  [
    'restarted after that',
    state(
      object(
        '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: web}, annotations: {kubectl.kubernetes.io/restartedAt: "2026-01-01"}}, spec: {containers: [{name: web, image: "nginx:2"}]}}}}',
      ),
    ),
    { outcome: 'passed' },
  ],
  [
    'rolled back too far',
    state(deployment('nginx:1')),
    {
      outcome: 'failed',
      findings: [differs('nginx:1')],
      nearMiss: {
        en: 'Deployment shop/web runs the template of revision 1; it has to be that of revision 2.',
        ko: 'Deployment shop/web: 지금은 리비전 1의 템플릿으로 실행 중입니다. 리비전 2의 템플릿이어야 합니다.',
      },
    },
  ],
  ['something new', state(deployment('nginx:9')), { outcome: 'failed', findings: [differs('nginx:9')] }],
  [
    'gone',
    EMPTY,
    {
      outcome: 'failed',
      findings: [{ object: 'Deployment shop/web', path: '', expected: 'Deployment shop/web', actual: '' }],
    },
  ],
])('%s', (_, now, outcome) => {
  expect(revisionCheck.run(toTwo, { now, before })).toEqual(outcome);
});

test('revisions of a StatefulSet', () => {
  const set = (image: string) =>
    object(
      `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web, namespace: shop}, spec: {template: ${template(image)}}}`,
    );
  const revision = object(
    `{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: web-1, namespace: shop, ownerReferences: [{kind: StatefulSet, name: web, uid: StatefulSet/shop/web}]}, revision: 1, data: {spec: {template: {$patch: replace, metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "nginx:1"}]}}}}}`,
  );
  const options: RevisionOptions = { revision: { kind: 'StatefulSet', name: 'web', namespace: 'shop', is: 1 } };
  const input = { before: state(set('nginx:2'), revision) };
  expect(revisionCheck.run(options, { ...input, now: state(set('nginx:1')) }).outcome).toBe('passed');
  expect(revisionCheck.run(options, { ...input, now: state(set('nginx:2')) }).outcome).toBe('failed');
});

test.each([
  [
    'a start that nobody kept',
    undefined,
    'the revisions that Deployment shop/web had at the start of this cluster are not known',
  ],
  [
    'a revision that never was',
    state(deployment('nginx:1'), replicaSet(1, 'nginx:1')),
    'Deployment shop/web had no revision 2 at the start; it had 1',
  ],
])('%s cannot be checked', (_, start, reason) => {
  expect(() => revisionCheck.run(toTwo, { now: EMPTY, ...(start ? { before: start } : {}) })).toThrow(reason);
});
