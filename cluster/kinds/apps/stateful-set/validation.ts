import { validateAnnotations, validateLabels } from '../../../api/names.ts';
import { equal } from '../../../api/merge.ts';
import { forbidden, invalid, notSupported, path, required, type FieldError } from '../../../api/field.ts';
import type { StatefulSet, Volume } from '../../../api/types.ts';
import { validateClaimSpec } from '../../core/persistent-volume-claim/validation.ts';
import { validatePodAnnotations } from '../../pod-spec/annotations.ts';
import { label, nonNegative } from '../../pod-spec/scalars.ts';
import { validatePodTemplateSpec } from '../../pod-spec/validation.ts';
import { amountOf, atMostAll, validateIntOrPercent } from '../int-or-percent.ts';
import { isUsable, validateLongRunning, validateMatch, validateSelector } from '../pod-template.ts';

export type Spec = NonNullable<StatefulSet['spec']>;

const SPEC = path('spec');

function validatePolicies(spec: Spec): FieldError[] {
  const errors: FieldError[] = [];
  const management = spec.podManagementPolicy;
  if (!management) errors.push(required(SPEC.child('podManagementPolicy')));
  else if (management !== 'OrderedReady' && management !== 'Parallel')
    errors.push(invalid(SPEC.child('podManagementPolicy'), management, "must be 'OrderedReady' or 'Parallel'"));
  const at = SPEC.child('updateStrategy');
  const { type, rollingUpdate: rolling } = spec.updateStrategy ?? {};
  const shown = rolling && { Partition: rolling.partition ?? 0, MaxUnavailable: rolling.maxUnavailable ?? null };
  if (!type) errors.push(required(at));
  else if (type === 'OnDelete') {
    if (shown)
      errors.push(invalid(at.child('rollingUpdate'), shown, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type === 'RollingUpdate') {
    if (rolling) errors.push(...nonNegative(rolling.partition, at.child('rollingUpdate', 'partition')));
    const most = rolling?.maxUnavailable;
    const unavailable = at.child('rollingUpdate', 'maxUnavailable');
    if (most !== undefined) {
      errors.push(...validateIntOrPercent(most, unavailable));
      if (amountOf(most) === 0) errors.push(invalid(unavailable, most, 'cannot be 0'));
      errors.push(...atMostAll(most, unavailable));
    }
  } else
    errors.push(invalid(at, { Type: type, RollingUpdate: shown ?? null }, "must be 'RollingUpdate' or 'OnDelete'"));
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    const policy = spec.persistentVolumeClaimRetentionPolicy?.[when];
    if (policy !== undefined && policy !== 'Retain' && policy !== 'Delete')
      errors.push(notSupported(SPEC.child('persistentVolumeClaimRetentionPolicy', when), policy, ['Retain', 'Delete']));
  }
  return errors;
}

const validateClaims = (spec: Spec): FieldError[] =>
  (spec.volumeClaimTemplates ?? []).flatMap(({ spec: claim }, position) =>
    validateClaimSpec(claim ?? {}, SPEC.child('volumeClaimTemplates').index(position).child('spec')),
  );

/** Claims become volumes of the pods; hostname and subdomain are set for each of them later. */
function templateAsRun(spec: Spec) {
  const names = new Set((spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? ''));
  const claims = [...names].map((name): Volume => ({ name, persistentVolumeClaim: { claimName: name } }));
  const template = spec.template ?? {};
  const inner = template.spec ?? { containers: [] };
  const own = (inner.volumes ?? []).filter(({ name }) => !names.has(name));
  return {
    ...template,
    spec: { ...inner, volumes: [...claims, ...own], hostname: undefined, subdomain: undefined },
  };
}

/** `isUpdate`: what cannot change any more is not looked at again. */
function validateSpec(spec: Spec, isUpdate: boolean): FieldError[] {
  const at = SPEC.child('template');
  const template = templateAsRun(spec);
  const errors = validatePolicies(spec);
  if (!isUpdate) errors.push(...validateClaims(spec));
  errors.push(
    ...nonNegative(spec.replicas, SPEC.child('replicas')),
    ...nonNegative(spec.minReadySeconds, SPEC.child('minReadySeconds')),
    ...nonNegative(spec.ordinals?.start, SPEC.child('ordinals.start')),
  );
  if (!isUpdate && spec.serviceName) errors.push(...label(spec.serviceName, SPEC.child('serviceName')));
  errors.push(...validateSelector(spec.selector, 'statefulset', SPEC.child('selector')));
  if (isUsable(spec.selector))
    errors.push(
      ...validateMatch(spec.selector, template, at),
      ...validatePodTemplateSpec(template, at),
      // what follows has been looked at already: the real server tells these problems twice
      ...validateLabels(template.metadata?.labels, at.child('labels')),
      ...validateAnnotations(template.metadata?.annotations, at.child('annotations')),
      ...validatePodAnnotations(template.metadata?.annotations, template.spec, at.child('annotations')),
    );
  else errors.push(invalid(SPEC.child('selector'), spec.selector, ''));
  return [...errors, ...validateLongRunning(template, 'StatefulSet', at)];
}

export const validateStatefulSet = ({ spec = {} as Spec }: StatefulSet): FieldError[] => validateSpec(spec, false);

const CHANGEABLE = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
] as const;

function fixedPart(spec: Spec): Partial<Spec> {
  const rest: Partial<Spec> = { ...spec };
  for (const field of CHANGEABLE) delete rest[field];
  return rest;
}

export function validateStatefulSetUpdate(object: StatefulSet, old: StatefulSet): FieldError[] {
  const spec = object.spec ?? ({} as Spec);
  const errors = validateSpec(spec, true);
  if (!equal(fixedPart(spec), fixedPart(old.spec ?? ({} as Spec))))
    errors.push(
      forbidden(
        SPEC,
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    );
  return errors;
}
