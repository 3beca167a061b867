/** Every shipped scenario, proved through the real shell and kubectl. Needs bubblewrap: where it cannot be had these fail and say why. */
import { describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { lintScenario, loadScenarios, printProblem } from '#grader/index.ts';
import { faults, failures, PROOF_MS } from './bench.ts';

/** Jest runs files side by side, and the tests of a file one after another: so there is a file for each part of the scenarios. */
const PARTS = 4;

const loaded = loadScenarios([{ path: fileURLToPath(new URL('../../scenarios', import.meta.url)), origin: 'own' }]);

/** Declares the tests of one part, counted from 0. */
export function declareScenarios(part: number): void {
  test('every scenario and exam loads', () => {
    expect(loaded.problems).toEqual([]);
    expect(loaded.scenarios.length).toBeGreaterThanOrEqual(60);
  });

  const mine = loaded.scenarios.filter((_scenario, index) => index % PARTS === part);

  describe.each(mine.map((scenario) => ({ id: scenario.id, scenario })))('$id', ({ scenario }) => {
    test(
      'is proved: nothing done scores nothing, solutions score full, mistakes fail what they name',
      async () => {
        expect(await failures(scenario)).toEqual([]);
        expect(faults.splice(0)).toEqual([]);
      },
      PROOF_MS,
    );

    test('lint finds no error', () => {
      const { problems } = lintScenario(scenario.folder, scenario.id);
      expect(problems.filter(({ level }) => level === undefined).map(printProblem)).toEqual([]);
    });

    test('every check is failed by a mistake', () => {
      const failed = new Set(scenario.mistakes.flatMap(({ fails }) => fails));
      expect(scenario.checks.map(({ id }) => id).filter((id) => !failed.has(id))).toEqual([]);
    });

    test('both languages name the same objects', () => {
      const names = (text: string) => [...new Set(text.match(/`[^`]+`/g))].sort();
      expect(names(scenario.task.ko)).toEqual(names(scenario.task.en));
    });
  });
}
