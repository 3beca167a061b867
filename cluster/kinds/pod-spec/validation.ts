/** Validation of a pod's spec and of templates of pods, in the order in which the real server looks at them. */
import { dns1123Subdomain, validateAnnotations, validateLabels } from '../../api/names.ts';
import {
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
  tooLong,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import type { PodSpec, PodTemplateSpec } from '../../api/types.ts';
import { validatePodAnnotations } from './annotations.ts';
import {
  validateContainers,
  validateEphemeralContainers,
  validateImageSpaces,
  validateInitContainers,
  type Surroundings,
} from './containers.ts';
import { containersWithPath } from './walk.ts';
import { validateDns, validateHostAliases } from './dns.ts';
import { validateResourceClaims } from './resource-claims.ts';
import { validateContainerResources, validatePodResources } from './resources.ts';
import { each, inclusiveRange, label, labelName, MAX_INT32, subdomain } from './scalars.ts';
import { validateAffinity, validateSpread, validateTolerations } from './scheduling.ts';
import { validateHostUsers, validatePodSecurity } from './security-context.ts';
import { validateVolumes } from './volumes.ts';
import { validateHostProcess, validateOs } from './windows.ts';

function oneOf(value: string | undefined, choices: readonly string[], path: Path): FieldError[] {
  if (!value) return [required(path)];
  return choices.includes(value) ? [] : [notSupported(path, value, choices)];
}

/** With the host's network a port of a container is a port of the node. */
function validateHostNetworkPorts(spec: PodSpec, isPod: boolean, path: Path): FieldError[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap((container, position) =>
    (container.ports ?? []).flatMap(({ hostPort = 0, containerPort }, which) =>
      (isPod || hostPort !== 0) && hostPort !== containerPort
        ? [
            invalid(
              path.child('containers').index(position).child('ports').index(which).child('hostPort'),
              hostPort,
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ]
        : [],
    ),
  );
}

function validateSchedulingGates(gates: NonNullable<PodSpec['schedulingGates']>, path: Path): FieldError[] {
  const seen = new Set<string>();
  return gates.flatMap(({ name }, position) => {
    const at = path.index(position);
    const errors = labelName(name, at);
    if (seen.has(name))
      errors.push({ type: 'Duplicate value', field: String(at), body: `Duplicate value: ${JSON.stringify(name)}` });
    seen.add(name);
    return errors;
  });
}

function validateHostnameOverride(spec: PodSpec, path: Path): FieldError[] {
  const name = spec.hostnameOverride;
  if (name === undefined) return [];
  const errors: FieldError[] = [];
  if (spec.setHostnameAsFQDN) errors.push(forbidden(path, 'may not be specified when setHostnameAsFQDN is true'));
  if (spec.hostNetwork) errors.push(forbidden(path, 'may not be specified when hostNetwork is true'));
  if (name.length > 64) errors.push(tooLong(path, 64));
  return [...errors, ...subdomain(name, path)];
}

function validateFileKeys(spec: PodSpec, path: Path): FieldError[] {
  return containersWithPath(spec, path).flatMap(([container, at]) =>
    (container.env ?? []).flatMap((variable, position) => {
      const name = variable.valueFrom?.fileKeyRef?.volumeName;
      if (name === undefined) return [];
      const volume = spec.volumes?.find((candidate) => candidate.name === name);
      const here = at.child('env').index(position).child('valueFrom', 'fileKeyRef', 'volumeName');
      if (!volume) return [notFound(here, name)];
      return volume.emptyDir ? [] : [invalid(here, name, 'referenced volume must be of type emptyDir')];
    }),
  );
}

/** Names of other objects and the like: what follows the larger parts of a spec. */
function validateReferences(spec: PodSpec, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  const named = (field: 'serviceAccountName' | 'nodeName' | 'priorityClassName') => {
    const name = spec[field];
    if (name) errors.push(...each(path.child(field), name, dns1123Subdomain));
  };
  named('serviceAccountName');
  named('nodeName');
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_INT32))
    errors.push(invalid(path.child('activeDeadlineSeconds'), deadline, inclusiveRange(1, MAX_INT32)));
  if (spec.hostname) errors.push(...label(spec.hostname, path.child('hostname')));
  if (spec.subdomain) errors.push(...label(spec.subdomain, path.child('subdomain')));
  errors.push(
    ...validateTolerations(spec.tolerations ?? [], path.child('tolerations')),
    ...validateHostAliases(spec.hostAliases ?? [], path.child('hostAliases')),
  );
  named('priorityClassName');
  if (spec.runtimeClassName !== undefined)
    errors.push(...each(path.child('runtimeClassName'), spec.runtimeClassName, dns1123Subdomain));
  if (spec.preemptionPolicy !== undefined)
    errors.push(...oneOf(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], path.child('preemptionPolicy')));
  if (spec.overhead) errors.push(...validateContainerResources({ limits: spec.overhead }, [], path.child('overhead')));
  return [...errors, ...validateOs(spec, path)];
}

