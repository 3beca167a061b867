/** What a body says it is, against what the path expects. */
import { badRequest, type StatusError } from '../api/status.ts';
import type { Json, JsonObject } from '../api/types.ts';
import type { ParsedBody } from './body.ts';
import { kindOf } from './leaves.ts';

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The refusal of a body that says what it is. */
export const cannotHandle = (kind: string, version: string, as: string, why: string): StatusError =>
  badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${as}: ${why}`);

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}
export const apiVersionOf = ({ group, version }: GroupVersionKind): string =>
  group === '' ? version : `${group}/${version}`;

/** The refusal of a body that cannot be read at all. */
export const unrecognized = (kind: string, why: string, summary: string): StatusError =>
  badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary})`);

/** As the real server's binary was built. */
const SCHEME = 'pkg/runtime/scheme.go:111';

export const typeMetaProblem = ({ kind }: GroupVersionKind, apiVersion: string): string =>
  `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${JSON.stringify(SCHEME)}`;

/** Versions no longer served, which the real server still knows how to read: by group and version, their kinds. */
const LEGACY: Record<string, readonly string[]> = {
  'admissionregistration.k8s.io/v1beta1': [
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
  ],
  'apps/v1beta1': ['Deployment', 'StatefulSet', 'ControllerRevision', 'Scale'],
  'apps/v1beta2': ['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'ControllerRevision', 'Scale'],
  'autoscaling/v2beta1': ['HorizontalPodAutoscaler'],
  'autoscaling/v2beta2': ['HorizontalPodAutoscaler'],
  'batch/v1beta1': ['CronJob'],
  'certificates.k8s.io/v1beta1': ['CertificateSigningRequest'],
  'coordination.k8s.io/v1beta1': ['Lease'],
  'discovery.k8s.io/v1beta1': ['EndpointSlice'],
  'events.k8s.io/v1beta1': ['Event'],
  'extensions/v1beta1': ['Deployment', 'DaemonSet', 'ReplicaSet', 'Ingress', 'NetworkPolicy', 'Scale'],
  'flowcontrol.apiserver.k8s.io/v1beta1': ['FlowSchema', 'PriorityLevelConfiguration'],
  'flowcontrol.apiserver.k8s.io/v1beta2': ['FlowSchema', 'PriorityLevelConfiguration'],
  'flowcontrol.apiserver.k8s.io/v1beta3': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io/v1beta1': ['Ingress', 'IngressClass', 'IPAddress', 'ServiceCIDR'],
  'node.k8s.io/v1alpha1': ['RuntimeClass'],
  'node.k8s.io/v1beta1': ['RuntimeClass'],
  'policy/v1beta1': ['PodDisruptionBudget', 'Eviction'],
  'rbac.authorization.k8s.io/v1alpha1': ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  'rbac.authorization.k8s.io/v1beta1': ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  'scheduling.k8s.io/v1alpha1': ['PriorityClass'],
  'scheduling.k8s.io/v1beta1': ['PriorityClass'],
  'storage.k8s.io/v1beta1': [
    'StorageClass',
    'CSIDriver',
    'CSINode',
    'CSIStorageCapacity',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
};

/** The group whose objects a legacy version stands for today. */
function legacyGroup(gvk: GroupVersionKind, expected: GroupVersionKind): string | undefined {
  if (!LEGACY[apiVersionOf(gvk)]?.includes(gvk.kind)) return undefined;
  return gvk.group === 'extensions' && gvk.kind === expected.kind ? expected.group : gvk.group;
}

/** Of every group, though no resource has it. */
const isList = ({ group, version, kind }: GroupVersionKind): boolean =>
  group === '' && version === 'v1' && kind === 'List';

/**
 * Checks what a body says it is against what the path expects; what it does not say is taken from there.
 * `known` tells whether the API has a kind at all. @throws StatusError BadRequest
 */
export function checkTypeMeta(
  { json, summary }: Pick<ParsedBody, 'json' | 'summary'>,
  expected: GroupVersionKind,
  known: (gvk: GroupVersionKind) => boolean,
): GroupVersionKind {
  const interpret = (why: string) =>
    unrecognized(expected.kind, `couldn't get version/kind; json parse error: json: cannot unmarshal ${why}`, summary);
  if (json === null) return expected;
  if (!isObject(json)) {
    const shape = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
    throw interpret(`${kindOf(json)} into Go value of type ${shape}`);
  }
  for (const field of ['apiVersion', 'kind'] as const) {
    const value = json[field];
    if (value === undefined || value === null || typeof value === 'string') continue;
    throw interpret(`${kindOf(value)} into Go struct field .${field} of type string`);
  }
  const { apiVersion, kind } = json as { apiVersion?: string; kind?: string };
  const parts = (apiVersion ?? '').split('/');
  if (parts.length > 2) {
    throw unrecognized(expected.kind, `unexpected GroupVersion string: ${apiVersion ?? ''}`, summary);
  }
  const actual = {
    group: apiVersion ? (parts.length === 2 ? (parts[0] ?? '') : '') : expected.group,
    version: apiVersion ? (parts.at(-1) ?? '') : expected.version,
    kind: kind || expected.kind,
  };
  if (actual.kind === expected.kind && actual.group === expected.group && actual.version === expected.version)
    return actual;
  const refuse = (why: string) => cannotHandle(actual.kind, actual.version, expected.kind, why);
  const legacy = legacyGroup(actual, expected);
  if (legacy === undefined && !isList(actual) && !known(actual)) {
    throw refuse(typeMetaProblem(actual, apiVersionOf(actual)));
  }
  if (actual.kind !== expected.kind || (legacy ?? actual.group) !== expected.group) {
    const internal = expected.group === '' ? 'core' : (expected.group.split('.')[0] ?? '');
    throw refuse(`converting (${actual.version}.${actual.kind}) to (${internal}.${expected.kind}): unknown conversion`);
  }
  // evictions came before their group was at v1, and the old version is still taken
  if (actual.kind === 'Eviction' && actual.version === 'v1beta1') return expected;
  throw badRequest(
    `the API version in the data (${apiVersionOf(actual)}) does not match the expected API version (${apiVersionOf(expected)})`,
  );
}
