/** DaemonSets: one pod on each node that fits. */
import { validateImmutable, validateLabelSelector } from '../../../api/names.ts';
import { invalid, notSupported, path, required, type FieldError } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import type { DaemonSet } from '../../../api/types.ts';
import { cannotHandle } from '../../../schema/type-meta.ts';
import type { Kind } from '../../kind.ts';
import { age, containerCells, labelsText, selectorText } from '../../pod-spec/columns.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { defaultPodSpec } from '../../pod-spec/defaults.ts';
import { nonNegative } from '../../pod-spec/scalars.ts';
import { validatePodTemplateSpec } from '../../pod-spec/validation.ts';
import { podWarnings } from '../../pod-spec/warnings.ts';
import { amountOf, atMostAll, validateIntOrPercent } from '../int-or-percent.ts';
import { isEmptySelector, isUsable, validateLongRunning, validateMatch } from '../pod-template.ts';
import { validateCollisions, validateCounters } from '../status.ts';

type Spec = NonNullable<DaemonSet['spec']>;
type Status = NonNullable<DaemonSet['status']>;

const SPEC = path('spec');
const NO_STATUS: Status = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};
/** Counts the templates a DaemonSet has had. It left the API long ago and lives on as this annotation. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function countTemplate(object: DaemonSet, count: bigint): void {
  object.metadata.annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(count) };
}

const MOST = 2n ** 63n;

/** What the annotation says, 0 where there is none. @throws StatusError BadRequest for what is no number of 64 bits */
function countedTemplates({ metadata: { annotations } }: DaemonSet): bigint {
  const text = annotations?.[TEMPLATE_GENERATION];
  if (text === undefined) return 0n;
  const refuse = (why: string) =>
    cannotHandle('DaemonSet', 'v1', 'DaemonSet', `strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?[0-9]+$/.test(text)) throw refuse('invalid syntax');
  const count = BigInt(text.replace('+', ''));
  if (count >= MOST || count < -MOST) throw refuse('value out of range');
  return count;
}

function validateStrategy(strategy: NonNullable<Spec['updateStrategy']>): FieldError[] {
  const at = SPEC.child('updateStrategy');
  const rolling = strategy.rollingUpdate;
  if (strategy.type === 'OnDelete') return [];
  if (strategy.type !== 'RollingUpdate') {
    const shown = {
      Type: strategy.type,
      RollingUpdate: rolling ? { MaxUnavailable: rolling.maxUnavailable ?? 0, MaxSurge: rolling.maxSurge ?? 0 } : null,
    };
    return [notSupported(at, shown, ['RollingUpdate', 'OnDelete'])];
  }
  if (!rolling) return [required(at.child('rollingUpdate'))];
  const { maxUnavailable = 0, maxSurge = 0 } = rolling;
  const unavailable = at.child('rollingUpdate', 'maxUnavailable');
  const surge = at.child('rollingUpdate', 'maxSurge');
  const errors = [
    ...validateIntOrPercent(maxUnavailable, unavailable),
    ...validateIntOrPercent(maxSurge, surge),
    ...atMostAll(maxUnavailable, unavailable),
    ...atMostAll(maxSurge, surge),
  ];
  if (amountOf(maxUnavailable) !== 0 && amountOf(maxSurge) !== 0)
    errors.push(invalid(surge, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0)
    errors.push(required(unavailable, 'cannot be 0 when maxSurge is 0'));
  return errors;
}

function validate({ spec = {} as Spec }: DaemonSet): FieldError[] {
  const { selector, template, updateStrategy = {} } = spec;
  const at = SPEC.child('template');
  const errors = validateLabelSelector(selector, SPEC.child('selector'));
  if (isUsable(selector)) errors.push(...validateMatch(selector, template, at));
  if (selector && isEmptySelector(selector))
    errors.push(invalid(SPEC.child('selector'), selector, 'empty selector is invalid for daemonset'));
  return [
    ...errors,
    ...validatePodTemplateSpec(template, at),
    ...validateLongRunning(template, 'DaemonSet', at),
    ...nonNegative(spec.minReadySeconds, SPEC.child('minReadySeconds')),
    ...validateStrategy(updateStrategy),
    ...nonNegative(spec.revisionHistoryLimit, SPEC.child('revisionHistoryLimit')),
  ];
}

export const daemonSet: Kind<DaemonSet> = {
  resource: 'daemonsets.apps',

  defaults(object) {
    // it is a field inside the server, so it is there from the start
    countTemplate(object, countedTemplates(object));
    const spec = (object.spec ??= {} as Spec);
    spec.template ??= {};
    spec.template.metadata ??= {};
    spec.template.spec ??= { containers: [] };
    defaultPodSpec(spec.template.spec);
    const strategy = (spec.updateStrategy ??= {});
    if (!strategy.type) strategy.type = 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') {
      strategy.rollingUpdate ??= {};
      strategy.rollingUpdate.maxUnavailable ??= 1;
      strategy.rollingUpdate.maxSurge ??= 0;
    }
    // inside the server both are always there
    if (strategy.rollingUpdate) {
      strategy.rollingUpdate.maxUnavailable ??= 0;
      strategy.rollingUpdate.maxSurge ??= 0;
    }
    spec.revisionHistoryLimit ??= 10;
  },
  prepareForCreate(object) {
    object.status = { ...NO_STATUS };
    dropDisabledFields(object.spec?.template?.spec);
    const count = countedTemplates(object);
    countTemplate(object, count < 1n ? 1n : count);
  },
  prepareForUpdate(object, old) {
    dropDisabledFields(object.spec?.template?.spec);
    const before = countedTemplates(old);
    countTemplate(object, equal(object.spec?.template, old.spec?.template) ? before : before + 1n);
  },

  validate,
  validateUpdate: (object, old) => [
    ...validateImmutable(object.spec?.selector, old.spec?.selector, SPEC.child('selector')),
    ...validate(object),
  ],
  validateStatusUpdate({ status = NO_STATUS }, old) {
    return [
      ...validateCounters({ ...status }, [
        'currentNumberScheduled',
        'numberMisscheduled',
        'desiredNumberScheduled',
        'numberReady',
        'observedGeneration',
        'updatedNumberScheduled',
        'numberAvailable',
        'numberUnavailable',
        'collisionCount',
      ]),
      ...validateCollisions({ ...status }, { ...old.status }),
    ];
  },
  warnings(object, old) {
    const template = object.spec?.template;
    if (old && equal(template, old.spec?.template)) return [];
    return podWarnings(template?.spec, template?.metadata?.annotations, SPEC.child('template'), false);
  },

  cells(object) {
    const { spec, status = NO_STATUS } = object;
    return [
      object.metadata.name,
      status.desiredNumberScheduled,
      status.currentNumberScheduled,
      status.numberReady,
      status.updatedNumberScheduled ?? 0,
      status.numberAvailable ?? 0,
      labelsText(spec?.template?.spec?.nodeSelector),
      age(object),
      ...containerCells(spec?.template?.spec?.containers),
      selectorText(spec?.selector),
    ];
  },
};
