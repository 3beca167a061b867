/** What is put into every machine, read from the tools or written for them. */
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { NO_ENVIRONMENT } from './processes.ts';

/** The programs in a folder; throws where there is no such folder. */
export function commandsIn(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`no folder of tools at ${folder}: run the set-up first (npm start does it)`);
  return readdirSync(folder).filter((name) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return statSync(join(folder, name)).isFile();
    } catch {
      return false;
    }
  });
}

/** Completion scripts as the tools print them, kept in the data folder until a tool changes. */
export function completions(toolsDir: string, tools: readonly string[], dataDir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const tool of ['kubectl', 'helm']) {
    if (!tools.includes(tool)) continue;
    const { size, mtimeMs } = statSync(join(toolsDir, tool));
    const kept = join(resolve(dataDir), 'completions', `${tool}-${size}-${Math.trunc(mtimeMs)}.bash`);
    if (!existsSync(kept)) {
      mkdirSync(dirname(kept), { recursive: true });
      const text = execFileSync(join(toolsDir, tool), ['completion', 'bash'], {
        encoding: 'utf8',
        env: { ...NO_ENVIRONMENT, HOME: '/nonexistent' },
      });
      writeFileSync(`${kept}.new`, text);
      renameSync(`${kept}.new`, kept);
    }
    found[`drydock/${tool}-completion.bash`] = readFileSync(kept, 'utf8');
  }
  return found;
}

/** Writes the files readable for all, whatever the umask. */
export function writeEtc(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    chmodSync(dirname(path), 0o755);
    writeFileSync(path, text);
    chmodSync(path, text.startsWith('#!') ? 0o755 : 0o644);
  }
  chmodSync(folder, 0o755);
}
