/** A stored state, read as the cluster reads its store. */
import type { KubeObject } from '#cluster/api/types.ts';
import type { Reader } from '#cluster/store/client.ts';
import type { ClusterState } from './types.ts';

export function readerOf({ resources }: ClusterState): Reader {
  const of = (resource: string) => resources[resource] ?? [];
  return {
    get: <T extends KubeObject>(resource: string, namespace: string, name: string) =>
      of(resource).find(({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace) as
        | T
        | undefined,
    list: <T extends KubeObject>(resource: string, namespace = '') =>
      of(resource).filter(({ metadata }) => namespace === '' || metadata.namespace === namespace) as T[],
  };
}
