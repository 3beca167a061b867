/** `home/` of a scenario's folder: what the learner finds in the home folder. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './parse-yaml.ts';
import type { Problem } from './problem.ts';

/** Files and bytes: charts and manifests, not archives. */
const MAX_FILES = 100;
const MAX_BYTES = 512 * 1024;

/** By path in the home: `charts/web/Chart.yaml`. `fill` puts parameters into a text. */
export function readHome(
  folder: string,
  fill: (text: string, file: string) => string,
): { files: Record<string, string>; problems: Problem[] } {
  const root = join(folder, 'home');
  const files: Record<string, string> = {};
  const problems: Problem[] = [];
  const tell = (file: string, message: string) => void problems.push({ file, line: 0, column: 0, message });
  if (!existsSync(root)) return { files, problems };
  // links are not followed: they could lead anywhere
  const found = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), plain: entry.isFile() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (found.length > MAX_FILES) {
    tell(root, `${found.length} files; a home starts with ${MAX_FILES} at most`);
    return { files, problems };
  }
  let bytes = 0;
  for (const { path, plain } of found) {
    if (!plain) {
      tell(path, 'a home starts with plain files; this is none');
      continue;
    }
    const read = readText(path);
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    bytes += Buffer.byteLength(read.text);
    files[path.slice(root.length + 1)] = fill(read.text, path);
  }
  if (bytes > MAX_BYTES) tell(root, `${bytes} bytes in all; a home starts with ${MAX_BYTES} at most`);
  return { files, problems };
}
