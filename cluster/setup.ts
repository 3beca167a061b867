/** Brings a fresh cluster to a scenario's starting state: manifests and steps in time. */
import type { Cluster } from './cluster.ts';
import { takeStep, type Step } from './steps.ts';

export type SetupStep = Step;

/** Runs the steps in order, each until the cluster is at rest. @throws StatusError what the API refuses, Error for a kind or node that is not there */
export function setUp(cluster: Cluster, steps: readonly SetupStep[]): void {
  for (const step of steps) takeStep(cluster, step, cluster.client('system:setup'));
}
