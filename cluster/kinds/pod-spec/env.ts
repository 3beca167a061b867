/** Environment variables of containers and the selectors of fields that they and downward API files use. */
import { configMapKey, dns1123Subdomain, qualifiedName, relaxedEnvVarName } from '../../api/names.ts';
import { invalid, notSupported, required, type FieldError, type Path } from '../../api/field.ts';
import { parseQuantity } from '../../api/quantity.ts';
import type { Container, Wire } from '../../api/types.ts';
import type { V1ObjectFieldSelector, V1ResourceFieldSelector } from '@kubernetes/client-node';
import { each, label, noBacksteps } from './scalars.ts';

type EnvVar = NonNullable<Container['env']>[number];
type EnvFrom = NonNullable<Container['envFrom']>[number];

/** Labels of fields that a pod of v1 can be asked for, used by the downward API or not. */
const KNOWN_LABELS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
export const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
export const FILE_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
const RESOURCE_FIELDS = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** `metadata.labels['app']` -> its path and key. */
function subscripted(fieldPath: string): { path: string; key: string } | undefined {
  const match = /^([^[]*)\['(.*)'\]$/s.exec(fieldPath);
  return match ? { path: match[1] ?? '', key: match[2] ?? '' } : undefined;
}

export function validateFieldSelector(
  selector: Wire<V1ObjectFieldSelector>,
  allowed: readonly string[],
  path: Path,
): FieldError[] {
  if (!selector.apiVersion) return [required(path.child('apiVersion'))];
  if (!selector.fieldPath) return [required(path.child('fieldPath'))];
  const asked = selector.fieldPath;
  const refused = (why: string) => [invalid(path.child('fieldPath'), asked, `error converting fieldPath: ${why}`)];
  if (selector.apiVersion !== 'v1') return refused(`unsupported pod version: ${selector.apiVersion}`);
  const part = subscripted(asked);
  if (part) {
    if (part.path === 'metadata.annotations') return each(path, part.key.toLowerCase(), qualifiedName);
    if (part.path === 'metadata.labels') return each(path, part.key, qualifiedName);
    return refused(`field label does not support subscript: ${asked}`);
  }
  const label = asked === 'spec.host' ? 'spec.nodeName' : asked;
  if (!KNOWN_LABELS.includes(label)) return refused(`field label not supported: ${asked}`);
  return allowed.includes(label) ? [] : [notSupported(path.child('fieldPath'), label, allowed)];
}

function validateDivisor(resource: string, divisor: string | undefined, path: Path): FieldError[] {
  const amount = parseQuantity(divisor ?? '0');
  if (!amount || amount.isZero()) return [];
  const text = amount.toString();
  const bytes = (what: string) =>
    BYTE_DIVISORS.includes(text)
      ? []
      : [
          invalid(
            path.child('divisor'),
            resource,
            `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the ${what} resource`,
          ),
        ];
  if (resource.endsWith('.cpu'))
    return text === '1m' || text === '1'
      ? []
      : [
          invalid(
            path.child('divisor'),
            resource,
            "only divisor's values 1m and 1 are supported with the cpu resource",
          ),
        ];
  if (resource.endsWith('.memory')) return bytes('memory');
  if (resource.endsWith('.ephemeral-storage')) return bytes('local ephemeral storage');
  return resource.includes('.hugepages-') ? bytes('hugepages') : [];
}

export function validateResourceSelector(
  selector: Wire<V1ResourceFieldSelector>,
  path: Path,
  forVolume: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  if (forVolume && !selector.containerName) errors.push(required(path.child('containerName')));
  else if (!selector.resource) errors.push(required(path.child('resource')));
  else if (!RESOURCE_FIELDS.includes(selector.resource) && !/^(requests|limits)\.hugepages-/.test(selector.resource))
    errors.push(notSupported(path.child('resource'), selector.resource, RESOURCE_FIELDS));
  return [...errors, ...validateDivisor(selector.resource ?? '', selector.divisor, path)];
}

function validateKeySelector(selector: { name?: string; key?: string }, path: Path): FieldError[] {
  const name = selector.name ?? '';
  return [
    ...each(path.child('name'), name, dns1123Subdomain),
    ...(selector.key ? each(path.child('key'), selector.key, configMapKey) : [required(path.child('key'))]),
  ];
}

function validateValueFrom(variable: EnvVar, path: Path): FieldError[] {
  const from = variable.valueFrom;
  if (!from) return [];
  const errors: FieldError[] = [];
  if (from.fieldRef) errors.push(...validateFieldSelector(from.fieldRef, ENV_FIELDS, path.child('fieldRef')));
  if (from.resourceFieldRef)
    errors.push(...validateResourceSelector(from.resourceFieldRef, path.child('resourceFieldRef'), false));
  if (from.configMapKeyRef) errors.push(...validateKeySelector(from.configMapKeyRef, path.child('configMapKeyRef')));
  if (from.secretKeyRef) errors.push(...validateKeySelector(from.secretKeyRef, path.child('secretKeyRef')));
  if (from.fileKeyRef) {
    const { key, volumeName, path: inVolume } = from.fileKeyRef;
    const file = path.child('fileKeyRef');
    errors.push(...(key ? each(file.child('key'), key, relaxedEnvVarName) : [required(file.child('key'))]));
    errors.push(...(volumeName ? label(volumeName, file.child('volumeName')) : [required(file.child('volumeName'))]));
    errors.push(...(inVolume ? noBacksteps(inVolume, file.child('path')) : [required(file.child('path'))]));
  }
  const sources = [from.fieldRef, from.resourceFieldRef, from.configMapKeyRef, from.secretKeyRef, from.fileKeyRef];
  const given = sources.filter((source) => source !== undefined).length;
  if (given === 0)
    errors.push(
      invalid(
        path,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    );
  else if (variable.value) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (given > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  return errors;
}

export function validateEnv(variables: readonly EnvVar[], path: Path): FieldError[] {
  return variables.flatMap((variable, position) => {
    const at = path.index(position);
    return [
      ...(variable.name ? each(at.child('name'), variable.name, relaxedEnvVarName) : [required(at.child('name'))]),
      ...validateValueFrom(variable, at.child('valueFrom')),
    ];
  });
}

export function validateEnvFrom(sources: readonly EnvFrom[], path: Path): FieldError[] {
  return sources.flatMap((source, position) => {
    const at = path.index(position);
    const errors = source.prefix ? each(at.child('prefix'), source.prefix, relaxedEnvVarName) : [];
    for (const kind of ['configMapRef', 'secretRef'] as const) {
      const reference = source[kind];
      if (!reference) continue;
      const name = at.child(kind, 'name');
      errors.push(...(reference.name ? each(name, reference.name, dns1123Subdomain) : [required(name)]));
    }
    // the real server names the whole list here, not the entry
    if (!source.configMapRef && !source.secretRef)
      errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (source.configMapRef && source.secretRef)
      errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
    return errors;
  });
}
