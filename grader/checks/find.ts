/** Finds objects in a state, and names them. */
import type { KubeObject } from '#cluster/api/types.ts';
import { resourceName, type ResourceInfo } from '#cluster/schema/resources.ts';
import { isCustom, resourceOf, unknownKind, type ManifestProblem } from '../manifest.ts';
import type { ClusterState } from '../types.ts';

export interface Ref {
  apiVersion?: string;
  kind: string;
  name: string;
  namespace?: string;
}

export function infoOf({ kind, apiVersion }: { kind: string; apiVersion?: string }): ResourceInfo {
  const info = resourceOf(kind, apiVersion);
  if (!info) throw new Error(unknownKind(kind, apiVersion));
  return info;
}

export function refProblems(ref: { kind: string; apiVersion?: string; namespace?: string }): ManifestProblem[] {
  const info = resourceOf(ref.kind, ref.apiVersion);
  if (!info) {
    const known = resourceOf(ref.kind) !== undefined;
    return [{ path: [known ? 'apiVersion' : 'kind'], message: unknownKind(ref.kind, ref.apiVersion) }];
  }
  if (!info.namespaced && ref.namespace !== undefined) {
    return [{ path: ['namespace'], message: `a ${ref.kind} lives in no namespace; leave "namespace" out` }];
  }
  return [];
}

/** '' for kinds that live in no namespace. */
export const namespaceOf = (ref: Ref, info: ResourceInfo): string =>
  info.namespaced ? (ref.namespace ?? 'default') : '';

export function all(state: ClusterState, info: ResourceInfo): readonly KubeObject[] {
  if (!isCustom(info)) return state.resources[resourceName(info)] ?? [];
  return Object.entries(state.resources)
    .filter(([name]) => name.endsWith(`.${info.group}`))
    .flatMap(([, objects]) => objects.filter(({ kind }) => kind === info.kind));
}

export function find(state: ClusterState, ref: Ref): KubeObject | undefined {
  const info = infoOf(ref);
  const namespace = namespaceOf(ref, info);
  return all(state, info).find(
    // whether a custom resource lives in a namespace is not known here
    ({ metadata }) =>
      metadata.name === ref.name && (metadata.namespace ?? (isCustom(info) ? namespace : '')) === namespace,
  );
}

/** On its way out: it was deleted, and something still holds it. */
export const isLeaving = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;

/** `team-blue/compute`, `node01` */
export const shortName = ({ metadata: { name, namespace } }: KubeObject): string =>
  namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;

/** `ResourceQuota team-blue/compute` */
export function nameOf(ref: Ref): string {
  const namespace = namespaceOf(ref, infoOf(ref));
  return `${ref.kind} ${namespace === '' ? '' : `${namespace}/`}${ref.name}`;
}
