/** What a pod may be made of, and what may change in one that exists. */
import { equal } from '../../../api/merge.ts';
import { dns1123Subdomain, qualifiedName } from '../../../api/names.ts';
import { forbidden, invalid, path, required, type FieldError, type Path } from '../../../api/field.ts';
import type { Affinity, Container, ContainerStatus, NodeSelectorTerm, Pod, PodSpec } from '../../../api/types.ts';
import {
  MIRROR,
  validatePodAnnotations,
  validatePodAnnotationUpdate,
  validateProfilesMatch,
} from '../../pod-spec/annotations.ts';
import { shownPodSpec } from '../../pod-spec/internal-values.ts';
import { each, inclusiveRange, MAX_INT32 } from '../../pod-spec/scalars.ts';
import { validateTolerations } from '../../pod-spec/scheduling.ts';
import { prettyLines } from '../../storage/internal-form.ts';
import { unifiedDiff } from '../../storage/unified-diff.ts';
import { validatePodImages, validatePodSpec } from '../../pod-spec/validation.ts';

const SPEC = path('spec');
const ANNOTATIONS = path('metadata', 'annotations');
const NOTHING: PodSpec = { containers: [] };

/** A token in a volume needs the account it is for. */
function validateTokens(spec: PodSpec): FieldError[] {
  if (spec.serviceAccountName) return [];
  return (spec.volumes ?? []).flatMap((volume, position) =>
    (volume.projected?.sources ?? []).flatMap((source, which) =>
      source.serviceAccountToken
        ? [
            forbidden(
              SPEC.child('volumes')
                .index(position)
                .child('projected', 'sources')
                .index(which)
                .child('serviceAccountToken'),
              'must not be specified when serviceAccountName is not set',
            ),
          ]
        : [],
    ),
  );
}

const validateSpec = (pod: Pod): FieldError[] => {
  const spec = pod.spec ?? NOTHING;
  return [
    ...validatePodSpec(spec, pod.metadata.name, SPEC, pod.metadata.annotations?.[MIRROR] !== undefined),
    ...validateTokens(spec),
    ...validatePodImages(spec, SPEC),
  ];
};

export function validatePod(pod: Pod): FieldError[] {
  const spec = pod.spec ?? NOTHING;
  const errors = [...validatePodAnnotations(pod.metadata.annotations, spec, ANNOTATIONS), ...validateSpec(pod)];
  if ((spec.ephemeralContainers ?? []).length > 0)
    errors.push(forbidden(SPEC.child('ephemeralContainers'), 'cannot be set on create'));
  if (spec.nodeName && (spec.schedulingGates ?? []).length > 0)
    errors.push(forbidden(SPEC.child('nodeName'), 'cannot be set until all schedulingGates have been cleared'));
  return [...errors, ...validateProfilesMatch(pod.metadata.annotations, spec, SPEC)];
}

const UPDATABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Undefined when the lists cannot be compared one by one. */
function validateImages(
  containers: readonly Container[],
  old: readonly Container[],
  at: Path,
): FieldError[] | undefined {
  if (containers.length !== old.length) return undefined;
  return containers.flatMap(({ image = '' }, position) => {
    const here = at.index(position).child('image');
    if (image === '') return [required(here)];
    return image.trim() === image ? [] : [invalid(here, image, 'must not have leading or trailing whitespace')];
  });
}

/** Only ever shorter, and never gone. `stop`: nothing else is looked at. */
function validateDeadline(now: number | undefined, old: number | undefined): { errors: FieldError[]; stop: boolean } {
  const at = SPEC.child('activeDeadlineSeconds');
  if (now === undefined)
    return {
      errors: old === undefined ? [] : [invalid(at, null, 'must not update from a positive integer to nil value')],
      stop: false,
    };
  if (now < 0 || now > MAX_INT32) return { errors: [invalid(at, now, inclusiveRange(0, MAX_INT32))], stop: true };
  return old !== undefined && old < now
    ? { errors: [invalid(at, now, 'must be less than or equal to previous value')], stop: true }
    : { errors: [], stop: false };
}

