import { invalid, path, required, type FieldError, type Path } from '../../../api/field.ts';
import { quantity } from '../../../api/quantity.ts';
import type { ResourceList, ResourceQuota } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { roundUpToMilli } from '../../pod-spec/defaults.ts';
import { isInteger, quotaResourceNameErrors } from './resource-names.ts';
import { scopeErrors } from './scopes.ts';

const spec = path('spec');

function amounts(list: ResourceList | undefined, at: Path): FieldError[] {
  return Object.entries(list ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, text]) => {
      const here = at.key(name);
      const amount = quantity(text);
      const errors = quotaResourceNameErrors(name, here);
      if (amount.sign() < 0) errors.push(invalid(here, text, 'must be greater than or equal to 0'));
      if (isInteger(name) && amount.milliValue() % 1000 !== 0) errors.push(invalid(here, text, 'must be an integer'));
      return errors;
    });
}

const validate = (object: ResourceQuota): FieldError[] => [
  ...amounts(object.spec?.hard, spec.child('hard')),
  ...scopeErrors(object.spec ?? {}, spec),
];

const scopeSet = ({ spec: quotaSpec }: ResourceQuota) => [...new Set<string>(quotaSpec?.scopes)].sort().join();

/** `requests.cpu: 100m/1, ...`: requests and counts, or limits. */
function column({ status }: ResourceQuota, limits: boolean): string {
  return Object.entries(status?.hard ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([name]) => name.startsWith('limits.') === limits)
    .map(([name, hard]) => `${name}: ${status?.used?.[name] ?? '0'}/${hard}`)
    .join(', ');
}

/** What a quota may limit as it is asked for and as it is limited; the first two also go by their bare names. */
const LIMITED = ['cpu', 'memory', 'storage', 'ephemeral-storage'];
const BARE = new Set(['cpu', 'memory']);

/** More may be asked for than may be used: allowed, and hardly meant. */
function warnings(object: ResourceQuota): string[] {
  const hard = object.spec?.hard ?? {};
  return LIMITED.flatMap((name) => {
    const requests = hard[`requests.${name}`] === undefined && BARE.has(name) ? name : `requests.${name}`;
    const [asked, limit] = [hard[requests], hard[`limits.${name}`]];
    if (asked === undefined || limit === undefined || quantity(asked).cmp(quantity(limit)) <= 0) return [];
    return [`ResourceQuota ${requests} (${asked}) should be less than limits.${name} (${limit})`];
  });
}

export const resourceQuota: Kind<ResourceQuota> = {
  resource: 'resourcequotas',
  defaults({ spec: quotaSpec, status }) {
    for (const list of [quotaSpec?.hard, status?.hard, status?.used]) roundUpToMilli(list);
  },
  prepareForCreate(object) {
    object.status = {};
  },
  validate,
  warnings: (object, old) => (old ? [] : warnings(object)),
  validateUpdate(object, old) {
    const errors = validate(object);
    if (scopeSet(object) !== scopeSet(old)) {
      const shown = object.spec?.scopes ?? null;
      errors.push(invalid(spec.child('scopes'), shown, 'field is immutable'));
    }
    return errors;
  },
  validateStatusUpdate: (object) => [
    ...(object.metadata.resourceVersion ? [] : [required(path('resourceVersion'))]),
    ...amounts(object.status?.hard, path('status', 'hard')),
    ...amounts(object.status?.used, path('status', 'used')),
  ],
  cells: (object) => [
    object.metadata.name,
    column(object, false),
    column(object, true),
    object.metadata.creationTimestamp ?? null,
  ],
};
