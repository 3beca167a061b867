/** Which container or port a request wants to get into, and why it may not: what the API server checks before it turns to a kubelet. */
import { authorize, refusal } from '../../access/authorizer.ts';
import { forbiddenError } from '../../api/status.ts';
import type { Pod } from '../../api/types.ts';
import type { Call } from '../api.ts';
import { logStream, type LogRequest } from './log-options.ts';
import { badRequest, chooseContainer, isTrue, unreachable } from './pod-containers.ts';
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
