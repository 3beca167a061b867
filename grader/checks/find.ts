/** Finds objects in a state, and what comes near when they are not there. */
import type { KubeObject } from '#cluster/api/types.ts';
import { resourceName, type ResourceInfo } from '#cluster/schema/resources.ts';
import { resourceOf, unknownKind, type ManifestProblem } from '../manifest.ts';
import { distance } from '../near.ts';
import type { ClusterState, Text } from '../types.ts';

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
  if (!info) return [{ path: ['kind'], message: unknownKind(ref.kind, ref.apiVersion) }];
  if (!info.namespaced && ref.namespace !== undefined) {
    return [{ path: ['namespace'], message: `a ${ref.kind} lives in no namespace: leave "namespace" out` }];
  }
  return [];
}

export const namespaceOf = (ref: Ref, info: ResourceInfo): string =>
  info.namespaced ? (ref.namespace ?? 'default') : '';
export const all = (state: ClusterState, info: ResourceInfo): readonly KubeObject[] =>
  state.resources[resourceName(info)] ?? [];

export function find(state: ClusterState, ref: Ref): KubeObject | undefined {
  const info = infoOf(ref);
  const namespace = namespaceOf(ref, info);
  return all(state, info).find(
    ({ metadata }) => metadata.name === ref.name && (metadata.namespace ?? '') === namespace,
  );
}

/** `ResourceQuota team-blue/compute` */
export function nameOf(ref: Ref): string {
  const namespace = namespaceOf(ref, infoOf(ref));
  return `${ref.kind} ${namespace === '' ? '' : `${namespace}/`}${ref.name}`;
}

/** Letters that may differ for a name to count as mistyped. */
const TYPO = 2;

/** What looks like the object that is missing. Objects that were there from the start are no near misses. */
export function nearMiss(now: ClusterState, before: ClusterState, ref: Ref): Text | undefined {
  const info = infoOf(ref);
  const wanted = namespaceOf(ref, info);
  const old = new Set(all(before, info).map(({ metadata }) => metadata.uid));
  const candidates = all(now, info).filter(({ metadata }) => !old.has(metadata.uid));
  const elsewhere = candidates.find(({ metadata }) => metadata.name === ref.name);
  if (elsewhere) {
    const namespace = elsewhere.metadata.namespace ?? '';
    return {
      en: `${ref.kind} "${ref.name}" is in namespace "${namespace}", expected in "${wanted}".`,
      ko: `${ref.kind} "${ref.name}"이(가) 네임스페이스 "${namespace}"에 있습니다. "${wanted}"에 있어야 합니다.`,
    };
  }
  const alike = candidates
    .filter(({ metadata }) => distance(metadata.name, ref.name, TYPO) <= TYPO)
    .sort((a, b) => Number(b.metadata.namespace === wanted) - Number(a.metadata.namespace === wanted))[0];
  if (!alike) return undefined;
  const { name, namespace = '' } = alike.metadata;
  const there = namespace === '' || namespace === wanted ? '' : ` in namespace "${namespace}"`;
  const dort = there === '' ? '' : `네임스페이스 "${namespace}"에 `;
  return {
    en: `There is a ${ref.kind} "${name}"${there}; the name has to be "${ref.name}".`,
    ko: `${dort}${ref.kind} "${name}"이(가) 있습니다. 이름은 "${ref.name}"이어야 합니다.`,
  };
}
