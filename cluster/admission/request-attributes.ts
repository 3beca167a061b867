/** A request as webhooks and policies see it. */
import type { KubeObject } from '../api/types.ts';
import { resources, type ResourceInfo } from '../schema/resources.ts';
import type { AdmissionRequest } from './plugin.ts';

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}
export interface GroupVersionResource {
  group: string;
  version: string;
  resource: string;
}

export interface Attributes {
  operation: AdmissionRequest['operation'];
  kind: GroupVersionKind;
  resource: GroupVersionResource;
  subresource: string;
  /** Of requests about a namespace: its own name. '' for other objects without one. */
  namespace: string;
  name: string;
  object: KubeObject | undefined;
  old: KubeObject | undefined;
}

const plain = ({ group, version, resource }: ResourceInfo): GroupVersionResource => ({ group, version, resource });

export function attributesOf(request: AdmissionRequest): Attributes {
  const { resource: info, subresource, object } = request;
  const part = info.subresources.find(({ name }) => name === subresource)?.kind;
  const kind =
    part && part.version !== ''
      ? { group: part.group, version: part.version, kind: part.kind }
      : { group: info.group, version: info.version, kind: part?.kind ?? info.kind };
  const name = request.name || object?.metadata?.name || '';
  const isNamespace = info.group === '' && info.resource === 'namespaces';
  return {
    operation: request.operation,
    kind,
    resource: plain(info),
    subresource,
    namespace: isNamespace ? name : request.namespace,
    name,
    object,
    old: request.old,
  };
}

const EVENTS = ['', 'events.k8s.io'];

/** The same objects under other names: other versions of the group, and Events of both groups. */
export function equivalentsOf({ group, version, resource }: GroupVersionResource): GroupVersionResource[] {
  return resources
    .filter((one) => one.resource === resource && !(one.group === group && one.version === version))
    .filter(
      (one) => one.group === group || (resource === 'events' && EVENTS.includes(one.group) && EVENTS.includes(group)),
    )
    .map(plain);
}

export const kindFor = (of: GroupVersionResource): GroupVersionKind | undefined => {
  const info = resources.find(
    (one) => one.group === of.group && one.version === of.version && one.resource === of.resource,
  );
  return info && { group: info.group, version: info.version, kind: info.kind };
};

const GROUP = 'admissionregistration.k8s.io';
/** What decides about requests is not itself decided about: a broken webhook could never be removed. */
export const isExempt = ({ kind }: Attributes): boolean =>
  kind.group === GROUP &&
  /^(Validating|Mutating)(WebhookConfiguration|AdmissionPolicy|AdmissionPolicyBinding)$/.test(kind.kind);
