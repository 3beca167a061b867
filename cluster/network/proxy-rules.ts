/**
 * The rules that kube-proxy has left on a node when it went: packets are led by them as they were, and nobody brings them up to date.
 * They lie in the store beside the objects, under a name that no client can ask for.
 */
import type { KubeObject } from '../api/types.ts';
import type { Keep, Reader, ResourceName } from '../store/client.ts';
import { nodesWithProxy } from './proxy.ts';

const RULES = 'proxyrules.drydock';
/** What rules are made of. */
const SOURCES: readonly ResourceName[] = ['services', 'endpointslices.discovery.k8s.io'];

interface Rules extends KubeObject {
  /** Whether kube-proxy runs there: then its rules are what the objects say. */
  runs: boolean;
  left: Readonly<Record<ResourceName, readonly KubeObject[]>>;
}

const written = (node: string, rest: Pick<Rules, 'runs' | 'left'>): Rules => ({
  apiVersion: 'drydock/v1',
  kind: 'ProxyRules',
  metadata: { name: node },
  ...rest,
});

/** Notes where kube-proxy has begun or ceased to run. */
export function noteProxies(store: Keep): void {
  const running = nodesWithProxy(store);
  if (running === undefined) return;
  for (const { metadata } of store.list('nodes')) {
    const before = store.get<Rules>(RULES, '', metadata.name)?.runs ?? false;
    const runs = running.has(metadata.name);
    if (runs === before) continue;
    const left = runs ? {} : Object.fromEntries(SOURCES.map((resource) => [resource, store.list(resource)]));
    store.put(RULES, written(metadata.name, { runs, left }));
  }
}

/** The store as the node's rules show it; undefined: no kube-proxy has ever made any. */
export function rulesOn(store: Reader, node: string, runs: boolean): Reader | undefined {
  if (runs) return store;
  const rules = store.get<Rules>(RULES, '', node);
  if (rules === undefined || rules.runs) return rules && store;
  return {
    get: (resource, namespace, name) => store.get(resource, namespace, name),
    list: <T extends KubeObject>(resource: ResourceName, namespace = '') => {
      const left = rules.left[resource];
      if (left === undefined) return store.list<T>(resource, namespace);
      return left.filter(({ metadata }) => namespace === '' || metadata.namespace === namespace) as unknown as T[];
    },
  };
}
