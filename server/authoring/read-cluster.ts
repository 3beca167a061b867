/** Reads a cluster's objects through kubectl, as far as a scenario's checks look at them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { resourceName } from '#cluster/schema/resources.ts';
import type { KubeObject } from '#cluster/api/types.ts';
import { kindsRead } from '#grader/checks/index.ts';
import { resourceOf } from '#grader/manifest.ts';
import type { ClusterState, Scenario } from '#grader/types.ts';

const execute = promisify(execFile);
/** Bytes of one list. */
const MAX_OUTPUT = 256 * 1024 * 1024;

/** @throws Error with kubectl's own words when the cluster cannot be read */
export async function readCluster(
  scenario: Scenario,
  { kubeconfig, kubectl }: { kubeconfig: string; kubectl: string },
): Promise<ClusterState> {
  const names = new Set(
    kindsRead(scenario.checks).flatMap(({ kind, apiVersion }) => {
      const info = resourceOf(kind, apiVersion);
      return info ? [resourceName(info)] : [];
    }),
  );
  const resources: Record<string, KubeObject[]> = {};
  for (const name of names) {
    try {
      const { stdout } = await execute(
        kubectl,
        ['--kubeconfig', kubeconfig, 'get', name, '--all-namespaces', '-o', 'json'],
        { maxBuffer: MAX_OUTPUT },
      );
      resources[name] = (JSON.parse(stdout) as { items: KubeObject[] }).items;
    } catch (error) {
      // a custom resource whose definition is not there has no objects
      if (/doesn't have a resource type/.test((error as { stderr?: string }).stderr ?? '')) continue;
      throw new Error(
        `cannot read ${name}: ${(error as { stderr?: string }).stderr?.trim() || (error as Error).message}`,
        { cause: error },
      );
    }
  }
  return { now: Date.now(), resources };
}
