/** Which container or port a request wants to get into, and why it may not: what the API server checks before it turns to a kubelet. */
import { authorize, refusal } from '../../access/authorizer.ts';
import { forbiddenError, notFoundError, StatusError } from '../../api/status.ts';
import type { Container, ContainerStatus, Node, Pod } from '../../api/types.ts';
import type { Cluster } from '../../cluster.ts';
import { isNodeOff } from '../../controllers/node-lifecycle/index.ts';
import type { Instance } from '../../kubelet/runtime/runtime.ts';
import type { Call } from '../api.ts';
import { logStream, type LogRequest } from './log-options.ts';
import { proxyStream, type ProxyRequest } from './proxy-target.ts';

export interface IntoContainer {
  kind: 'exec' | 'attach';
  pod: Pod;
  container: string;
  command: readonly string[];
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
  /** Where its kubelet would be asked: for messages. */
  url: string;
  unreachable: string | undefined;
}
export interface IntoPorts {
  kind: 'portforward';
  pod: Pod;
  /** As older clients name them in the query. */
  ports: readonly number[];
  unreachable: string | undefined;
}
export type Stream = IntoContainer | IntoPorts | LogRequest | ProxyRequest;

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

/** What a subresource of that name opens. @throws StatusError */
export function connect(call: Call): Stream {
  const { cluster, request, info, target, context } = call;
  if (info.subresource === 'proxy') return proxyStream(call);
  const namespace = info.namespace;
  const { query } = request;
  if (info.subresource === 'log') return logStream(call);
  // a WebSocket starts with a GET, and must not need less than a POST does
  if (info.verb === 'get') {
    const asked = { ...info, verb: 'create' };
    const { allowed, reason } = authorize(cluster.store, context.user, asked);
    if (!allowed)
      throw forbiddenError(
        { group: info.group, resource: info.resource },
        info.name,
        refusal(context.user, asked, reason),
      );
  }
  const ports = info.subresource === 'portforward' ? query.getAll('ports').flatMap(portNumbers) : [];
  const pod = cluster.registry.get(target, namespace, info.name) as Pod;
  const container = info.subresource === 'portforward' ? '' : chooseContainer(pod, query.get('container') ?? '');
  const nodeName = pod.spec?.nodeName ?? '';
  if (nodeName === '') throw badRequest(`pod ${info.name} does not have a host assigned`);
  const gone = unreachable(cluster, nodeName);
  if (info.subresource === 'portforward') return { kind: 'portforward', pod, ports, unreachable: gone };
  const [stdin, stdout, stderr, tty] = ['stdin', 'stdout', 'stderr', 'tty'].map((name) => isTrue(query.get(name))) as [
    boolean,
    boolean,
    boolean,
    boolean,
  ];
  const kind = info.subresource === 'exec' ? 'exec' : 'attach';
  const command = kind === 'exec' ? query.getAll('command') : [];
  const asked = new URLSearchParams();
  for (const word of command) asked.append('command', word);
  if (stderr) asked.append('error', '1');
  if (stdin) asked.append('input', '1');
  if (stdout) asked.append('output', '1');
  if (tty) asked.append('tty', '1');
  const url = `https://${nodeName}:10250/${kind}/${namespace}/${info.name}/${container}${asked.size === 0 ? '' : `?${asked.toString()}`}`;
  return { kind, pod, container, command, stdin, stdout, stderr, tty, url, unreachable: gone };
}

function portNumbers(text: string): number[] {
  return text.split(',').map((one) => {
    const fail = (why: string) =>
      badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${JSON.stringify(one)}: ${why}`);
    if (!/^\d+$/.test(one)) throw fail('invalid syntax');
    if (Number(one) > 65_535) throw fail('value out of range');
    return Number(one);
  });
}

export const statusOf = ({ status }: Pod, container: string): ContainerStatus | undefined =>
  [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].find((one) => one.name === container);
export const specOf = ({ spec }: Pod, container: string): Container | undefined =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])].find(
    (one) => one.name === container,
  );

/** The running container; undefined: it does not run. */
export function runningInstance(cluster: Cluster, pod: Pod, container: string): Instance | undefined {
  const current = cluster.store.get<Pod>('pods', pod.metadata.namespace ?? '', pod.metadata.name) ?? pod;
  const status = statusOf(current, container);
  if (!status?.state?.running) return undefined;
  const instance = cluster.runtime.get((status.containerID ?? '').replace('containerd://', ''));
  return instance?.process.ended === undefined ? instance : undefined;
}
