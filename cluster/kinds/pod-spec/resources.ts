/** Requests and limits of containers and of pods as a whole. */
import { duplicate, forbidden, invalid, notSupported, required, type FieldError, type Path } from '../../api/field.ts';
import { qualifiedName } from '../../api/names.ts';
import { podLimits, podRequests } from '../../api/pods.ts';
import { parseQuantity, quantity, type Quantity } from '../../api/quantity.ts';
import type { Container, PodSpec, ResourceRequirements } from '../../api/types.ts';
import { each, label } from './scalars.ts';

const STANDARD = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
]);
const COUNTED = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);
const OF_CONTAINERS = new Set(['cpu', 'memory', 'ephemeral-storage']);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');
/** More may be promised than there is: only of what Kubernetes itself counts, and of huge pages never. */
const isOvercommitAllowed = (name: string) => isNative(name) && !isHugePages(name);
/** What device plugins offer: `vendor.example/gpu`. */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0;

function validateName(name: string, path: Path): FieldError[] {
  const errors = each(path, name, qualifiedName);
  if (errors.length > 0 || name.includes('/') || STANDARD.has(name)) return errors;
  return isHugePages(name) || name.startsWith('requests.hugepages-')
    ? []
    : [invalid(path, name, 'must be a standard resource type or fully qualified')];
}

export function validateContainerResourceName(name: string, path: Path): FieldError[] {
  const errors = validateName(name, path);
  if (!name.includes('/')) {
    if (!OF_CONTAINERS.has(name) && !isHugePages(name))
      errors.push(invalid(path, name, 'must be a standard resource for containers'));
  } else if (!isNative(name) && !isExtended(name))
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  return errors;
}

function validatePodResourceName(name: string, path: Path): FieldError[] {
  const errors = validateName(name, path);
  if (errors.length > 0 || name === 'cpu' || name === 'memory' || isHugePages(name)) return errors;
  return [notSupported(path, name, ['cpu', 'hugepages-', 'memory'])];
}

/** Not negative, and whole where things are counted. */
export function validateAmount(name: string, amount: Quantity, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (amount.sign() < 0) errors.push(invalid(path, amount.toString(), 'must be greater than or equal to 0'));
  if ((COUNTED.has(name) || isExtended(name)) && amount.milliValue() % 1000 !== 0)
    errors.push(invalid(path, amount.toString(), 'must be an integer'));
  return errors;
}

/** What is larger than fits into 64 bits is cut down to the largest number there is, which is odd. */
const OVERFLOW = 2 ** 63;

function validateHugePages(name: string, amount: Quantity, path: Path): FieldError[] {
  if (!isHugePages(name)) return [];
  const size = parseQuantity(name.slice('hugepages-'.length));
  const whole =
    size &&
    size.sign() > 0 &&
    size.milliValue() % 1000 === 0 &&
    amount.value() < OVERFLOW &&
    amount.value() % size.value() === 0;
  return whole
    ? []
    : [invalid(path, amount.toString(), `${amount.toString()} is not positive integer multiple of ${name}`)];
}

