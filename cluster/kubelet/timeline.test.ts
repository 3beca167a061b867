import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { timelineOf } from './testing/timeline.ts';

const DATA = join(import.meta.dirname, 'testdata');
const lives = readdirSync(DATA)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

test('there are lives', () => expect(lives.length).toBeGreaterThanOrEqual(25));
test.each(lives)('%s', (life) => {
  const timeline = timelineOf(readFileSync(join(DATA, `${life}.yaml`), 'utf8'));
  expect(timeline).toBe(readFileSync(join(DATA, `${life}.timeline`), 'utf8'));
});
