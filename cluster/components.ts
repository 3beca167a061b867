/**
 * Who does what in a control plane: a controller acts only while the component that it is a part of runs. In a cluster whose control
 * plane is not made of pods (a bare one) everything always runs.
 */
import type { Node, Pod } from './api/types.ts';
import { controlPlaneNodes } from './node-files.ts';
import type { Reader } from './store/client.ts';

type StaticPod = 'kube-scheduler' | 'kube-controller-manager';
/** `local-path-provisioner` is a Deployment, which a bare cluster does not have. */
export type Component = StaticPod | 'local-path-provisioner';

const PROVISIONER_NAMESPACE = 'local-path-storage';
const MIRROR = 'kubernetes.io/config.mirror';

const isRunning = (pod: Pod | undefined): boolean =>
  (pod?.status?.containerStatuses ?? []).some(({ state }) => state?.running !== undefined);

export function componentRuns(store: Reader, component: Component): boolean {
  if (component !== 'local-path-provisioner') return onSomeNode(store, component);
  // a bare cluster has no such namespace: nothing to look through
  if (!store.get('namespaces', '', PROVISIONER_NAMESPACE)) return false;
  return store
    .list<Pod>('pods', PROVISIONER_NAMESPACE)
    .some((pod) => pod.metadata.labels?.['app'] === component && isRunning(pod));
}

/** Whether one of the control plane's nodes has it running. */
function onSomeNode(store: Reader, component: StaticPod): boolean {
  const hosts = controlPlaneNodes(store);
  if (hosts.length === 0) return true;
  return hosts.some((name) => {
    const pod = store.get<Pod>('pods', 'kube-system', `${component}-${name}`);
    const node = store.get<Node>('nodes', '', name);
    return node !== undefined && pod?.metadata.annotations?.[MIRROR] !== undefined && isRunning(pod);
  });
}
