/** Reads what learners wrote into files of their home. The home is somebody's: nothing in it is trusted, least of all where its links lead. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { filesRead } from '../checks/index.ts';
import type { FoundFile, Scenario } from '../types.ts';

/** Bytes of one file: an answer is a page of text, not an archive. */
export const MAX_FILE_BYTES = 256 * 1024;
/** Names told of a folder in which a file is missing. */
const MOST_NAMES = 100;

/**
 * What stands in the files that these checks ask for, by their paths as the scenario gives them. `home` is a folder on this
 * disk; `others`: homes of other hosts by the host's name, where an answer may have been put by mistake.
 */
export function readFiles(
  { checks }: Pick<Scenario, 'checks'>,
  home: string,
  others: Readonly<Record<string, string>> = {},
): Record<string, FoundFile> {
  const found: Record<string, FoundFile> = {};
  for (const path of filesRead(checks)) {
    const file = readFrom(home, path);
    if (!('missing' in file)) {
      found[path] = file;
      continue;
    }
    const host = Object.keys(others).find((name) => 'text' in readFrom(others[name] ?? '', path));
    found[path] = { ...file, ...(host === undefined ? {} : { onHost: host }) };
  }
  return found;
}

/** `path` from the home on: `answers/pods.txt`. */
function readFrom(home: string, path: string): FoundFile {
  let root: string;
  try {
    root = realpathSync(home);
  } catch (error) {
    return isAbsent(error) ? { missing: true, beside: [] } : { refused: reasonOf(error) };
  }
  try {
    return readInside(root, realpathSync(join(root, path)));
  } catch (error) {
    return isAbsent(error) ? { missing: true, beside: namesBeside(root, path) } : { refused: reasonOf(error) };
  }
}

function readInside(root: string, file: string): FoundFile {
  if (!file.startsWith(root + sep)) return { refused: 'it is a link that leads out of the home' };
  // a pipe would keep us waiting; a link that was put here since is not followed
  const opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    // what was opened, and not what its path says: a folder on the way may have become a link since
    if (!readlinkSync(`/proc/self/fd/${opened}`).startsWith(root + sep)) {
      return { refused: 'it is a link that leads out of the home' };
    }
    const stat = fstatSync(opened);
    if (!stat.isFile()) return { refused: stat.isDirectory() ? 'it is a folder' : 'it is no regular file' };
    const bytes = Buffer.alloc(MAX_FILE_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(opened, bytes, length, bytes.length - length, length);
    }
    if (length > MAX_FILE_BYTES) return { refused: `it is larger than ${MAX_FILE_BYTES / 1024} KiB` };
    return { text: bytes.toString('utf8', 0, length) };
  } finally {
    closeSync(opened);
  }
}

/** Files of the folder where one is missing and of the home itself, as paths from the home on. */
function namesBeside(root: string, path: string): string[] {
  const folders = [...new Set([dirname(path), '.'])];
  return folders.flatMap((folder) => namesIn(root, folder)).slice(0, MOST_NAMES);
}

function namesIn(root: string, folder: string): string[] {
  try {
    const real = realpathSync(join(root, folder));
    if (real !== root && !real.startsWith(root + sep)) return [];
    return readdirSync(real, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(folder, name));
  } catch {
    // the folder is missing as well, or nobody may look into it: there is nothing to tell
    return [];
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

/** In words, since learners read it. */
function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'EACCES':
      return 'it may not be read';
    case 'ELOOP':
      return 'it is a link that leads in a circle';
    default:
      return `it cannot be read (${codeOf(error) || String(error)})`;
  }
}
