/** Makes a fresh machine ready. Plain JavaScript for Node 20: it runs before anything is installed. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installKubectl } from './kubectl.mjs';
import { installOpenSsh } from './openssh.mjs';
import { installPackages } from './packages.mjs';
import { run } from './run.mjs';
import { installSandboxTools } from './sandbox-tools.mjs';
import { SetupError, step } from './say.mjs';
import { hashOf, unlessDone } from './stamp.mjs';
import { installYq } from './yq.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const cache = join(root, '.cache');
export const toolsDir = join(cache, 'tools');

const OLDEST_MAJOR = 20;

/**
 * @param {{browser?: boolean, pages?: boolean, sandbox?: boolean}} wanted the tests' browser; the built pages; what a workspace is made of
 * @returns the path of Node 24
 */
export async function setUp({ browser = false, pages = true, sandbox = true } = {}) {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_MAJOR)
    throw new SetupError(`Node ${OLDEST_MAJOR} or newer is needed to start; this is ${process.version}.`);
  const node = await installPackages(root);
  if (sandbox) {
    await installSandboxTools({ browser });
    await installKubectl(root, toolsDir);
    await installOpenSsh(join(cache, 'openssh'));
    installYq(toolsDir);
  }
  await generate(node);
  if (pages) await buildPages(node);
  return node;
}

/** What is derived and not committed: the database client and the descriptions of fields. */
async function generate(node) {
  const quiet = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  await unlessDone(
    join(cache, 'prisma-client.stamp'),
    hashOf(root, ['prisma/schema.prisma', 'package-lock.json']),
    () =>
      step('generating the database client', () =>
        run(node, [join(root, 'node_modules/prisma/build/index.js'), 'generate', '--no-hints'], {
          ...quiet,
          // the generator needs no engine, yet looks for one: any program will do
          env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
        }),
      ),
    join(root, 'prisma/client'),
  );
  const extract = 'scripts/facts/descriptions.mjs';
  await unlessDone(
    join(cache, 'descriptions.stamp'),
    hashOf(root, [extract, 'package-lock.json']),
    () => step('extracting field descriptions for kubectl explain', () => run(node, [extract], quiet)),
    join(cache, 'descriptions.json'),
  );
}

async function buildPages(node) {
  const sources = ['app', 'server', 'grader', 'next.config.ts', 'postcss.config.mjs', 'package-lock.json'];
  await unlessDone(
    join(cache, 'pages.stamp'),
    hashOf(root, sources),
    () =>
      step('building the pages', () =>
        run(node, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
          cwd: root,
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
        }),
      ),
    join(root, '.next/BUILD_ID'),
  );
}
