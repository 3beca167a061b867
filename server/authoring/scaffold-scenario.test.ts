import { expect, test } from '@jest/globals';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario } from '#grader/index.ts';
import { folder } from '#grader/testing.ts';
import { scaffoldScenario } from './scaffold-scenario.ts';

test.each([
  ['first-task', 'first-task'],
  ['My Task!', 'my-task'],
  ['1', '1'],
  ['---', 'my-task'],
])('a folder called %s becomes the namespace %s', (name, namespace) => {
  const root = folder({});
  const files = scaffoldScenario(join(root, name));
  expect(files).toContain(join(root, name, 'task.ko.md'));
  const { scenario, problems } = loadScenario(join(root, name), 'p/s', 'own');
  expect(problems).toEqual([]);
  expect(scenario?.setup).toMatchObject([{ apply: [{ metadata: { name: namespace } }] }]);
  rmSync(root, { recursive: true });
});

test('docs/scenarios.md shows what is written', () => {
  const root = folder({});
  scaffoldScenario(join(root, 'first-task'));
  const lines = readFileSync(join(root, 'first-task/scenario.yaml'), 'utf8').split('\n');
  // the first line is the way to the schema, which is another in each place
  const docs = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8');
  expect(docs).toContain(lines.slice(1).join('\n'));
  rmSync(root, { recursive: true });
});
