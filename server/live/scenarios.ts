import path from 'node:path';
import { grade, loadScenarios, loadVariant, watchScenarios } from '#grader/index.ts';
import type { Scenario } from '#grader/types.ts';
import type { ScenarioLibrary } from '../ports.ts';

const SHIPPED = path.join(import.meta.dirname, '../../scenarios');

/** Read again when they are asked for again. */
const VARIANTS_KEPT = 500;

/** Ours and the instructor's own, read again when a file changes. */
export function openScenarios(ownDirs: readonly string[]): ScenarioLibrary {
  const dirs = [
    { path: SHIPPED, origin: 'shipped' as const },
    ...ownDirs.map((dir) => ({ path: path.resolve(dir), origin: 'own' as const })),
  ];
  let loaded = loadScenarios(dirs);
  const variants = new Map<string, Scenario>();
  const stopWatching = watchScenarios(dirs, (next) => {
    loaded = next;
    variants.clear();
  });
  return {
    current: () => loaded,
    variant: (scenario, seed) => {
      const key = `${scenario.id} ${seed}`;
      const known = variants.get(key) ?? loadVariant(scenario, seed);
      if (known === undefined) return undefined;
      if (variants.size >= VARIANTS_KEPT) variants.clear();
      variants.set(key, known);
      return known;
    },
    grade,
    close: stopWatching,
  };
}
