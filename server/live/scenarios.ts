import path from 'node:path';
import { grade, loadScenarios, watchScenarios } from '#grader/index.ts';
import type { ScenarioLibrary } from '../ports.ts';

const SHIPPED = path.join(import.meta.dirname, '../../scenarios');

/** Ours and the instructor's own, read again when a file changes. */
export function openScenarios(ownDirs: readonly string[]): ScenarioLibrary {
  const dirs = [
    { path: SHIPPED, origin: 'shipped' as const },
    ...ownDirs.map((dir) => ({ path: path.resolve(dir), origin: 'own' as const })),
  ];
  let loaded = loadScenarios(dirs);
  const stopWatching = watchScenarios(dirs, (next) => {
    loaded = next;
  });
  return {
    current: () => loaded,
    grade,
    close: stopWatching,
  };
}
