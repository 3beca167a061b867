/** All plugins by name, each made from what a configuration says of it, in the order in which a profile has them by default. */
import type {
  InterPodAffinityArgs,
  NodeAffinityArgs,
  NodeResourcesBalancedAllocationArgs,
  NodeResourcesFitArgs,
  PodTopologySpreadArgs,
} from '../configuration/types.ts';
import type { Plugin } from '../framework.ts';
import type { ExtensionPoint } from '../profile.ts';
import { dynamicResources } from './dynamic-resources.ts';
import { imageLocality } from './image-locality.ts';
import { interPodAffinity } from './inter-pod-affinity.ts';
import { nodeAffinity } from './node-affinity.ts';
import { nodeName } from './node-name.ts';
import { nodePorts } from './node-ports.ts';
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts';
import { nodeResourcesFit } from './node-resources-fit.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';
import { nodeVolumeLimits } from './node-volume-limits.ts';
import { podTopologySpread } from './pod-topology-spread.ts';
import { schedulingGates } from './scheduling-gates.ts';
import { taintToleration } from './taint-toleration.ts';
import { volumeBinding } from './volume-binding.ts';
import { volumeRestrictions } from './volume-restrictions.ts';
import { volumeZone } from './volume-zone.ts';

export interface PluginKind {
  /** Where a real profile asks it. */
  at: readonly ExtensionPoint[];
  /** What its scores count against those of other plugins, unless a configuration says otherwise. */
  weight?: number;
  /** Absent: what it does is done elsewhere here (preemption, binding), or by the order of the queue. */
  make?(args: object | undefined): Plugin;
}

const FILTER: readonly ExtensionPoint[] = ['preFilter', 'filter'];
const SCORE: readonly ExtensionPoint[] = ['preScore', 'score'];

export const pluginKinds: ReadonlyMap<string, PluginKind> = new Map<string, PluginKind>([
  ['SchedulingGates', { at: ['preEnqueue'], make: () => schedulingGates }],
  ['PrioritySort', { at: ['queueSort'] }],
  // before the taints: a cordoned node is told as unschedulable, not by the taint it gets for it
  ['NodeUnschedulable', { at: ['filter'], make: () => nodeUnschedulable }],
  ['NodeName', { at: ['filter'], make: () => nodeName }],
  ['TaintToleration', { at: ['filter', ...SCORE], weight: 3, make: () => taintToleration }],
  ['NodeAffinity', { at: [...FILTER, ...SCORE], weight: 2, make: (args?: NodeAffinityArgs) => nodeAffinity(args) }],
  ['NodePorts', { at: FILTER, make: () => nodePorts }],
  [
    'NodeResourcesFit',
    { at: [...FILTER, ...SCORE], weight: 1, make: (args?: NodeResourcesFitArgs) => nodeResourcesFit(args) },
  ],
  ['VolumeRestrictions', { at: FILTER, make: () => volumeRestrictions }],
  ['NodeVolumeLimits', { at: FILTER, make: () => nodeVolumeLimits }],
  ['VolumeBinding', { at: [...FILTER, 'reserve', 'preBind', ...SCORE], make: () => volumeBinding }],
  ['VolumeZone', { at: FILTER, make: () => volumeZone }],
  // the next two look at all pods of all nodes: the dearest
  [
    'PodTopologySpread',
    { at: [...FILTER, ...SCORE], weight: 2, make: (args?: PodTopologySpreadArgs) => podTopologySpread(args) },
  ],
  [
    'InterPodAffinity',
    { at: [...FILTER, ...SCORE], weight: 2, make: (args?: InterPodAffinityArgs) => interPodAffinity(args) },
  ],
  [
    'DynamicResources',
    {
      at: ['preEnqueue', ...FILTER, 'postFilter', 'reserve', 'preBind', 'score'],
      weight: 2,
      make: () => dynamicResources,
    },
  ],
  ['DefaultPreemption', { at: ['postFilter', 'preEnqueue'] }],
  [
    'NodeResourcesBalancedAllocation',
    {
      at: SCORE,
      weight: 1,
      make: (args?: NodeResourcesBalancedAllocationArgs) => nodeResourcesBalancedAllocation(args),
    },
  ],
  ['ImageLocality', { at: ['score'], weight: 1, make: () => imageLocality }],
  ['DefaultBinder', { at: ['bind'] }],
]);
