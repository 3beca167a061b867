/**
 * What objects cost: the one place that measures usage, for admission (which charges a request) and for the quota
 * controller (which counts what is there).
 */
import { addAmounts, amounts, podLimits, podRequests, qosClass, type Amounts } from './pods.ts';
import { quantity, Quantity } from './quantity.ts';
import type { KubeObject, PersistentVolumeClaim, Pod, ResourceList, ResourceQuota, Service } from './types.ts';

export type QuotaSpec = NonNullable<ResourceQuota['spec']>;
export type ScopeRequirement = NonNullable<NonNullable<QuotaSpec['scopeSelector']>['matchExpressions']>[number];

/** Measures objects of one resource. */
export interface QuotaEvaluator {
  /** Whether it is the one to count `name`, a key of a quota's `hard`. */
  counts(name: string): boolean;
  /** All that the object costs, whatever quotas exist. `now` in milliseconds. */
  usage(object: KubeObject, now: number): Amounts;
  inScope(requirement: ScopeRequirement, object: KubeObject): boolean;
  /** What the object must specify to be counted under these names; undefined when it does. */
  missing?(names: readonly string[], object: KubeObject): string | undefined;
}

const ONE = Quantity.ofValue(1);
const ZERO = Quantity.ofValue(0);
const EXTENDED_PREFIX = 'requests.';
const HUGE_PAGES = 'hugepages-';
const DEVICE_CLASS = 'deviceclass.resource.kubernetes.io/';

/** Unprefixed names and those under kubernetes.io. */
const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');

/* Pods */

const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'];
const POD_NAMES = new Set([
  'count/pods',
  'pods',
  ...COMPUTE,
  ...COMPUTE.map((name) => `requests.${name}`),
  ...COMPUTE.map((name) => `limits.${name}`),
]);
/** Under a quota for one of these, every container must say how much. */
const DEMANDED = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const usage: Amounts = new Map([['pods', ONE]]);
  for (const name of COMPUTE) {
    const request = requests.get(name);
    const limit = limits.get(name);
    if (request) usage.set(name, request).set(`requests.${name}`, request);
    if (limit) usage.set(`limits.${name}`, limit);
  }
  for (const [name, request] of requests) {
    if (name.startsWith(HUGE_PAGES)) usage.set(name, request).set(EXTENDED_PREFIX + name, request);
    else if (!isNative(name) || name.startsWith(DEVICE_CLASS)) usage.set(EXTENDED_PREFIX + name, request);
  }
  return usage;
}

/** Pods that ended, or that are stuck in their end (their node is gone), are not charged for compute. */
function isCharged({ metadata, status }: Pod, now: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

const hasDeadline = (pod: Pod) => (pod.spec?.activeDeadlineSeconds ?? -1) >= 0;

function crossesNamespaces({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity].some((affinity) =>
    [
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => one.podAffinityTerm),
    ].some(({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined),
  );
}

/** `value` '' counts as not set. */
function valueInScope({ operator, values = [] }: ScopeRequirement, value: string): boolean {
  switch (operator) {
    case 'Exists':
      return value !== '';
    case 'DoesNotExist':
      return value === '';
    case 'In':
      return value !== '' && values.includes(value);
    case 'NotIn':
      return value === '' || !values.includes(value);
    default:
      return false;
  }
}

function podInScope(requirement: ScopeRequirement, pod: Pod): boolean {
  switch (requirement.scopeName) {
    case 'Terminating':
      return hasDeadline(pod);
    case 'NotTerminating':
      return !hasDeadline(pod);
    case 'BestEffort':
      return qosClass(pod) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(pod) !== 'BestEffort';
    case 'PriorityClass':
      return valueInScope(requirement, pod.spec?.priorityClassName ?? '');
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(pod);
    default:
      return false;
  }
}

function podMissing(names: readonly string[], { spec }: Pod): string | undefined {
  // with resources for the pod as a whole, containers need not say anything
  if (Object.keys(spec?.resources ?? {}).length > 0) return undefined;
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const missing = DEMANDED.filter((name) => names.includes(name))
    .sort()
    .map((name) => {
      const silent = containers.filter(({ resources }) => {
        return !computeUsage(amounts(resources?.requests), amounts(resources?.limits)).has(name);
      });
      return { name, silent: [...new Set(silent.map((container) => container.name))].sort() };
    })
    .filter(({ silent }) => silent.length > 0);
  if (missing.length === 0) return undefined;
  return `must specify ${missing.map(({ name, silent }) => `${name} for: ${silent.join(',')}`).join('; ')}`;
}

const pods: QuotaEvaluator = {
  counts: (name) =>
    POD_NAMES.has(name) ||
    name.startsWith(HUGE_PAGES) ||
    name.startsWith(EXTENDED_PREFIX + HUGE_PAGES) ||
    (name.startsWith(EXTENDED_PREFIX) &&
      (!isNative(name.slice(EXTENDED_PREFIX.length)) || name.startsWith(EXTENDED_PREFIX + DEVICE_CLASS))),
  usage(object, now) {
    const pod = object as Pod;
    const usage: Amounts = new Map([['count/pods', ONE]]);
    if (isCharged(pod, now)) addAmounts(usage, computeUsage(podRequests(pod), podLimits(pod)));
    return usage;
  },
  inScope: (requirement, object) => podInScope(requirement, object),
  missing: (names, object) => podMissing(names, object),
};

/* Services */

const SERVICE_NAMES = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];

const isBalanced = ({ spec }: Service) => spec?.type === 'LoadBalancer';

function nodePorts({ spec }: Service): number {
  const ports = spec?.ports ?? [];
  if (spec?.type === 'NodePort') return ports.length;
  if (spec?.type !== 'LoadBalancer') return 0;
  return spec.allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort).length : ports.length;
}

