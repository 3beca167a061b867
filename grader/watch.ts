/** Loads scenarios again when their files change. */
import { watch } from 'node:fs';
import { loadScenarios, type Loaded, type ScenarioDir } from './load.ts';

/** Milliseconds of silence after a change: an editor writes a file in several steps. */
const SILENCE_MS = 100;

/** Calls back after each change with everything loaded anew. Returns how to stop. */
export function watchScenarios(dirs: readonly ScenarioDir[], onChange: (loaded: Loaded) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => onChange(loadScenarios(dirs)), SILENCE_MS);
  };
  const watchers = dirs.map(({ path }) => watch(path, { recursive: true, persistent: false }, changed));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
