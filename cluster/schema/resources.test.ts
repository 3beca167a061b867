import { expect, test } from '@jest/globals';
import { resourceName, resources } from '#cluster/schema/resources.ts';

test('every resource of discovery is listed once per version', () => {
  const names = resources.map((info) => `${resourceName(info)} ${info.version}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('deployments.apps v1');
  expect(names).toHaveLength(66);
});
