/** Remembers what a step was last done for, so that the second start skips it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A hash of files and folders: names, sizes and contents. */
export function hashOf(root, paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
      return;
    }
    hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
  };
  paths.forEach(add);
  return hash.digest('hex');
}

/**
 * Runs `make` unless the stamp file already holds `hash`, or the step's product is missing. Returns whether it ran.
 * @param {string | undefined} product the path of what the step makes
 */
export async function unlessDone(file, hash, make, product) {
  const there = product === undefined || existsSync(product);
  if (there && existsSync(file) && readFileSync(file, 'utf8') === hash) return false;
  await make();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
  return true;
}
