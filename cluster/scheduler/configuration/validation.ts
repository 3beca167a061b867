/** What a scheduler finds wrong with its configuration, once it could be read: all problems, in its order and words. */
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  path,
  printFieldError,
  required,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import { qualifiedName } from '../../api/name-formats.ts';
import { nodeSelectorTermProblems } from '../../api/node-selector.ts';
import type {
  DefaultPreemptionArgs,
  InterPodAffinityArgs,
  NodeAffinityArgs,
  NodeResourcesBalancedAllocationArgs,
  NodeResourcesFitArgs,
  PodTopologySpreadArgs,
  ProfileConfiguration,
  SchedulerConfiguration,
  ShapePoint,
  VolumeBindingArgs,
} from './types.ts';

const STRATEGIES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'];
const GONE = ['AzureDiskLimits', 'CinderLimits', 'EBSLimits', 'GCEPDLimits'];
const VERSION = 'kubescheduler.config.k8s.io/v1';

/** One problem alone, several in brackets; undefined: none. */
export function asAggregate(errors: readonly FieldError[]): string | undefined {
  const sentences = [...new Set(errors.map(printFieldError))];
  return sentences.length <= 1 ? sentences[0] : `[${sentences.join(', ')}]`;
}

const outside = (value: number | undefined, low: number, high: number): value is number =>
  value !== undefined && (value < low || value > high);

const labelName = (name: string, at: Path): FieldError[] => qualifiedName(name).map((why) => invalid(at, name, why));

function shapeProblems(shape: readonly ShapePoint[], at: Path): FieldError[] {
  if (shape.length === 0) return [required(at, 'at least one point must be specified')];
  const unsorted = shape.findIndex(({ utilization }, i) => i > 0 && (shape[i - 1]?.utilization ?? 0) >= utilization);
  return [
    ...(unsorted < 0
      ? []
      : [
          invalid(
            at.index(unsorted).child('utilization'),
            shape[unsorted]?.utilization,
            'values must be sorted in increasing order',
          ),
        ]),
    ...shape.flatMap(({ utilization, score }, i) => [
      ...(outside(utilization, 0, 100)
        ? [invalid(at.index(i).child('utilization'), utilization, 'not in valid range [0, 100]')]
        : []),
      ...(outside(score, 0, 10) ? [invalid(at.index(i).child('score'), score, 'not in valid range [0, 10]')] : []),
    ]),
  ];
}

function fitProblems(args: NodeResourcesFitArgs): FieldError[] {
  const at = path('scoringStrategy');
  const { ignoredResources = [], ignoredResourceGroups = [], scoringStrategy: strategy } = args;
  const groups = path('ignoredResourceGroups');
  return [
    ...ignoredResources.flatMap((name, i) => labelName(name, path('ignoredResources').index(i))),
    ...ignoredResourceGroups.flatMap((group, i) => [
      ...(group.includes('/') ? [invalid(groups.index(i), group, "resource group name can't contain '/'")] : []),
      ...labelName(group, groups.index(i)),
    ]),
    ...(strategy && !STRATEGIES.includes(strategy.type ?? '')
      ? [notSupported(at.child('type'), strategy.type ?? '', STRATEGIES)]
      : []),
    ...(strategy?.resources ?? []).flatMap(({ name, weight }, i) =>
      outside(weight || 1, 1, 100)
        ? [
            invalid(
              at.child('resources').index(i).child('weight'),
              weight,
              `resource weight of ${name} not in valid range (0, 100]`,
            ),
          ]
        : [],
    ),
    ...(strategy?.requestedToCapacityRatio
      ? shapeProblems(strategy.requestedToCapacityRatio.shape ?? [], at.child('shape'))
      : []),
  ];
}

/** Of arguments that are looked at only when the plugin is made. undefined: nothing. */
export const argumentProblem = (name: string, args: object | undefined): string | undefined =>
  name === 'NodeResourcesFit' && args ? asAggregate(fitProblems(args)) : undefined;

