/** What scenarios are proved with: clusters in a worker, and shells in sandboxes. */
import { afterAll, beforeAll } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterHost } from '#cluster/serve/host.ts';
import type { Scenario } from '#grader/index.ts';
import { proveScenario, type Proof } from '#server/authoring/prove-scenario.ts';
import { createWorkspaces, type Workspaces } from '#workspace/index.ts';

/** Milliseconds for one scenario: a dozen scripts, each of a few kubectl calls. */
export const PROOF_MS = 300_000;

/** What went wrong in the clusters themselves; each test empties it. */
export const faults: string[] = [];
let clusters: ClusterHost;
let workspaces: Workspaces;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-scenarios-'));
  clusters = await ClusterHost.start({ onFault: (what) => faults.push(what) });
  const toolsDir = fileURLToPath(new URL('../../.cache/tools', import.meta.url));
  workspaces = await createWorkspaces({ toolsDir, dataDir: folder, log: () => undefined });
});

afterAll(async () => {
  await workspaces.close();
  await clusters.close();
  await rm(folder, { recursive: true, force: true });
});

/** A folder for this file's own scenarios. */
export const dataDir = (): string => folder;

/** What of a scenario could not be proved. */
export async function failures(scenario: Scenario): Promise<Proof[]> {
  const proofs = await proveScenario(scenario, { clusters, workspaces }, () => undefined);
  return proofs.filter(({ passed }) => !passed);
}
