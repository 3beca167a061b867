/**
 * npm run bench [-- cluster|settle|kubectl|requests|journal|workspaces]: medians, and ratios against a real Kubernetes control plane in the same run. ORACLE names a script that takes
 * `up N`, `down N` and `config N` and starts such a control plane; without it only our own figures are printed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { benchClusters } from './cluster.ts';
import { benchKubectl } from './kubectl.ts';
import { row } from './measure.ts';
import { benchRequests } from './requests.ts';
import { benchSettling } from './settle.ts';
import { benchJournal } from './journal.ts';
import { benchWorkspaces } from './workspaces.ts';

/** The control plane's number: one that nobody uses by chance. */
const NUMBER = '70';
const kubectl = join(import.meta.dirname, '../.cache/tools/kubectl');
const oracle = process.env['ORACLE'];

const parts = process.argv.slice(2);
const wanted = (part: string) => parts.length === 0 || parts.includes(part);

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
/** The API server of the real control plane is a process of its own, which leaves its pid beside its kubeconfig. */
const rival =
  config === undefined
    ? undefined
    : { kubeconfig: config, pid: Number(readFileSync(join(dirname(config), 'apiserver.pid'), 'utf8')) };
const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
const kubeconfig = join(folder, 'ours.conf');
const drydock = join(import.meta.dirname, '../bin/drydock');
const cluster = spawn(process.execPath, [drydock, 'cluster', '--bare', '--kubeconfig', kubeconfig], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await once(cluster.stdout, 'data');
  if (wanted('cluster')) await benchClusters(readyMs);
  if (wanted('settle')) benchSettling();
  if (wanted('kubectl')) await benchKubectl(kubectl, kubeconfig, rival?.kubeconfig);
  if (wanted('journal')) await benchJournal();
  if (wanted('workspaces')) await benchWorkspaces();
  if (wanted('requests')) await benchRequests({ kubeconfig, pid: cluster.pid ?? 0 }, rival);
} finally {
  if (oracle !== undefined) ask('down');
  cluster.kill('SIGTERM');
  await once(cluster, 'close');
  rmSync(folder, { recursive: true, force: true });
}
