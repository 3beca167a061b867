/** npm test: sets up like npm start, then runs every suite. Ends with `N passed, N failed`. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, setUp } from './setup/index.mjs';
import { fail, say } from './setup/say.mjs';

/** In this order: what is quick and narrow first. Suites that start sandboxes and browsers take the machine for themselves. */
const SUITES = [
  {
    name: 'units',
    paths: ['app', 'server', 'cluster', 'grader', 'bin', 'prisma', 'scripts', 'test/ground'],
    workers: '100%',
  },
  { name: 'workspace', paths: ['workspace', 'test/hostile'], workers: 1 },
  { name: 'conformance', paths: ['test/conformance', 'test/cluster'], workers: '100%' },
  { name: 'tutorials', paths: ['test/tutorials'], workers: '100%' },
  { name: 'scenarios', paths: ['test/scenarios'], workers: '100%' },
  { name: 'journeys', paths: ['test/e2e'], workers: 1 },
];

const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? SUITES : SUITES.filter(({ name }) => wanted.includes(name));
if (chosen.length === 0) {
  fail(new Error(`no suite of that name; there are: ${SUITES.map(({ name }) => name).join(', ')}`));
}
const onlyUnits = chosen.every(({ name }) => name === 'units');
const node = await setUp({ browser: !onlyUnits, pages: !onlyUnits }).catch(fail);
const results = join(root, '.cache', 'test-results');
mkdirSync(results, { recursive: true });

function run({ name, paths, workers }) {
  const file = join(results, `${name}.json`);
  rmSync(file, { force: true });
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--passWithNoTests',
    `--maxWorkers=${workers}`,
    '--json',
    `--outputFile=${file}`,
    ...(process.env['CI'] ? ['--ci'] : []),
    '--testPathPatterns',
    ...paths.map((path) => `^${join(root, path)}/`),
  ];
  return new Promise((resolve, reject) => {
    // Jest tells its progress on stderr; its JSON goes to the file
    const child = spawn(node, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) => {
      try {
        const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
          readFileSync(file, 'utf8'),
        );
        // a file that cannot be loaded has no tests to count: it counts as one that failed
        resolve({
          passed: numPassedTests,
          failed: numFailedTests + numRuntimeErrorTestSuites,
          skipped: numPendingTests,
          code,
        });
      } catch (error) {
        reject(new Error(`the suite ${name} left no result (exit ${code})`, { cause: error }));
      }
    });
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };
let bad = false;
for (const suite of chosen) {
  say(`\n=== ${suite.name} ===`);
  const { code, ...counts } = await run(suite).catch(fail);
  for (const key of Object.keys(total)) total[key] += counts[key];
  bad ||= code !== 0;
}
if (total.skipped > 0) say(`${total.skipped} skipped`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exit(bad || total.failed > 0 ? 1 : 0);
