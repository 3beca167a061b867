/**
 * The exam's yq: mikefarah's, version 4, a Go program (Debian's package of that name is another). No package of npm, PyPI, Debian or Ubuntu
 * carries it, and a set-up fetches from package registries only: so it is taken from this machine, where somebody has installed it.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from './run.mjs';
import { say } from './say.mjs';

/** Puts yq into `folder`. Where that can't be, the shell has none, and this says so. */
export function installYq(folder) {
  const target = join(folder, 'yq');
  if (existsSync(target)) return;
  const found = ownYq();
  if (found === undefined) {
    say(`No yq in the terminals: put version 4 of github.com/mikefarah/yq at ${target} to have it.`);
    return;
  }
  mkdirSync(folder, { recursive: true });
  // Renamed into place: a start that is broken off leaves no half of a program.
  copyFileSync(found, `${target}.part`);
  chmodSync(`${target}.part`, 0o755);
  renameSync(`${target}.part`, target);
}

/** The right yq, where this machine has it already. */
function ownYq() {
  const path = capture('sh', ['-c', 'command -v yq']);
  if (path === undefined || !path.startsWith('/')) return undefined;
  const version = capture(path, ['--version']) ?? '';
  return /mikefarah\/yq\S* version v?4\./.test(version) ? path : undefined;
}
