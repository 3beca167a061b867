/** StatefulSets: pods with names and claims of their own. */
import { path } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import type { StatefulSet } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { age, containerCells } from '../../pod-spec/columns.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { defaultPodSpec, roundUpToMilli } from '../../pod-spec/defaults.ts';
import { fractionalStorage, podWarnings } from '../../pod-spec/warnings.ts';
import { validateCollisions, validateCounters, validateParts } from '../status.ts';
import { validateStatefulSet, validateStatefulSetUpdate, type Spec } from './validation.ts';

const SPEC = path('spec');

function defaultClaims(spec: Spec): void {
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion = 'v1';
    claim.kind = 'PersistentVolumeClaim';
    if (claim.spec) {
      claim.spec.volumeMode ??= 'Filesystem';
      roundUpToMilli(claim.spec.resources?.limits);
      roundUpToMilli(claim.spec.resources?.requests);
    }
    claim.status ??= {};
    claim.status.phase ??= 'Pending';
  }
}

/** The feature MaxUnavailableStatefulSet is off in 1.35. */
function dropUnused(spec: Spec | undefined): void {
  delete spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
}

function defaults(object: StatefulSet): void {
  const spec = (object.spec ??= {} as Spec);
  spec.template ??= {};
  spec.template.metadata ??= {};
  spec.template.spec ??= { containers: [] };
  defaultPodSpec(spec.template.spec);
  defaultClaims(spec);
  if (!spec.podManagementPolicy) spec.podManagementPolicy = 'OrderedReady';
  const strategy = (spec.updateStrategy ??= {});
  if (!strategy.type) {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.rollingUpdate) {
    if (strategy.type === 'RollingUpdate') strategy.rollingUpdate.partition ??= 0;
  }
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  if (!retention.whenDeleted) retention.whenDeleted = 'Retain';
  if (!retention.whenScaled) retention.whenScaled = 'Retain';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
}

export const statefulSet: Kind<StatefulSet> = {
  resource: 'statefulsets.apps',
  nameFormat: 'dns1123Label',

  defaults,
  prepareForCreate(object) {
    object.status = { availableReplicas: 0, replicas: 0 };
    dropDisabledFields(object.spec?.template?.spec);
    dropUnused(object.spec);
  },

  prepareForUpdate(object) {
    dropDisabledFields(object.spec?.template?.spec);
    dropUnused(object.spec);
  },

  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  validateStatusUpdate({ status = { replicas: 0 } }, old) {
    return [
      ...validateCounters({ ...status }, [
        'replicas',
        'readyReplicas',
        'currentReplicas',
        'updatedReplicas',
        'availableReplicas',
        'observedGeneration',
        'collisionCount',
      ]),
      ...validateParts(
        { ...status },
        ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'],
        'status.readyReplicas',
      ),
      ...validateCollisions({ ...status }, { ...old.status }),
    ];
  },
  warnings(object, old) {
    const { spec } = object;
    const template = spec?.template;
    const unchanged = old !== undefined && equal(spec, old.spec);
    return [
      ...(unchanged ? [] : podWarnings(template?.spec, template?.metadata?.annotations, SPEC.child('template'), false)),
      ...(old
        ? []
        : (spec?.volumeClaimTemplates ?? []).flatMap(({ spec: claim }, position) =>
            fractionalStorage(claim?.resources, SPEC.child('volumeClaimTemplates').index(position)),
          )),
      ...((spec?.revisionHistoryLimit ?? 0) < 0
        ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
        : []),
    ];
  },

  cells: (object) => [
    object.metadata.name,
    `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`,
    age(object),
    ...containerCells(object.spec?.template?.spec?.containers),
  ],
};
