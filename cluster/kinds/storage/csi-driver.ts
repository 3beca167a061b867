import { duplicate, invalid, notSupported, path, type FieldError } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import { validateImmutable } from '../../api/names.ts';
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

export type CsiDriver = KubeObject & {
  spec?: {
    attachRequired?: boolean;
    podInfoOnMount?: boolean;
    storageCapacity?: boolean;
    fsGroupPolicy?: string;
    volumeLifecycleModes?: string[];
    requiresRepublish?: boolean;
    seLinuxMount?: boolean;
    tokenRequests?: { audience: string; expirationSeconds?: number }[];
    nodeAllocatableUpdatePeriodSeconds?: number;
    serviceAccountTokenInSecrets?: boolean;
  };
};
type Spec = NonNullable<CsiDriver['spec']>;

const GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLE_MODES = ['Persistent', 'Ephemeral'];
/** Seconds. */
const MIN_TOKEN = 600;
const MAX_TOKEN = 2 ** 32;
const MIN_PERIOD = 10;
const at = path('spec');

function tokenErrors({ tokenRequests = [] }: Spec): FieldError[] {
  const seen = new Set<string>();
  return tokenRequests.flatMap(({ audience, expirationSeconds: seconds }, position) => {
    const here = at.child('tokenRequests').index(position);
    if (seen.has(audience)) return [duplicate(here.child('audience'), audience)];
    seen.add(audience);
    const duration = here.child('expirationSeconds');
    if (seconds !== undefined && seconds < MIN_TOKEN) {
      return [invalid(duration, seconds, 'may not specify a duration less than 10 minutes')];
    }
    if (seconds === undefined || seconds <= MAX_TOKEN) return [];
    return [invalid(duration, seconds, 'may not specify a duration larger than 2^32 seconds')];
  });
}

function validate({ spec = {} }: CsiDriver): FieldError[] {
  const policy = spec.fsGroupPolicy ?? '';
  const wrong = (spec.volumeLifecycleModes ?? []).filter((mode) => !LIFECYCLE_MODES.includes(mode));
  const errors = [
    ...(GROUP_POLICIES.includes(policy) ? [] : [notSupported(at.child('fsGroupPolicy'), policy, GROUP_POLICIES)]),
    ...tokenErrors(spec),
    ...wrong.map((mode) => notSupported(at.child('volumeLifecycleModes'), mode, LIFECYCLE_MODES)),
  ];
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < MIN_PERIOD) {
    const here = at.child('nodeAllocatableUpdatePeriodSeconds');
    errors.push(invalid(here, period, 'must be greater than or equal to 10 seconds'));
  }
  const inSecrets = spec.serviceAccountTokenInSecrets;
  if (inSecrets !== undefined && !spec.tokenRequests?.length) {
    const detail = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
    errors.push(invalid(at.child('serviceAccountTokenInSecrets'), inSecrets, detail));
  }
  return errors;
}

export const csiDriver: Kind<CsiDriver> = {
  resource: 'csidrivers.storage.k8s.io',
  defaults(object) {
    object.spec = {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      requiresRepublish: false,
      seLinuxMount: false,
      ...object.spec,
    };
    if (!object.spec.volumeLifecycleModes?.length) object.spec.volumeLifecycleModes = ['Persistent'];
  },
  // a new one has no generation yet
  prepareForUpdate(object, old) {
    if (!equal(object.spec, old.spec)) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate,
  validateUpdate: (object, old) => [
    ...validate(object),
    ...validateImmutable(object.spec?.attachRequired, old.spec?.attachRequired, at.child('attachedRequired')),
    ...validateImmutable(
      object.spec?.volumeLifecycleModes,
      old.spec?.volumeLifecycleModes,
      at.child('volumeLifecycleModes'),
    ),
  ],
  warnings: ({ spec }) =>
    spec?.tokenRequests?.length && spec.serviceAccountTokenInSecrets === undefined
      ? [
          'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
        ]
      : [],
  cells: ({ metadata, spec = {} }) => [
    metadata.name,
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    spec.tokenRequests ? spec.tokenRequests.map(({ audience }) => audience).join(',') : '<unset>',
    spec.requiresRepublish ?? false,
    (spec.volumeLifecycleModes ?? []).join(',') || '<none>',
    metadata.creationTimestamp ?? null,
  ],
};
