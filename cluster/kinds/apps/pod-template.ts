/** What kinds that make pods from a template check of it and of their selector. */
import { validateLabelSelector } from '../../api/names.ts';
import {
  forbidden,
  invalid,
  notSupported,
  path as root,
  required,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import { labelSelectorMatches } from '../../api/selector.ts';
import type { LabelSelector, PodTemplateSpec } from '../../api/types.ts';
import { sortedMap } from '../pod-spec/internal-values.ts';
import { validatePodTemplateSpec } from '../pod-spec/validation.ts';

export const isEmptySelector = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;

/** A selector with problems of its own cannot be asked what it matches. */
export const isUsable = (selector: LabelSelector | undefined): boolean =>
  validateLabelSelector(selector, root()).length === 0;

export function validateSelector(selector: LabelSelector | undefined, kind: string, path: Path): FieldError[] {
  if (!selector) return [required(path)];
  const errors = validateLabelSelector(selector, path);
  if (isEmptySelector(selector)) errors.push(invalid(path, selector, `empty selector is invalid for ${kind}`));
  return errors;
}

/** An empty selector is complained about elsewhere; a missing one matches nothing. */
export function validateMatch(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec,
  path: Path,
): FieldError[] {
  const labels = template.metadata?.labels;
  return labelSelectorMatches(selector, labels ?? {})
    ? []
    : [
        invalid(
          path.child('metadata', 'labels'),
          labels ? sortedMap(labels) : null,
          '`selector` does not match template `labels`',
        ),
      ];
}

/** Pods of a controller are restarted always and have no deadline. */
export function validateLongRunning(template: PodTemplateSpec, kind: string, path: Path): FieldError[] {
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {};
  const errors: FieldError[] = [];
  if (restartPolicy !== 'Always')
    errors.push(notSupported(path.child('spec', 'restartPolicy'), restartPolicy ?? '', ['Always']));
  if (activeDeadlineSeconds !== undefined)
    errors.push(
      forbidden(path.child('spec', 'activeDeadlineSeconds'), `activeDeadlineSeconds in ${kind} is not Supported`),
    );
  return errors;
}

/** For ReplicaSets and the Deployments above them: the sentences are the same. */
export function validateReplicaSetTemplate(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec,
  spec: Path,
): FieldError[] {
  if (!isUsable(selector)) return [invalid(spec.child('selector'), selector, 'invalid label selector')];
  const path = spec.child('template');
  return [
    ...validateMatch(selector, template, path),
    ...validatePodTemplateSpec(template, path),
    ...validateLongRunning(template, 'ReplicaSet', path),
  ];
}
