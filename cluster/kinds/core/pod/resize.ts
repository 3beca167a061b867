/** The subresource `resize`: CPU and memory of running containers. */
import { equal } from '../../../api/merge.ts';
import { forbidden, invalid, path, type FieldError } from '../../../api/field.ts';
import { qosClass } from '../../../api/pods.ts';
import type { Container, Pod, PodSpec, ResourceList, ResourceRequirements } from '../../../api/types.ts';
import { MIRROR } from '../../pod-spec/annotations.ts';
import { validatePodImages, validatePodSpec } from '../../pod-spec/validation.ts';

const SPEC = path('spec');
const KINDS = ['containers', 'initContainers'] as const;

const sameNames = (now: readonly Container[], old: readonly Container[]) =>
  now.length === old.length && now.every(({ name }, position) => name === old[position]?.name);

/** The old spec with the resources that were asked for; as it came when containers do not match: validation refuses it. */
export function resizeTarget(asked: PodSpec, old: PodSpec): PodSpec {
  const result = structuredClone(old);
  for (const kind of KINDS) {
    const now = asked[kind] ?? [];
    const before = result[kind] ?? [];
    if (!sameNames(now, before)) return asked;
    for (const [position, { resources, resizePolicy }] of now.entries())
      Object.assign(before[position] ?? {}, { resources, ...(resizePolicy && { resizePolicy }) });
  }
  return result;
}

function validateNames(spec: PodSpec, old: PodSpec): FieldError[] {
  return KINDS.flatMap((kind) => {
    const now = spec[kind] ?? [];
    const before = old[kind] ?? [];
    if (now.length !== before.length)
      return [forbidden(SPEC.child(kind), `${kind} may not be added or removed on resize`)];
    return now.flatMap(({ name }, position) =>
      name === before[position]?.name
        ? []
        : [
            forbidden(
              SPEC.child(kind).index(position).child('name'),
              `${kind} may not be renamed or reordered on resize`,
            ),
          ],
    );
  });
}

const lost = (now: ResourceList = {}, old: ResourceList = {}) => Object.keys(old).some((name) => !(name in now));

function others(amounts: ResourceList | undefined): ResourceList {
  const { cpu: _cpu, memory: _memory, ...rest } = amounts ?? {};
  return rest;
}
/** All of a container but its CPU and memory. */
const withoutSizes = ({ resources, ...container }: Container) => ({
  ...container,
  limits: others(resources?.limits),
  requests: others(resources?.requests),
});

function validateRemoved(now: ResourceRequirements | undefined, old: ResourceRequirements | undefined, at: string) {
  const errors: FieldError[] = [];
  if (lost(now?.requests, old?.requests))
    errors.push(forbidden(path(`${at}.requests`), 'resource requests cannot be removed'));
  if (lost(now?.limits, old?.limits)) errors.push(forbidden(path(`${at}.limits`), 'resource limits cannot be removed'));
  return errors;
}

function validateSizes(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  const changed: FieldError[] = [];
  for (const kind of ['initContainers', 'containers'] as const)
    for (const [position, before] of (old[kind] ?? []).entries()) {
      const now = spec[kind]?.[position];
      if (!now) continue;
      const isSidecar = before.restartPolicy === 'Always';
      if (kind === 'initContainers' && !isSidecar) {
        if (!equal(now, before))
          changed.push(forbidden(SPEC, 'resources for non-sidecar init containers are immutable'));
        continue;
      }
      errors.push(
        ...validateRemoved(now.resources, before.resources, `${String(SPEC.child(kind).index(position))}.resources`),
      );
      if (!equal(withoutSizes(now), withoutSizes(before)))
        changed.push(
          forbidden(
            SPEC,
            isSidecar && kind === 'initContainers'
              ? 'only cpu and memory resources for sidecar containers are mutable'
              : 'only cpu and memory resources are mutable',
          ),
        );
    }
  return [...errors, ...changed];
}

const hasOwnResources = (spec: PodSpec) =>
  Object.keys({ ...spec.resources?.requests, ...spec.resources?.limits }).length > 0;

/** Nodes that cannot resize report no resources in the status of their containers. */
const canResize = (pod: Pod) => {
  const running = pod.status?.containerStatuses?.find(({ state }) => state?.running);
  return running === undefined || running.resources !== undefined;
};

export function validateResize(pod: Pod, old: Pod): FieldError[] {
  const spec = pod.spec ?? { containers: [] };
  const before = old.spec ?? { containers: [] };
  if (old.metadata.annotations?.[MIRROR] !== undefined) return [forbidden(path(''), 'static pods cannot be resized')];
  if (before.os?.name === 'windows') return [forbidden(path(''), 'windows pods cannot be resized')];
  const errors = [...validatePodSpec(spec, pod.metadata.name, SPEC), ...validatePodImages(spec, SPEC)];
  const qos = old.status?.qosClass ?? qosClass(old);
  if (qos !== qosClass(pod))
    errors.push(invalid(SPEC, pod.status?.qosClass ?? qos, 'Pod QOS Class may not change as a result of resizing'));
  if (!canResize(old)) errors.push(forbidden(SPEC, 'Pod running on node without support for resize'));
  if (hasOwnResources(before) || hasOwnResources(spec))
    return [
      ...errors,
      forbidden(
        path(''),
        'resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled',
      ),
    ];
  const names = validateNames(spec, before);
  return names.length > 0 ? [...errors, ...names] : [...errors, ...validateSizes(spec, before)];
}