/** By name, as the server lists what it finds wrong in no order of its own. */
const entries = (amounts: Record<string, string> | undefined) =>
  Object.entries(amounts ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

type NameCheck = (name: string, path: Path) => FieldError[];

function validateRequest(name: string, amount: Quantity, limits: Record<string, string>, path: Path): FieldError[] {
  const requests = path.child('requests');
  const limitText = limits[name];
  if (limitText === undefined)
    return isOvercommitAllowed(name)
      ? []
      : [required(path.child('limits'), 'Limit must be set for non overcommitable resources')];
  const limit = quantity(limitText);
  const order = amount.cmp(limit);
  if (order !== 0 && !isOvercommitAllowed(name))
    return [invalid(requests, amount.toString(), `must be equal to ${name} limit of ${limit.toString()}`)];
  return order > 0
    ? [invalid(requests, amount.toString(), `must be less than or equal to ${name} limit of ${limit.toString()}`)]
    : [];
}

function validateClaims(
  claims: ResourceRequirements['claims'],
  podClaims: readonly string[],
  path: Path,
): FieldError[] {
  const seen = new Set<string>();
  return (claims ?? []).flatMap(({ name, request }, position) => {
    const at = path.index(position);
    if (!name) return [required(at)];
    const errors: FieldError[] = [];
    const key = request ? `${name}/${request}` : name;
    if (request) errors.push(...label(request, at.child('request')));
    if (seen.has(name) || seen.has(key) || (!request && [...seen].some((other) => other.startsWith(`${name}/`))))
      errors.push(duplicate(at, seen.has(name) ? name : key));
    seen.add(key);
    if (!podClaims.includes(name)) {
      const choices = podClaims.length === 0 ? ' which is empty' : `: ${[...podClaims].sort().join(', ')}`;
      const detail = `must be one of the names in pod.spec.resourceClaims${choices}`;
      errors.push({ type: 'Not found', field: String(at), body: `Not found: ${JSON.stringify(name)}: ${detail}` });
    }
    return errors;
  });
}

function validateRequirements(
  resources: ResourceRequirements,
  checkName: NameCheck,
  podClaims: readonly string[],
  path: Path,
): FieldError[] {
  const limits = resources.limits ?? {};
  const errors: FieldError[] = [];
  for (const kind of ['limits', 'requests'] as const)
    for (const [name, text] of entries(resources[kind])) {
      const at = path.child(kind).key(name);
      const amount = quantity(text);
      errors.push(...checkName(name, at), ...validateAmount(name, amount, at));
      if (kind === 'requests') errors.push(...validateRequest(name, amount, limits, path));
      errors.push(...validateHugePages(name, amount, at));
    }
  const names = Object.keys({ ...limits, ...resources.requests });
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
    errors.push(forbidden(path, 'HugePages require cpu or memory'));
  return [...errors, ...validateClaims(resources.claims, podClaims, path.child('claims'))];
}

export const validateContainerResources = (
  resources: ResourceRequirements | undefined,
  podClaims: readonly string[],
  path: Path,
): FieldError[] => (resources ? validateRequirements(resources, validateContainerResourceName, podClaims, path) : []);

/** A pod's own limits and requests must leave room for its containers'. */
function validatePodConsistency(spec: PodSpec, own: ResourceRequirements, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  const containersOnly = { spec: { ...spec, resources: undefined, overhead: undefined } };
  for (const [name, sum] of podRequests(containersOnly)) {
    const text = own.requests?.[name];
    if (text !== undefined && sum.cmp(quantity(text)) > 0)
      errors.push(
        invalid(
          path.child('requests').key(name),
          text,
          `must be greater than or equal to aggregate container requests of ${sum.toString()}`,
        ),
      );
  }
  for (const [name, sum] of podLimits(containersOnly)) {
    const text = own.limits?.[name];
    if (isHugePages(name) && text !== undefined && sum.cmp(quantity(text)) > 0)
      errors.push(
        invalid(
          path.child('limits').key(name),
          text,
          `must be greater than or equal to aggregate container limits of ${sum.toString()}`,
        ),
      );
  }
  for (const [position, container] of spec.containers.entries())
    for (const [name, text] of entries(container.resources?.limits)) {
      const most = own.limits?.[name];
      if (most === undefined || quantity(text).cmp(quantity(most)) <= 0) continue;
      const at = path.child('containers').index(position).key(name).child('limits');
      errors.push(invalid(at, text, `must be less than or equal to pod limits of ${most}`));
    }
  return errors;
}

export function validatePodResources(spec: PodSpec, podClaims: readonly string[], path: Path): FieldError[] {
  const own = spec.resources;
  if (!own) return [];
  if (spec.os?.name === 'windows') return [forbidden(path, 'may not be set for a windows pod')];
  return [
    ...(own.claims ? [forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level')] : []),
    ...validateRequirements(own, validatePodResourceName, podClaims, path),
    ...validatePodConsistency(spec, own, path),
  ];
}

const RESTARTS = ['NotRequired', 'RestartContainer'];

export function validateResizePolicy(
  policies: NonNullable<Container['resizePolicy']>,
  restartPolicy: string | undefined,
  path: Path,
): FieldError[] {
  const seen = new Set<string>();
  return policies.flatMap(({ resourceName, restartPolicy: restart }, position) => {
    const errors: FieldError[] = [];
    if (seen.has(resourceName)) errors.push(duplicate(path.index(position), resourceName));
    seen.add(resourceName);
    if (!resourceName) errors.push(required(path));
    else if (resourceName !== 'cpu' && resourceName !== 'memory')
      errors.push(notSupported(path, resourceName, ['cpu', 'memory']));
    if (!restart) errors.push(required(path));
    else if (!RESTARTS.includes(restart)) errors.push(notSupported(path, restart, RESTARTS));
    if (restartPolicy === 'Never' && restart !== 'NotRequired')
      errors.push(invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    return errors;
  });
}
