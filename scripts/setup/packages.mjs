/** The npm packages, from the lock file, and Node 24 among them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, run } from './run.mjs';
import { SetupError, step } from './say.mjs';
import { hashOf, unlessDone } from './stamp.mjs';

const WANTED_MAJOR = 24;

/** Returns the path of Node 24. */
export async function installPackages(root) {
  const modules = join(root, 'node_modules');
  const hash = hashOf(root, ['package.json', 'package-lock.json']);
  // the stamp lies in node_modules, so it goes when they go
  await unlessDone(join(modules, '.drydock-installed'), hash, async () => {
    await step('installing npm packages from the lock file', () =>
      run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root }),
    );
  });
  const node = join(modules, '.bin', 'node');
  if (!isNode24(node)) {
    // npm may be told not to run install scripts: the package's own script is all that is missing then
    await step('unpacking Node 24', () =>
      run(process.execPath, ['installArchSpecificPackage'], { cwd: join(modules, 'node') }),
    );
    if (!isNode24(node))
      throw new SetupError(`Node ${WANTED_MAJOR} could not be installed from the npm package "node".`);
  }
  return node;
}

const isNode24 = (node) => existsSync(node) && (capture(node, ['--version']) ?? '').startsWith(`v${WANTED_MAJOR}.`);
