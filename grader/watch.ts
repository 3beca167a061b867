/** Loads scenarios again when their files change. */
import { existsSync, watch, type FSWatcher } from 'node:fs';
import { loadScenarios, type Loaded, type ScenarioDir } from './load.ts';

/** Milliseconds of silence after a change: an editor writes a file in several steps. */
const SILENCE_MS = 100;

/** Calls back after each change with everything loaded anew. Returns how to stop. A folder that is not there is not watched. */
export function watchScenarios(dirs: readonly ScenarioDir[], onChange: (loaded: Loaded) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => onChange(loadScenarios(dirs)), SILENCE_MS);
  };
  const watchers = dirs
    .filter(({ path }) => existsSync(path))
    .map(({ path }): FSWatcher => {
      const watcher = watch(path, { recursive: true, persistent: false }, changed);
      // a folder that was taken away: what was in it is gone, and there is nothing left to watch
      watcher.on('error', () => {
        watcher.close();
        changed();
      });
      return watcher;
    });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