function spreadProblems(args: PodTopologySpreadArgs, at: Path): FieldError[] {
  const { defaultConstraints = [], defaultingType = 'System' } = args;
  const errors: FieldError[] = [];
  const typeAt = at.child('defaultingType');
  if (!['System', 'List'].includes(defaultingType)) {
    errors.push(notSupported(typeAt, defaultingType, ['System', 'List']));
  } else if (defaultingType === 'System' && defaultConstraints.length > 0) {
    errors.push(invalid(typeAt, defaultingType, 'when .defaultConstraints are not empty'));
  }
  const list = at.child('defaultConstraints');
  defaultConstraints.forEach(({ maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', labelSelector }, i) => {
    const place = list.index(i);
    if (maxSkew <= 0) errors.push(invalid(place.child('maxSkew'), maxSkew, 'not in valid range (0, inf)'));
    const keyAt = place.child('topologyKey');
    if (topologyKey === '') errors.push(required(keyAt, 'can not be empty'));
    else errors.push(...labelName(topologyKey, keyAt));
    const actionAt = place.child('whenUnsatisfiable');
    if (whenUnsatisfiable === '') errors.push(required(actionAt, 'can not be empty'));
    else if (!['DoNotSchedule', 'ScheduleAnyway'].includes(whenUnsatisfiable)) {
      errors.push(notSupported(actionAt, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']));
    }
    if (labelSelector) {
      const why = 'constraint must not define a selector, as they deduced for each pod';
      errors.push(forbidden(place.child('labelSelector'), why));
    }
    const same = (other: (typeof defaultConstraints)[number]) =>
      other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable;
    if (defaultConstraints.slice(0, i).some(same)) {
      errors.push(duplicate(place, `{${topologyKey}, ${whenUnsatisfiable}}`));
    }
  });
  return errors;
}

function affinityProblems({ addedAffinity }: NodeAffinityArgs, at: Path): FieldError[] {
  const demanded = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const preferred = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const inside = (field: string) => at.child('addedAffinity').child(field);
  return [
    ...demanded.flatMap((term, i) =>
      nodeSelectorTermProblems(
        term,
        inside('requiredDuringSchedulingIgnoredDuringExecution').child('nodeSelectorTerms').index(i),
      ),
    ),
    ...preferred.flatMap(({ preference }, i) =>
      nodeSelectorTermProblems(preference, inside('preferredDuringSchedulingIgnoredDuringExecution').index(i)),
    ),
  ];
}

function preemptionProblems(args: DefaultPreemptionArgs, at: Path): FieldError[] {
  const { minCandidateNodesPercentage: share = 10, minCandidateNodesAbsolute: number = 100 } = args;
  const [shareAt, numberAt] = [at.child('minCandidateNodesPercentage'), at.child('minCandidateNodesAbsolute')];
  const both = (other: string) => `cannot be zero at the same time as ${other}`;
  return [
    ...(outside(share, 0, 100) ? [invalid(shareAt, share, 'not in valid range [0, 100]')] : []),
    ...(number < 0 ? [invalid(numberAt, number, 'not in valid range [0, inf)')] : []),
    ...(share === 0 && number === 0
      ? [
          invalid(shareAt, share, both('minCandidateNodesAbsolute')),
          invalid(numberAt, number, both('minCandidateNodesPercentage')),
        ]
      : []),
  ];
}

function balancedProblems({ resources = [] }: NodeResourcesBalancedAllocationArgs, at: Path): FieldError[] {
  return resources.flatMap(({ name, weight }, i) => {
    const place = at.child('resources').index(i);
    const before = resources.slice(0, i).some((other) => other.name === name);
    return [
      ...(before ? [duplicate(place.child('name'), name)] : []),
      ...((weight || 1) === 1 ? [] : [invalid(place.child('weight'), weight, 'must be 1')]),
    ];
  });
}

/** Checked before any plugin is made. */
const ARGUMENTS: Readonly<Record<string, (args: object, at: Path) => FieldError[]>> = {
  DefaultPreemption: preemptionProblems,
  InterPodAffinity: ({ hardPodAffinityWeight: weight }: InterPodAffinityArgs, at) =>
    outside(weight, 0, 100) ? [invalid(at.child('hardPodAffinityWeight'), weight, 'not in valid range [0, 100]')] : [],
  NodeAffinity: affinityProblems,
  NodeResourcesBalancedAllocation: balancedProblems,
  PodTopologySpread: spreadProblems,
  VolumeBinding: ({ bindTimeoutSeconds: seconds = 0 }: VolumeBindingArgs, at) =>
    seconds < 0
      ? [invalid(at.child('bindTimeoutSeconds'), seconds, 'invalid BindTimeoutSeconds, should not be a negative value')]
      : [],
};

const REMOVED = `was invalid in version "v1" (KubeSchedulerConfiguration is version ${JSON.stringify(VERSION)})`;

function profileProblems(profile: ProfileConfiguration, at: Path, alone: boolean): FieldError[] {
  const { schedulerName, percentageOfNodesToScore: share, plugins = {}, pluginConfig = [] } = profile;
  const errors: FieldError[] = [];
  if (schedulerName === '' || (schedulerName === undefined && !alone)) errors.push(required(at.child('schedulerName')));
  if (outside(share, 0, 100)) {
    errors.push(invalid(at.child('percentageOfNodesToScore'), share, 'not in valid range [0-100]'));
  }
  for (const [point, { enabled = [] }] of Object.entries(plugins)) {
    if (point === 'multiPoint') continue;
    enabled.forEach(({ name }, i) => {
      const place = at.child('plugins').child(point).child('enabled').index(i);
      if (GONE.includes(name)) errors.push(invalid(place, name, REMOVED));
    });
  }
  pluginConfig.forEach(({ name, args }, i) => {
    const place = at.child('pluginConfig').index(i);
    if (pluginConfig.slice(0, i).some((other) => other.name === name)) errors.push(duplicate(place, name));
    if (GONE.includes(name)) errors.push(invalid(place, name, REMOVED));
    else errors.push(...(ARGUMENTS[name]?.(args ?? {}, place.child('args')) ?? []));
  });
  return errors;
}

export function configurationProblems(configuration: SchedulerConfiguration): FieldError[] {
  const { parallelism = 16, profiles = [], percentageOfNodesToScore: share } = configuration;
  const { podInitialBackoffSeconds: first = 1, podMaxBackoffSeconds: last = 10, leaderElection } = configuration;
  const errors: FieldError[] = [];
  const { leaderElect = true, resourceLock = 'leases' } = leaderElection ?? {};
  if (leaderElect && resourceLock !== 'leases') {
    const at = path('leaderElection', 'resourceLock');
    errors.push(invalid(at, resourceLock, 'resourceLock value must be "leases"'));
  }
  if (parallelism <= 0) {
    errors.push(invalid(path('parallelism'), parallelism, 'should be an integer value greater than zero'));
  }
  profiles.forEach((profile, i) => {
    const at = path('profiles').index(i);
    errors.push(...profileProblems(profile, at, profiles.length === 1));
    const before = profiles.slice(0, i).some((other) => other.schedulerName === profile.schedulerName);
    // the real one puts a path where the value belongs, which prints as nothing
    if (before) errors.push(duplicate(at.child('schedulerName'), {}));
  });
  if (outside(share, 0, 100)) {
    errors.push(invalid(path('percentageOfNodesToScore'), share, 'not in valid range [0-100]'));
  }
  if (first <= 0) errors.push(invalid(path('podInitialBackoffSeconds'), first, 'must be greater than 0'));
  if (last < first) {
    const why = 'must be greater than or equal to PodInitialBackoffSeconds';
    errors.push(invalid(path('podMaxBackoffSeconds'), last, why));
  }
  return errors;
}
