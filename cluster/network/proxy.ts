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
