import { spawn } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { DISK_FILES_STEP, DISK_STEP_BYTES, HOME_BYTES, HOME_FILES, LOOK_EVERY_MS } from '../limits.ts';
import { NO_ENVIRONMENT } from './processes.ts';

/** What a learner's folders hold together. */
export interface Held {
  bytes: number;
  files: number;
}

/** `full`: over the limit, nothing more may be written. `closed`: over twice the limit, so that deleting is all that is left to others. */
export type Fullness = 'free' | 'full' | 'closed';

export function fullness({ bytes, files }: Held): Fullness {
  if (bytes > 2 * HOME_BYTES || files > 2 * HOME_FILES) return 'closed';
  return bytes > HOME_BYTES || files > HOME_FILES ? 'full' : 'free';
}

/** More than a shell's history would explain. */
export const grew = (before: Held, now: Held): boolean =>
  now.bytes > before.bytes + 1024 * 1024 || now.files > before.files + 100;

/** The sentence for the learner; undefined while there is room. */
export function fullSentence(held: Held): string | undefined {
  const state = fullness(held);
  if (state === 'free') return undefined;
  const what =
    held.bytes > HOME_BYTES
      ? `more than ${HOME_BYTES / 1024 / 1024} MiB`
      : `more than ${HOME_FILES.toLocaleString('en')} files`;
  return state === 'full'
    ? `Your home folder holds ${what}, so what ran was ended. Delete some: until then nothing can be written.`
    : `Your home folder holds ${what}, twice over: it can only be read now. Ask who runs this server to clear it.`;
}

/**
 * Counts blocks and files in folders, without following links and without a limit on depth; stops when twice the limit is reached.
 * `find` does it because a learner's tree may be deeper than a path may be long.
 */
export function measure(folders: readonly string[]): Promise<Held> {
  return new Promise((resolve) => {
    const held: Held = { bytes: 0, files: 0 };
    const child = spawn('find', [...folders, '-xdev', '-printf', '%b\n'], {
      env: { ...NO_ENVIRONMENT, PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let rest = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      held.files += lines.length;
      for (const line of lines) held.bytes += Number(line) * 512;
      if (fullness(held) === 'closed') child.kill();
    });
    // A folder that is gone holds nothing; so does one that can't be looked at, as its session is over then.
    child.once('error', () => resolve(held));
    child.once('close', () => resolve(held));
  });
}

export interface Watched {
  /** On one file system, all of them. */
  folders: readonly string[];
  /** Called after each measuring. */
  measured(held: Held): void;
}

/**
 * Looks after the disk under the homes. File systems with quotas are rare where this runs, so: every second it is asked how much is free, and
 * only when that has shrunk by a step are the homes in use measured. In between a learner can write no more than the disk takes in a second.
 */
export function watchDisk(folder: string, inUse: () => readonly Watched[]): { stop(): void } {
  let last: { bytes: number; files: number } | undefined;
  let busy = false;
  const look = async (): Promise<void> => {
    const { bavail, bsize, ffree } = await statfs(folder);
    const now = { bytes: bavail * bsize, files: ffree };
    const shrunk =
      last === undefined || last.bytes - now.bytes > DISK_STEP_BYTES || last.files - now.files > DISK_FILES_STEP;
    // What was freed counts too: a session that was full may write again.
    const grown =
      last !== undefined && (now.bytes - last.bytes > DISK_STEP_BYTES || now.files - last.files > DISK_FILES_STEP);
    if (!shrunk && !grown) return;
    last = now;
    for (const each of inUse()) each.measured(await measure(each.folders));
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    // A file system that can't be asked for a moment is asked again in a second.
    look()
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  }, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
