/** Whether a node has somebody who makes Services work. */
import type { Pod } from '../api/types.ts';
import type { Reader } from '../store/client.ts';

const NAMESPACE = 'kube-system';
const isProxy = (image = ''): boolean => /(^|\/)kube-proxy(:|@|$)/.test(image);

/** A cluster that kubeadm has not set up needs no kube-proxy: its Services always work. */
export function proxyRuns(store: Reader, nodeName: string): boolean {
  if (!store.get('configmaps', NAMESPACE, 'kubeadm-config')) return true;
  return store
    .list<Pod>('pods', NAMESPACE)
    .some(
      ({ spec, status }) =>
        spec?.nodeName === nodeName &&
        (spec.containers ?? []).some(
          ({ name, image }) =>
            isProxy(image) &&
            (status?.containerStatuses ?? []).some((one) => one.name === name && one.state?.running !== undefined),
        ),
    );
}

/** Names of the nodes on which it runs; undefined: this cluster needs none. */
export function nodesWithProxy(store: Reader): ReadonlySet<string> | undefined {
  if (!store.get('configmaps', NAMESPACE, 'kubeadm-config')) return undefined;
  const names = new Set<string>();
  for (const { spec, status } of store.list<Pod>('pods', NAMESPACE)) {
    const proxy = (spec?.containers ?? []).find(({ image }) => isProxy(image));
    if (proxy === undefined || spec?.nodeName === undefined) continue;
    const state = (status?.containerStatuses ?? []).find(({ name }) => name === proxy.name)?.state;
    if (state?.running !== undefined) names.add(spec.nodeName);
  }
  return names;
}
