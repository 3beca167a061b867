/** Every case that was ever answered word for word still is. `npm run fidelity` runs the others too. */
import { expect, test } from '@jest/globals';
import { nameOf, passingCases, recordedCases, toolsDir } from './cases.ts';
import { runCase } from './run-case.ts';

const CASE_TIMEOUT_MS = 180_000;
/** Jest runs files side by side, and the tests of a file one after another: so there is a file for each part of the cases. */
const PARTS = 4;

/** Declares the tests of one part, counted from 0. */
export function declareCases(part: number): void {
  const passing = new Set(passingCases());
  const mine = recordedCases()
    .filter((one) => passing.has(nameOf(one)))
    .filter((_case, index) => index % PARTS === part);

  test('there are cases to run', () => {
    expect(mine.length).toBeGreaterThan(0);
  });

  test.each(mine.map((one) => [nameOf(one), one] as const))(
    '%s',
    async (_name, recorded) => {
      expect((await runCase(recorded, toolsDir)).differences).toEqual([]);
    },
    CASE_TIMEOUT_MS,
  );
}
