/** Every case that was ever answered word for word still is. `npm run fidelity` runs the others too. */
import { expect, test } from '@jest/globals';
import { passingCases, recordedCases, toolsDir } from './cases.ts';
import { runCase } from './run-case.ts';

const CASE_TIMEOUT_MS = 180_000;

const passing = new Set(passingCases());
const cases = recordedCases();

test('the passing list names recorded cases only', () => {
  const names = cases.map(({ name }) => name);
  expect([...passing].filter((name) => !names.includes(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test.each(cases.filter(({ name }) => passing.has(name)).map((one) => [`${one.area}/${one.name}`, one] as const))(
  '%s',
  async (_name, recorded) => {
    expect((await runCase(recorded, toolsDir)).differences).toEqual([]);
  },
  CASE_TIMEOUT_MS,
);
