import { expect, test } from '@jest/globals';
import { defaultPullPolicy, imageTag } from './image.ts';

const DIGEST = `@sha256:${'0'.repeat(64)}`;

test.each([
  ['nginx', 'latest'],
  ['nginx:1.27', '1.27'],
  ['localhost:5000/nginx', 'latest'],
  ['registry.example.com:5000/team/app:v1', 'v1'],
  [`nginx${DIGEST}`, ''],
  [`nginx:1.27${DIGEST}`, '1.27'],
  ['Nginx:latest', ''],
  ['nginx:', ''],
  ['', ''],
])('the tag of %s', (image, tag) => {
  expect(imageTag(image)).toBe(tag);
});

test('only latest is pulled always', () => {
  expect(['nginx', 'nginx:latest', 'nginx:1', 'not an image'].map(defaultPullPolicy)).toEqual([
    'Always',
    'Always',
    'IfNotPresent',
    'IfNotPresent',
  ]);
});
