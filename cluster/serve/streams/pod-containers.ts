/** A pod's containers as the streams need them: which is meant, whether it runs, and whether its kubelet can be reached. */
import { notFoundError, StatusError } from '../../api/status.ts';
import type { ContainerStatus, Node, Pod } from '../../api/types.ts';
import type { Cluster } from '../../cluster.ts';
import { isNodeOff } from '../../controllers/node-lifecycle/index.ts';
import type { Instance } from '../../kubelet/runtime/runtime.ts';

export const badRequest = (message: string): StatusError =>
  new StatusError({ message, reason: 'BadRequest', code: 400 });

/** Whether a query says yes: any value but these. */
export const isTrue = (value: string | null): boolean =>
  value !== null && !['false', '0', 'False', 'FALSE', 'f', 'F'].includes(value);

export function containersOf({ spec }: Pod): string[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );
}

/** @throws StatusError 400 */
export function chooseContainer(pod: Pod, asked: string): string {
  const names = containersOf(pod);
  if (asked !== '') {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return asked;
  }
  const { containers = [] } = pod.spec ?? {};
  const [only] = containers;
  if (containers.length === 1 && only !== undefined) return only.name;
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
  );
}

/** Why nobody answers at the node's kubelet, in the words of a failed connection; undefined: somebody does. @throws StatusError */
export function unreachable(cluster: Cluster, nodeName: string): string | undefined {
  const node = cluster.store.get<Node>('nodes', '', nodeName);
  if (node === undefined) throw notFoundError({ group: '', resource: 'nodes' }, nodeName);
  const address = (node.status?.addresses ?? []).find((one) => one.type === 'InternalIP')?.address ?? '127.0.0.1';
  if (!cluster.hasContainers) return 'dial tcp 127.0.0.1:10250: connect: connection refused';
  return isNodeOff(cluster.store, nodeName) ? `dial tcp ${address}:10250: connect: connection refused` : undefined;
}

export const statusOf = ({ status }: Pod, container: string): ContainerStatus | undefined =>
  [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].find((one) => one.name === container);
/** The running container; undefined: it does not run. */
export function runningInstance(cluster: Cluster, pod: Pod, container: string): Instance | undefined {
  const current = cluster.store.get<Pod>('pods', pod.metadata.namespace ?? '', pod.metadata.name) ?? pod;
  const status = statusOf(current, container);
  if (!status?.state?.running) return undefined;
  const instance = cluster.runtime.get((status.containerID ?? '').replace('containerd://', ''));
  return instance?.process.ended === undefined ? instance : undefined;
}
