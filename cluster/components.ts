/**
 * Who does what in a control plane: a controller acts only while the component that it is a part of runs. In a cluster whose control
 * plane is not made of pods (a bare one) everything always runs.
 */
import type { Node, Pod } from './api/types.ts';
import { NODE_FILES } from './node-files.ts';
import type { Reader } from './store/client.ts';

export type Component = 'kube-scheduler' | 'kube-controller-manager' | 'kube-apiserver' | 'etcd';

const MIRROR = 'kubernetes.io/config.mirror';

/** Whether one of the control plane's nodes has this component running. */
export function componentRuns(store: Reader, component: Component): boolean {
  const hosts = store.list(NODE_FILES);
  if (hosts.length === 0) return true;
  return hosts.some(({ metadata }) => {
    const pod = store.get<Pod>('pods', 'kube-system', `${component}-${metadata.name}`);
    const node = store.get<Node>('nodes', '', metadata.name);
    return (
      node !== undefined &&
      pod?.metadata.annotations?.[MIRROR] !== undefined &&
      (pod.status?.containerStatuses ?? []).some(({ state }) => state?.running !== undefined)
    );
  });
}
