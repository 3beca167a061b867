import { expect, test } from '@jest/globals';
import type { ClusterRole } from '../../api/types.ts';
import { bench } from '../testing.ts';
import { clusterRoleAggregation } from './index.ts';

const RESOURCE = 'clusterroles.rbac.authorization.k8s.io';
const role = (
  name: string,
  verb: string,
  labels: Record<string, string>,
  rest: Partial<ClusterRole> = {},
): ClusterRole => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, labels },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: [verb] }],
  ...rest,
});
const gathers = (...labels: string[]) => ({
  aggregationRule: { clusterRoleSelectors: labels.map((label) => ({ matchLabels: { to: label } })) },
});

test('a role follows those it is made of, through others as well', () => {
  const { client, settle } = bench([clusterRoleAggregation]);
  const verbs = (name: string) =>
    (client.get<ClusterRole>(RESOURCE, '', name)?.rules ?? []).flatMap((rule) => rule.verbs).join(' ');
  client.create(RESOURCE, role('view', 'ignored', { to: 'edit' }, gathers('view')));
  client.create(RESOURCE, role('edit', 'ignored', {}, gathers('edit', 'view')));
  client.create(RESOURCE, role('b', 'list', { to: 'view' }));
  client.create(RESOURCE, role('a', 'get', { to: 'view' }));
  client.create(RESOURCE, role('same', 'get', { to: 'view' }));
  settle();
  expect(verbs('view')).toBe('get list');
  expect(verbs('edit')).toBe('get list');
  client.create(RESOURCE, role('c', 'watch', { to: 'view' }));
  settle();
  expect(verbs('edit')).toBe('get list watch');
  client.delete(RESOURCE, '', 'b');
  settle();
  expect(verbs('view')).toBe('get watch');
  expect(verbs('edit')).toBe('get watch');
});