const services: QuotaEvaluator = {
  counts: (name) => SERVICE_NAMES.includes(name),
  usage: (object) =>
    new Map([
      ['count/services', ONE],
      ['services', ONE],
      ['services.nodeports', Quantity.ofValue(nodePorts(object))],
      ['services.loadbalancers', isBalanced(object) ? ONE : ZERO],
    ]),
  inScope: () => false,
};

/* Claims */

const CLAIM_NAMES = ['persistentvolumeclaims', 'requests.storage'];
/** `gold.storageclass.storage.k8s.io/requests.storage` */
const CLASS_SUFFIX = '.storageclass.storage.k8s.io/';
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/** The greater of what is asked for and what an expansion has got already, in whole bytes. */
function storageUsage({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const text = spec?.resources?.requests?.['storage'];
  if (text === undefined) return undefined;
  const asked = quantity(text);
  const allocated = status?.allocatedResources?.['storage'];
  const most = allocated !== undefined && quantity(allocated).cmp(asked) > 0 ? quantity(allocated) : asked;
  const whole = Quantity.ofValue(most.value(), most.format);
  return whole.cmp(most) === 0 ? most : whole;
}

function attributesClasses({ spec, status }: PersistentVolumeClaim): string[] {
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return names.filter((name): name is string => Boolean(name));
}

const claims: QuotaEvaluator = {
  counts: (name) =>
    name === 'count/persistentvolumeclaims' ||
    CLAIM_NAMES.includes(name) ||
    CLAIM_NAMES.some((one) => name.endsWith(CLASS_SUFFIX + one)),
  usage(object) {
    const claim = object as PersistentVolumeClaim;
    const { metadata, spec } = claim;
    const className = metadata.annotations?.[CLASS_ANNOTATION] ?? spec?.storageClassName ?? '';
    const usage: Amounts = new Map([
      ['persistentvolumeclaims', ONE],
      ['count/persistentvolumeclaims', ONE],
    ]);
    const storage = storageUsage(claim);
    if (className) usage.set(`${className}${CLASS_SUFFIX}persistentvolumeclaims`, ONE);
    if (storage) usage.set('requests.storage', storage);
    if (storage && className) usage.set(`${className}${CLASS_SUFFIX}requests.storage`, storage);
    return usage;
  },
  inScope(requirement, object) {
    if (requirement.scopeName !== 'VolumeAttributesClass') return false;
    const names = attributesClasses(object);
    return names.length === 0 ? valueInScope(requirement, '') : names.some((name) => valueInScope(requirement, name));
  },
};

/* Everything else: one is one */

/** Counted under a name of their own since before there was `count/`. */
const ALIASED = ['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'];
/** Never stored, or never counted. */
const IGNORED = new Set([
  'bindings',
  'componentstatuses',
  'events',
  'events.events.k8s.io',
  'tokenreviews.authentication.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
  'subjectaccessreviews.authorization.k8s.io',
  'selfsubjectaccessreviews.authorization.k8s.io',
  'localsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
]);
const COUNT_PREFIX = 'count/';

function objectCount(resource: string): QuotaEvaluator {
  const names = [COUNT_PREFIX + resource, ...(ALIASED.includes(resource) ? [resource] : [])];
  return {
    counts: (name) => names.includes(name),
    usage: () => new Map(names.map((name) => [name, ONE])),
    inScope: () => false,
  };
}

const SPECIAL: Record<string, QuotaEvaluator> = { pods, services, persistentvolumeclaims: claims };

/** `resource` by its full name (`deployments.apps`). undefined: never counted. */
export const evaluatorFor = (resource: string): QuotaEvaluator | undefined =>
  IGNORED.has(resource) ? undefined : (SPECIAL[resource] ?? objectCount(resource));

/** All the scopes an object must be in to be counted by a quota. */
export const scopesOf = ({ scopes, scopeSelector }: QuotaSpec): ScopeRequirement[] => [
  ...(scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
  ...(scopeSelector?.matchExpressions ?? []),
];

export const writeAmounts = (list: Amounts): ResourceList =>
  Object.fromEntries([...list].map(([name, amount]) => [name, amount.toString()]));

/**
 * What a quota's status.used should say: for each name of spec.hard that something counts, the sum over `objectsOf`
 * (all objects of a resource, by its full name, in the quota's namespace; undefined: there is no such resource, and nothing
 * to say about it). `now` in milliseconds.
 */
export function quotaUsage(
  quota: ResourceQuota,
  objectsOf: (resource: string) => readonly KubeObject[] | undefined,
  now: number,
): ResourceList {
  const names = Object.keys(quota.spec?.hard ?? {});
  const counted = names.filter((name) => name.startsWith(COUNT_PREFIX)).map((name) => name.slice(COUNT_PREFIX.length));
  const used: Amounts = new Map();
  for (const resource of new Set([...Object.keys(SPECIAL), ...ALIASED, ...counted])) {
    const evaluator = evaluatorFor(resource);
    const relevant = names.filter((name) => evaluator?.counts(name));
    const objects = relevant.length === 0 ? undefined : objectsOf(resource);
    if (!evaluator || !objects) continue;
    for (const name of relevant) used.set(name, ZERO);
    for (const object of objects) {
      if (!scopesOf(quota.spec ?? {}).every((scope) => evaluator.inScope(scope, object))) continue;
      const usage = evaluator.usage(object, now);
      addAmounts(used, new Map([...usage].filter(([name]) => relevant.includes(name))));
    }
  }
  return writeAmounts(used);
}
