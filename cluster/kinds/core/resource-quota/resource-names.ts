/** Which names stand for which amounts in quotas and limit ranges. */
import { invalid, type FieldError, type Path } from '../../../api/field.ts';
import { qualifiedName } from '../../../api/names.ts';

const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'];
const COUNTED = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const QUOTA = new Set([
  ...COMPUTE,
  ...COMPUTE.map((name) => `requests.${name}`),
  ...COMPUTE.map((name) => `limits.${name}`),
  'requests.storage',
  ...COUNTED,
]);
const STANDARD = new Set([...QUOTA, 'storage']);
const HUGE_PAGES = 'hugepages-';

export const isHugePages = (name: string): boolean => name.startsWith(HUGE_PAGES);
const isQuotaHugePages = (name: string) => isHugePages(name) || name.startsWith(`requests.${HUGE_PAGES}`);
export const isStandardQuotaName = (name: string): boolean => QUOTA.has(name) || isQuotaHugePages(name);

/** Unprefixed names and those under kubernetes.io belong to Kubernetes itself. */
const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0;
/** Requests may be lower than limits. Not so for huge pages and devices. */
export const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name);
export const isInteger = (name: string): boolean => COUNTED.includes(name) || isExtended(name);

function nameErrors(name: string, at: Path, known: (name: string) => boolean, problem: string): FieldError[] {
  const errors = qualifiedName(name).map((detail) => invalid(at, name, detail));
  if (errors.length > 0 || name.includes('/') || known(name)) return errors;
  return [invalid(at, name, problem)];
}

export const resourceNameErrors = (name: string, at: Path): FieldError[] =>
  nameErrors(
    name,
    at,
    (one) => STANDARD.has(one) || isQuotaHugePages(one),
    'must be a standard resource type or fully qualified',
  );

export function containerResourceNameErrors(name: string, at: Path): FieldError[] {
  const errors = resourceNameErrors(name, at);
  if (name.includes('/')) {
    if (!isNative(name) && !isExtended(name))
      errors.push(invalid(at, name, "doesn't follow extended resource name standard"));
  } else if (!COMPUTE.includes(name) && !isHugePages(name)) {
    errors.push(invalid(at, name, 'must be a standard resource for containers'));
  }
  return errors;
}

export function quotaResourceNameErrors(name: string, at: Path): FieldError[] {
  const errors = resourceNameErrors(name, at);
  if (!name.includes('/') && !isStandardQuotaName(name)) {
    errors.push(invalid(at, name, 'must be a standard resource for quota'));
  }
  return errors;
}
