/** Containers, init containers and ephemeral containers. */
import {
  duplicate,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import type { Container, PodSpec } from '../../api/types.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { validateDevices, validateHostPorts, validateMounts, validatePorts, type Volumes } from './mounts.ts';
import { validateLifecycle, validateProbes } from './probes.ts';
import { validatePullPolicy } from './pull-policy.ts';
import { validateContainerResources, validateResizePolicy } from './resources.ts';
import { label } from './scalars.ts';
import { validateContainerSecurity } from './security-context.ts';

type EphemeralContainer = NonNullable<PodSpec['ephemeralContainers']>[number];

/** What containers are checked against. */
export interface Surroundings {
  spec: PodSpec;
  volumes: Volumes;
  podClaims: readonly string[];
}

function validateCommon(container: Container, { spec, volumes, podClaims }: Surroundings, path: Path): FieldError[] {
  const errors: FieldError[] = [
    ...(container.name ? label(container.name, path.child('name')) : [required(path.child('name'))]),
    ...(container.image ? [] : [required(path.child('image'))]),
  ];
  const policy = container.terminationMessagePolicy;
  if (policy !== 'File' && policy !== 'FallbackToLogsOnError')
    errors.push(notSupported(path.child('terminationMessagePolicy'), policy ?? '', ['File', 'FallbackToLogsOnError']));
  return [
    ...errors,
    ...validatePorts(container.ports ?? [], path.child('ports')),
    ...validateEnv(container.env ?? [], path.child('env')),
    ...validateEnvFrom(container.envFrom ?? [], path.child('envFrom')),
    ...validateMounts(container, volumes, path.child('volumeMounts')),
    ...validateDevices(container, volumes, path.child('volumeDevices')),
    ...validatePullPolicy(container.imagePullPolicy, path.child('imagePullPolicy')),
    ...validateContainerResources(container.resources, podClaims, path.child('resources')),
    ...validateResizePolicy(container.resizePolicy ?? [], spec.restartPolicy, path.child('resizePolicy')),
    ...validateContainerSecurity(container.securityContext, spec.hostUsers ?? true, path.child('securityContext')),
  ];
}

const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];

function validateRestartPolicy(container: Container, path: Path): FieldError[] {
  const { restartPolicy: policy, restartPolicyRules: rules = [] } = container;
  const at = path.child('restartPolicy');
  const errors: FieldError[] = [];
  if (policy === undefined) {
    if (rules.length > 0) errors.push(required(at, 'must specify restartPolicy when restart rules are used'));
  } else if (!RESTART_POLICIES.includes(policy)) errors.push(notSupported(at, policy, RESTART_POLICIES));
  for (const [position, { action, exitCodes }] of rules.entries()) {
    const rule = path.child('restartPolicyRules').index(position);
    if (action !== 'Restart') errors.push(notSupported(rule.child('action'), action ?? '', ['Restart']));
    if (!exitCodes) errors.push(required(rule.child('exitCodes'), 'must be specified'));
    else if (exitCodes.operator !== 'In' && exitCodes.operator !== 'NotIn')
      errors.push(notSupported(rule.child('exitCodes', 'operator'), exitCodes.operator ?? '', ['In', 'NotIn']));
  }
  return errors;
}

function validateInitRestartPolicy(container: Container, path: Path): FieldError[] {
  if (container.restartPolicy === undefined)
    return (container.restartPolicyRules ?? []).length > 0
      ? [required(path.child('restartPolicy'), 'must specify restartPolicy when restart rules are used')]
      : [];
  if (container.restartPolicy !== 'Always') return validateRestartPolicy(container, path);
  return (container.restartPolicyRules ?? []).length > 0
    ? [
        forbidden(
          path.child('restartPolicyRules'),
          'restartPolicyRules are not allowed for init containers with restart policy Always',
        ),
      ]
    : [];
}

function validateRunning(container: Container, spec: PodSpec, path: Path): FieldError[] {
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  return [
    ...(container.lifecycle ? validateLifecycle(container.lifecycle, grace, spec.os, path.child('lifecycle')) : []),
    ...validateProbes(container, grace, path),
  ];
}

export function validateContainers(around: Surroundings, path: Path): FieldError[] {
  const { containers } = around.spec;
  if ((containers ?? []).length === 0) return [required(path)];
  const names = new Set<string>();
  const errors = containers.flatMap((container, position) => {
    const at = path.index(position);
    const own = validateCommon(container, around, at);
    if (names.has(container.name)) own.push(duplicate(at.child('name'), container.name));
    names.add(container.name);
    return [...own, ...validateRunning(container, around.spec, at), ...validateRestartPolicy(container, at)];
  });
  return [...errors, ...validateHostPorts(containers, path)];
}

export function validateInitContainers(around: Surroundings, path: Path): FieldError[] {
  const names = new Set((around.spec.containers ?? []).map(({ name }) => name));
  return (around.spec.initContainers ?? []).flatMap((container, position) => {
    const at = path.index(position);
    const errors = [...validateCommon(container, around, at), ...validateInitRestartPolicy(container, at)];
    if (names.has(container.name)) errors.push(duplicate(at.child('name'), container.name));
    else if (container.name) names.add(container.name);
    errors.push(...validateHostPorts([container], path));
    if (container.restartPolicy === 'Always') return [...errors, ...validateRunning(container, around.spec, at)];
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
      if (container[field])
        errors.push(forbidden(at.child(field), 'may not be set for init containers without restartPolicy=Always'));
    return errors;
  });
}

/** What a debugging container may not have, in Go's order of fields. */
const NOT_EPHEMERAL = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;

const isSet = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value !== undefined;

function validateEphemeral(
  container: EphemeralContainer,
  around: Surroundings,
  path: Path,
  validateNameAndTarget: () => FieldError[],
): FieldError[] {
  const why = 'cannot be set for an Ephemeral Container';
  return [
    ...validateCommon(container, around, path),
    ...validateImageSpaces(container, path),
    ...validateNameAndTarget(),
    ...NOT_EPHEMERAL.filter((field) => isSet(container[field])).map((field) => forbidden(path.child(field), why)),
    ...(container.volumeMounts ?? []).flatMap((mount, position) =>
      (['subPath', 'subPathExpr'] as const)
        .filter((field) => mount[field])
        .map((field) => forbidden(path.child('volumeMounts').index(position).child(field), why)),
    ),
  ];
}

export function validateEphemeralContainers(around: Surroundings, path: Path): FieldError[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = around.spec;
  const others = new Set([...containers, ...initContainers].map(({ name }) => name));
  const names = new Set(others);
  return ephemeralContainers.flatMap((container, position) => {
    const at = path.index(position);
    return validateEphemeral(container, around, at, () => {
      const { name, targetContainerName: target } = container;
      const errors = names.has(name) ? [duplicate(at.child('name'), name)] : [];
      names.add(name);
      if (target && !others.has(target)) errors.push(notFound(at.child('targetContainerName'), target));
      return errors;
    });
  });
}

/** Templates get away with this. */
export const validateImageSpaces = (container: Container, path: Path): FieldError[] =>
  (container.image ?? '').trim() === (container.image ?? '')
    ? []
    : [invalid(path.child('image'), container.image, 'must not have leading or trailing whitespace')];
