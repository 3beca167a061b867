/**
 * npm run bench: medians, and ratios against a real Kubernetes control plane in the same run. ORACLE names a script that takes
 * `up N`, `down N` and `config N` and starts such a control plane; without it only our own figures are printed.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { benchClusters } from './cluster.ts';
import { benchKubectl } from './kubectl.ts';
import { row } from './measure.ts';

/** The control plane's number: one that nobody uses by chance. */
const NUMBER = '7';
const kubectl = join(import.meta.dirname, '../.cache/tools/kubectl');
const oracle = process.env['ORACLE'];

const ask = (verb: string) =>
  execFileSync(oracle ?? '', [verb, NUMBER], {
    encoding: 'utf8',
    env: { ...process.env, KUBECTL: kubectl },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

row('what', 'found (median)', 'budget');
let readyMs: number | undefined;
let config: string | undefined;
if (oracle !== undefined) {
  const start = performance.now();
  ask('up');
  readyMs = performance.now() - start;
  config = ask('config');
}
try {
  await benchClusters(readyMs);
  await benchKubectl(kubectl, config);
} finally {
  if (oracle !== undefined) ask('down');
}
