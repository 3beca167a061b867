/** kubescheduler.config.k8s.io/v1, as far as anything here depends on it. */
import type { PodSpec } from '../../api/types.ts';

export interface ResourceSpec {
  name: string;
  weight?: number;
}
export interface ShapePoint {
  /** Per cent. */
  utilization: number;
  /** 0 to 10. */
  score: number;
}
export interface ScoringStrategy {
  type?: string;
  resources?: readonly ResourceSpec[];
  requestedToCapacityRatio?: { shape?: readonly ShapePoint[] };
}
export interface NodeResourcesFitArgs {
  ignoredResources?: readonly string[];
  /** Extended resources of these domains. */
  ignoredResourceGroups?: readonly string[];
  scoringStrategy?: ScoringStrategy;
}
export interface NodeResourcesBalancedAllocationArgs {
  resources?: readonly ResourceSpec[];
}
export interface NodeAffinityArgs {
  addedAffinity?: NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>;
}
export interface InterPodAffinityArgs {
  /** What required affinity of existing pods weighs for a new one. */
  hardPodAffinityWeight?: number;
  ignorePreferredTermsOfExistingPods?: boolean;
}
export interface PodTopologySpreadArgs {
  /** As written: what is missing is told before it is used. */
  defaultConstraints?: Partial<SpreadConstraint>[];
  /** `System` or `List`. */
  defaultingType?: string;
}
export type SpreadConstraint = NonNullable<PodSpec['topologySpreadConstraints']>[number];
export interface VolumeBindingArgs {
  bindTimeoutSeconds?: number;
}
export interface DefaultPreemptionArgs {
  minCandidateNodesPercentage?: number;
  minCandidateNodesAbsolute?: number;
}

export interface PluginRef {
  name: string;
  weight?: number;
}
export interface PluginSet {
  enabled?: readonly PluginRef[];
  disabled?: readonly PluginRef[];
}
export interface ProfileConfiguration {
  schedulerName?: string;
  percentageOfNodesToScore?: number;
  /** By extension point, `multiPoint` for all. */
  plugins?: Readonly<Record<string, PluginSet>>;
  pluginConfig?: readonly { name: string; args?: object }[];
}
export interface SchedulerConfiguration {
  parallelism?: number;
  percentageOfNodesToScore?: number;
  podInitialBackoffSeconds?: number;
  podMaxBackoffSeconds?: number;
  leaderElection?: { leaderElect?: boolean; resourceLock?: string; resourceName?: string; resourceNamespace?: string };
  clientConnection?: { kubeconfig?: string };
  profiles?: readonly ProfileConfiguration[];
}
