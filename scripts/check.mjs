/** npm run check: types, lint with the import rules, format, unused code. All run, then all problems are told. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './setup/index.mjs';
import { fail, say } from './setup/say.mjs';

const CHECKS = {
  types: ['typescript/bin/tsc', '-p', '.'],
  lint: ['oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  format: ['oxfmt/bin/oxfmt', '--check'],
  'unused code': ['knip/bin/knip.js', '--no-progress'],
};

const node = await setUp({ pages: false, sandbox: false }).catch(fail);

function check(name, [script, ...args]) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(node, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      say(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
      resolve({ good: code === 0, text: Buffer.concat(output).toString() });
    });
  });
}

const results = await Promise.all(Object.entries(CHECKS).map(([name, command]) => check(name, command))).catch(fail);
const bad = results.filter(({ good }) => !good);
for (const { text } of bad) say(text);
process.exit(bad.length === 0 ? 0 : 1);
