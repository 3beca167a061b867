/** Joins the real clusters, workspaces, scenarios and terminals. One small file each, so that a change over there shows here first. */
import type { Logger } from 'pino';
import type { Workspace } from '#workspace/index.ts';
import type { Parts } from '../ports.ts';
import { handleTerminal } from '../sockets/terminal.ts';
import { openClusters } from './clusters.ts';
import { openScenarios } from './scenarios.ts';
import { openWorkspaces } from './workspaces.ts';

export async function connect(options: {
  dataDir: string;
  scenarioDirs: readonly string[];
  log: Logger;
}): Promise<Parts> {
  const { dataDir, scenarioDirs, log } = options;
  const scenarios = openScenarios(scenarioDirs);
  const workspaces = await openWorkspaces({ dataDir, log });
  const clusters = await openClusters(log);
  return {
    clusters,
    workspaces,
    scenarios,
    attach: ({ socket, workspace, terminal }) =>
      // Only `workspaces` above opens what comes here.
      handleTerminal({ socket, workspace: workspace as Workspace, terminal }),
  };
}
