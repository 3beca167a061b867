/**
 * The exam's yq: mikefarah's, version 4, a Go program (Debian's package of that name is another). No package of npm, PyPI, Debian or Ubuntu
 * carries it, so it is taken from this machine, or built where Go is installed; the module proxy's checksum database vouches for the source.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, run } from './run.mjs';
import { say } from './say.mjs';

const VERSION = 'v4.44.6';
const MODULE = `github.com/mikefarah/yq/v4@${VERSION}`;
/** What that version asks for. */
const OLDEST_GO = [1, 21];

/** Puts yq into `folder`. Where that can't be, the shell has none, and this says so. */
export async function installYq(folder) {
  const target = join(folder, 'yq');
  if (existsSync(target)) return;
  mkdirSync(folder, { recursive: true });
  const found = ownYq();
  if (found !== undefined) {
    put(found, target);
    return;
  }
  const why = goProblem();
  if (why !== undefined) {
    say(`No yq in the terminals (${why}): put version 4 of github.com/mikefarah/yq at ${target} to have it.`);
    return;
  }
  say(`· building yq ${VERSION} with Go beside the rest, a minute or two ...`);
  const scratch = mkdtempSync(join(tmpdir(), 'drydock-yq-'));
  try {
    await run('go', ['install', '-ldflags=-s -w', MODULE], {
      cwd: scratch,
      stdio: 'ignore',
      env: { ...process.env, GOBIN: scratch, GOFLAGS: '', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' },
    });
    put(join(scratch, 'yq'), target);
  } catch (error) {
    // Wanted, not needed: the start goes on without it, and the next one tries again.
    say(`No yq in the terminals: ${error.message}; is proxy.golang.org reachable?`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Renamed into place: a start that is broken off leaves no half of a program. */
function put(from, target) {
  copyFileSync(from, `${target}.part`);
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

function goProblem() {
  const version = capture('go', ['env', 'GOVERSION']);
  if (version === undefined) return 'it is a Go program, and this machine has no Go';
  const [major = 0, minor = 0] = version.replace('go', '').split('.').map(Number);
  const enough = major > OLDEST_GO[0] || (major === OLDEST_GO[0] && minor >= OLDEST_GO[1]);
  return enough ? undefined : `building it takes Go ${OLDEST_GO.join('.')}, and this machine has ${version}`;
}
