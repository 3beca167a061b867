import { amounts, podLimits, podRequests } from '../../api/pods.ts';
import { quantity } from '../../api/quantity.ts';
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  Pod,
  ResourceList,
} from '../../api/types.ts';
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { objectOf, refuse } from '../request.ts';
import { maxConstraint, maxRequestConstraint, minConstraint, ratioConstraint, type Asked } from './constraints.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

const limitRanges = ({ store }: AdmissionContext, namespace: string) =>
  store.list<LimitRange>('limitranges', namespace);

/** Of several items for containers the last one counts. */
function containerDefaults({ spec }: LimitRange): { requests: ResourceList; limits: ResourceList } {
  const items = (spec?.limits ?? []).filter(({ type }) => type === 'Container');
  return {
    requests: Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest)) as ResourceList,
    limits: Object.assign({}, ...items.map((item) => item.default)) as ResourceList,
  };
}

/** What was set, as the annotation says it: `cpu, memory request for container web`. */
function fill(container: Container, defaults: ReturnType<typeof containerDefaults>, what: string): string[] {
  const set: string[] = [];
  for (const [list, word] of [
    ['requests', 'request'],
    ['limits', 'limit'],
  ] as const) {
    const given = container.resources?.[list] ?? {};
    const names = Object.keys(defaults[list]).filter((name) => given[name] === undefined);
    if (names.length === 0) continue;
    container.resources = { ...container.resources, [list]: { ...defaults[list], ...given } };
    set.push(`${names.sort().join(', ')} ${word} for ${what} ${container.name}`);
  }
  return set;
}

function fillPod(pod: Pod, limitRange: LimitRange): void {
  const defaults = containerDefaults(limitRange);
  const set = [
    ...(pod.spec?.containers ?? []).flatMap((container) => fill(container, defaults, 'container')),
    ...(pod.spec?.initContainers ?? []).flatMap((container) => fill(container, defaults, 'init container')),
  ];
  if (set.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${set.join('; ')}`,
  };
}

const bounds = (list: ResourceList | undefined) =>
  Object.entries(list ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => [name, quantity(text)] as const);

function violations(item: LimitRangeItem, asked: Asked, max = maxConstraint): string[] {
  return [
    ...bounds(item.min).map(([name, bound]) => minConstraint(item.type, name, bound, asked)),
    ...bounds(item.max).map(([name, bound]) => max(item.type, name, bound, asked)),
    ...bounds(item.maxLimitRequestRatio).map(([name, bound]) => ratioConstraint(item.type, name, bound, asked)),
  ].filter((sentence) => sentence !== undefined);
}

function podViolations(pod: Pod, item: LimitRangeItem): string[] {
  if (item.type === 'Pod') {
    // overhead is not the pod's own wish, and not counted here
    const { overhead: _overhead, ...spec } = pod.spec ?? { containers: [] };
    return violations(item, { requests: podRequests({ spec }), limits: podLimits({ spec }) });
  }
  if (item.type !== 'Container') return [];
  return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].flatMap(({ resources }) =>
    violations(item, { requests: amounts(resources?.requests), limits: amounts(resources?.limits) }),
  );
}

function claimViolations({ spec }: PersistentVolumeClaim, item: LimitRangeItem): string[] {
  if (item.type !== 'PersistentVolumeClaim') return [];
  const asked = { requests: amounts(spec?.resources?.requests), limits: new Map() };
  return violations({ ...item, maxLimitRequestRatio: {} }, asked, maxRequestConstraint);
}

/** @throws StatusError of the first LimitRange that is violated, with all its violations */
function check(
  request: AdmissionRequest,
  context: AdmissionContext,
  violationsOf: (item: LimitRangeItem) => string[],
): void {
  for (const { spec } of limitRanges(context, request.namespace)) {
    const sentences = [...new Set((spec?.limits ?? []).flatMap(violationsOf))];
    if (sentences.length === 1) throw refuse(request, sentences[0] ?? '');
    if (sentences.length > 1) throw refuse(request, `[${sentences.join(', ')}]`);
  }
}

/** Fills in and enforces the LimitRanges of a namespace. Containers of a pod don't change later, so pods are looked at once. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  mutate(request, context) {
    const pod = objectOf<Pod>(request, 'pods', 'CREATE');
    if (pod) for (const limitRange of limitRanges(context, request.namespace)) fillPod(pod, limitRange);
  },
  validate(request, context) {
    if (request.old?.metadata.deletionTimestamp) return;
    const pod = objectOf<Pod>(request, 'pods', 'CREATE');
    if (pod) check(request, context, (item) => podViolations(pod, item));
    const claim = objectOf<PersistentVolumeClaim>(request, 'persistentvolumeclaims', 'CREATE', 'UPDATE');
    if (claim) check(request, context, (item) => claimViolations(claim, item));
  },
};
