import { afterEach, expect, test } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Loaded } from './load.ts';
import { folder, SCENARIO, writeFiles } from './testing.ts';
import { watchScenarios } from './watch.ts';

const opened: (() => void)[] = [];
afterEach(() => opened.splice(0).forEach((close) => close()));

/** Watches a folder with one scenario; `next` resolves with what the next change loads. */
function watched() {
  const root = folder({});
  writeFiles(join(root, 'p/a'), SCENARIO);
  const waiting: ((loaded: Loaded) => void)[] = [];
  const stop = watchScenarios([{ path: root, origin: 'own' }], (loaded) => waiting.shift()?.(loaded));
  opened.push(stop, () => rmSync(root, { recursive: true, force: true }));
  return { root, next: () => new Promise<Loaded>((resolve) => waiting.push(resolve)) };
}

test('a changed file is read again', async () => {
  const { root, next } = watched();
  const change = next();
  writeFileSync(join(root, 'p/a/task.en.md'), 'Another task.\n');
  expect((await change).scenarios[0]?.task.en).toBe('Another task.\n');
});

test('a mistake keeps the scenario out until it is corrected', async () => {
  const { root, next } = watched();
  const broken = next();
  writeFileSync(join(root, 'p/a/scenario.yaml'), 'version: 1\n');
  expect((await broken).scenarios).toEqual([]);
  const corrected = next();
  writeFileSync(join(root, 'p/a/scenario.yaml'), SCENARIO['scenario.yaml'] ?? '');
  expect(await corrected).toMatchObject({ scenarios: [{ id: 'p/a' }], problems: [] });
});

test('a new folder is found', async () => {
  const { root, next } = watched();
  const change = next();
  writeFiles(join(root, 'p/b'), SCENARIO);
  expect((await change).scenarios.map(({ id }) => id)).toEqual(['p/a', 'p/b']);
});

test('a folder that is not there is not watched', () => {
  opened.push(watchScenarios([{ path: '/nowhere/at/all', origin: 'own' }], () => undefined));
});
