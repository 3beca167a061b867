import { expect, test } from '@jest/globals';
import type { PodSpec } from '../../api/types.ts';
import { shop } from './testing.ts';

test.each<[string, string, NonNullable<PodSpec['securityContext']>, string]>([
  ['a user that the image knows has its own group', 'nginx:1.29', { runAsUser: 101 }, '101 101'],
  ['a user that it does not know is in that of root', 'nginx:1.29', { runAsUser: 4711 }, '4711 0'],
  ['a group that is asked for', 'nginx:1.29', { runAsUser: 101, runAsGroup: 3000 }, '101 3000'],
  ['the group alone', 'nginx:1.29', { runAsGroup: 3000 }, '0 3000'],
  ['nobody asked for', 'nginx:1.29', {}, '0 0'],
  ['the image’s own user', 'curlimages/curl:8.10.1', {}, '100 100'],
])('%s', (_name, image, securityContext, expected) => {
  const { start, run } = shop();
  const containers = [{ name: 'main', image }];
  const pod = start('lab/who', '10.244.1.9', image, { spec: { securityContext, containers } });
  expect(run('echo $(id -u) $(id -g)', pod)).toEqual([`${expected}\n`, 0, 0]);
});