/**
 * All problems of a pod's spec. `podName` is '' for templates: checks that need the pod itself are left out then.
 * Expects defaults to be filled in.
 */
export function validatePodSpec(spec: PodSpec, podName: string, path: Path, isMirror = false): FieldError[] {
  const { valid: volumes, errors } = validateVolumes(spec.volumes ?? [], podName, path.child('volumes'));
  const podClaims = (spec.resourceClaims ?? []).map(({ name }) => name).filter((name) => name);
  const around: Surroundings = { spec, volumes, podClaims };
  return [
    ...errors,
    ...validateResourceClaims(spec.resourceClaims ?? [], isMirror, path.child('resourceClaims')),
    ...validateContainers(around, path.child('containers')),
    ...validateInitContainers(around, path.child('initContainers')),
    ...validateEphemeralContainers(around, path.child('ephemeralContainers')),
    ...validatePodResources(spec, podClaims, path.child('resources')),
    ...validateHostNetworkPorts(spec, podName !== '', path),
    ...oneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], path.child('restartPolicy')),
    ...oneOf(spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], path.child('dnsPolicy')),
    ...validateLabels(spec.nodeSelector, path.child('nodeSelector')),
    ...validatePodSecurity(spec, path.child('securityContext')),
    ...validateAffinity(spec.affinity, path.child('affinity')),
    ...validateDns(spec, path.child('dnsConfig')),
    ...(spec.readinessGates ?? []).flatMap(({ conditionType }, position) =>
      labelName(conditionType, path.child('readinessGates').index(position).child('conditionType')),
    ),
    ...validateSchedulingGates(spec.schedulingGates ?? [], path.child('schedulingGates')),
    ...validateSpread(spec.topologySpreadConstraints ?? [], path.child('topologySpreadConstraints')),
    ...validateHostProcess(spec, path),
    ...validateHostUsers(spec, path),
    ...validateHostnameOverride(spec, path.child('hostnameOverride')),
    ...validateReferences(spec, path),
    ...validateFileKeys(spec, path),
  ];
}

/** Labels, annotations and spec of a template. */
export function validatePodTemplateSpec(template: PodTemplateSpec, path: Path): FieldError[] {
  const spec = template.spec ?? { containers: [] };
  return [
    ...validateLabels(template.metadata?.labels, path.child('labels')),
    ...validateAnnotations(template.metadata?.annotations, path.child('annotations')),
    ...validatePodAnnotations(template.metadata?.annotations, spec, path.child('annotations')),
    ...validatePodSpec(spec, '', path.child('spec')),
    ...((spec.ephemeralContainers ?? []).length > 0
      ? [forbidden(path.child('spec', 'ephemeralContainers'), 'ephemeral containers not allowed in pod template')]
      : []),
  ];
}

/** Names of images with spaces around them are refused in pods only. */
export const validatePodImages = (spec: PodSpec, path: Path): FieldError[] =>
  (['containers', 'initContainers'] as const).flatMap((kind) =>
    (spec[kind] ?? []).flatMap((container, position) =>
      validateImageSpaces(container, path.child(kind).index(position)),
    ),
  );