function validateAddedTolerations(spec: PodSpec, old: PodSpec): FieldError[] {
  const at = SPEC.child('tolerations');
  const now = spec.tolerations ?? [];
  for (const toleration of old.tolerations ?? []) {
    const kept = now.some((one) => equal({ ...toleration, tolerationSeconds: one.tolerationSeconds }, one));
    if (!kept) return [forbidden(at, 'existing toleration can not be modified except its tolerationSeconds')];
  }
  return validateTolerations(now, at);
}

function validateGates(spec: PodSpec, old: PodSpec): FieldError[] {
  const before = new Set((old.schedulingGates ?? []).map(({ name }) => name));
  return (spec.schedulingGates ?? []).flatMap(({ name }, position) =>
    before.has(name)
      ? []
      : [
          forbidden(
            SPEC.child('schedulingGates').index(position).child('name'),
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  );
}

const onlyAdded = <T>(now: readonly T[] = [], old: readonly T[] = []) => equal(now.slice(0, old.length), old);

function termOnlyGrew(now: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const wasEmpty = (old.matchExpressions ?? []).length + (old.matchFields ?? []).length === 0;
  if (wasEmpty) return (now.matchExpressions ?? []).length + (now.matchFields ?? []).length === 0;
  return onlyAdded(now.matchExpressions, old.matchExpressions) && onlyAdded(now.matchFields, old.matchFields);
}

/** While gates hold a pod back, where it may run can still be narrowed. */
function validateNarrowing(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  const selector = spec.nodeSelector ?? {};
  if (Object.entries(old.nodeSelector ?? {}).some(([key, value]) => selector[key] !== value))
    errors.push(
      invalid(
        SPEC.child('nodeSelector'),
        spec.nodeSelector,
        'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ),
    );
  const terms = (affinity: Affinity | undefined) =>
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const before = terms(old.affinity);
  const now = terms(spec.affinity);
  const at = SPEC.child(
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
  if (before.length > 0 && before.length !== now.length)
    return [...errors, invalid(at, now, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  for (const [position, term] of before.entries()) {
    const changed = now[position];
    if (changed && !termOnlyGrew(changed, term))
      errors.push(invalid(at.index(position), changed, 'only additions are allowed (no mutations or deletions)'));
  }
  return errors;
}

function withNodeAffinityOf(affinity: Affinity | undefined, old: Affinity | undefined): Affinity | undefined {
  const merged = { ...affinity, nodeAffinity: old?.nodeAffinity };
  const isEmpty = !merged.nodeAffinity && !merged.podAffinity && !merged.podAntiAffinity;
  return isEmpty && old === undefined ? undefined : merged;
}

/** The spec with everything that may change set back to what it was. */
function withoutAllowedChanges(spec: PodSpec, old: PodSpec): PodSpec {
  const image = (containers: readonly Container[], before: readonly Container[] | undefined) =>
    containers.map((container, position) => ({ ...container, image: before?.[position]?.image }));
  const result: PodSpec = {
    ...spec,
    containers: image(spec.containers, old.containers),
    initContainers: spec.initContainers && image(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
  };
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1)
    result.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds;
  if ((old.schedulingGates ?? []).length > 0) {
    result.nodeSelector = old.nodeSelector;
    result.affinity = withNodeAffinityOf(spec.affinity, old.affinity);
  }
  return result;
}

const lines = (spec: PodSpec) => prettyLines(shownPodSpec(spec));

export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const spec = pod.spec ?? NOTHING;
  const before = old.spec ?? NOTHING;
  const errors = [
    ...validatePodAnnotations(pod.metadata.annotations, spec, ANNOTATIONS),
    ...validateSpec(pod),
    ...validatePodAnnotationUpdate(pod.metadata.annotations ?? {}, old.metadata.annotations ?? {}, spec, ANNOTATIONS),
  ];
  for (const kind of ['containers', 'initContainers'] as const) {
    const images = validateImages(spec[kind] ?? [], before[kind] ?? [], SPEC.child(kind));
    if (!images) return [...errors, forbidden(SPEC.child(kind), 'pod updates may not add or remove containers')];
    errors.push(...images);
  }
  const deadline = validateDeadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  errors.push(...validateAddedTolerations(spec, before), ...validateGates(spec, before));
  if (equal(spec, before)) return errors;
  if ((before.schedulingGates ?? []).length > 0) errors.push(...validateNarrowing(spec, before));
  const munged = withoutAllowedChanges(spec, before);
  if (!equal(munged, before))
    errors.push(forbidden(SPEC, `${UPDATABLE}\n${unifiedDiff(lines(before), lines(munged))}`));
  return errors;
}

/** Debugging containers are added one by one and never change. */
export function validateEphemeralUpdate(pod: Pod, old: Pod): FieldError[] {
  if (old.metadata.annotations?.[MIRROR] !== undefined)
    return [forbidden(path(''), 'static pods do not support ephemeral containers')];
  const at = SPEC.child('ephemeralContainers');
  const now = pod.spec?.ephemeralContainers ?? [];
  const errors = validateSpec(pod);
  for (const container of old.spec?.ephemeralContainers ?? []) {
    const kept = now.find(({ name }) => name === container.name);
    const name = JSON.stringify(container.name);
    if (!kept) errors.push(forbidden(at, `existing ephemeral containers ${name} may not be removed\n`));
    else if (!equal(kept, container))
      errors.push(forbidden(at, `existing ephemeral containers ${name} may not be changed\n`));
  }
  return errors;
}

/** Whether a container that ended so is started again. */
function restarts(container: Container | undefined, spec: PodSpec, exitCode: number): boolean {
  for (const { action, exitCodes } of container?.restartPolicyRules ?? []) {
    const listed = (exitCodes?.values ?? []).includes(exitCode);
    if (exitCodes && action === 'Restart' && (exitCodes.operator === 'In') === listed) return true;
  }
  const policy = container?.restartPolicy ?? spec.restartPolicy;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

function validateRevival(
  now: readonly ContainerStatus[] = [],
  old: readonly ContainerStatus[] = [],
  mayRestart: (name: string, exitCode: number) => boolean,
  at: Path,
): FieldError[] {
  return old.flatMap(({ name, state }, position) => {
    const status = now.find((one) => one.name === name);
    if (!state?.terminated || !status || status.state?.terminated) return [];
    return mayRestart(name, state.terminated.exitCode)
      ? []
      : [forbidden(at.index(position).child('state'), 'may not be transitioned to non-terminated state')];
  });
}

const SYSTEM_CONDITIONS = ['PodScheduled', 'Ready', 'Initialized'];

export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const at = path('status');
  const spec = old.spec ?? NOTHING;
  const now = pod.status ?? {};
  const before = old.status ?? {};
  const errors = validatePodAnnotationUpdate(
    pod.metadata.annotations ?? {},
    old.metadata.annotations ?? {},
    spec,
    ANNOTATIONS,
  );
  for (const [position, { type }] of (now.conditions ?? []).entries())
    if (!SYSTEM_CONDITIONS.includes(type))
      errors.push(...each(at.child('conditions').index(position).child('Type'), type, qualifiedName));
  const nominated = now.nominatedNodeName;
  if (nominated && nominated !== before.nominatedNodeName) {
    errors.push(...each(at.child('nominatedNodeName'), nominated, dns1123Subdomain));
    if (spec.nodeName)
      errors.push(forbidden(at.child('nominatedNodeName'), 'may not be set on pods that are already bound to a node'));
  }
  if (now.qosClass !== before.qosClass) errors.push(invalid(at.child('qosClass'), now.qosClass, 'field is immutable'));
  const find = (containers: readonly Container[] | undefined, name: string) =>
    containers?.find((container) => container.name === name);
  return [
    ...errors,
    ...validateRevival(
      now.containerStatuses,
      before.containerStatuses,
      (name, exitCode) => restarts(find(spec.containers, name), spec, exitCode),
      at.child('containerStatuses'),
    ),
    ...validateRevival(
      now.initContainerStatuses,
      before.initContainerStatuses,
      (name, exitCode) => restarts(find(spec.initContainers, name), spec, exitCode),
      at.child('initContainerStatuses'),
    ),
    ...validateRevival(
      now.ephemeralContainerStatuses,
      before.ephemeralContainerStatuses,
      () => false,
      at.child('ephemeralContainerStatuses'),
    ),
  ];
}
