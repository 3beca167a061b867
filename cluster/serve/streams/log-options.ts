/** What of a container's log is wanted, checked as the API server and then the kubelet do. */
import { StatusError } from '../../api/status.ts';
import type { Pod } from '../../api/types.ts';
import type { Instance } from '../../kubelet/runtime/runtime.ts';
import type { Cluster } from '../../cluster.ts';
import type { Call } from '../api.ts';
import { badRequest, chooseContainer, isTrue, statusOf, unreachable } from './pod-containers.ts';

export interface LogRequest {
  kind: 'log';
  /** undefined: nothing to show yet, and nothing wrong (a pod without a node). */
  instance: Instance | undefined;
  hasNode: boolean;
  follow: boolean;
  timestamps: boolean;
  /** Milliseconds since 1970. */
  since: number | undefined;
  tailLines: number | undefined;
  limitBytes: number | undefined;
}

interface Problem {
  field: string;
  reason: string;
  message: string;
}

function integer(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}
function time(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  const value = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(value)) {
    throw badRequest(
      `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`,
    );
  }
  return value;
}

/** @throws StatusError */
export function logStream({ cluster, request, info, target }: Call): LogRequest {
  const { query } = request;
  const [tailLines, sinceSeconds, limitBytes, sinceTime] = [
    integer(query.get('tailLines')),
    integer(query.get('sinceSeconds')),
    integer(query.get('limitBytes')),
    time(query.get('sinceTime')),
  ];
  const problems: Problem[] = [];
  const invalid = (field: string, value: number, message: string) =>
    problems.push({ field, reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${message}` });
  if (tailLines !== undefined && tailLines < 0) invalid('tailLines', tailLines, 'must be greater than or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) invalid('limitBytes', limitBytes, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    problems.push({
      field: '[]',
      reason: 'FieldValueForbidden',
      message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    });
  } else if (sinceSeconds !== undefined && sinceSeconds < 1)
    invalid('sinceSeconds', sinceSeconds, 'must be greater than 0');
  if (query.get('stream'))
    problems.push({ field: 'stream', reason: 'FieldValueForbidden', message: 'Forbidden: may not be specified' });
  if (problems.length > 0) throw invalidOptions(info.name, problems);
  const pod = cluster.registry.get(target, info.namespace, info.name) as Pod;
  const container = chooseContainer(pod, query.get('container') ?? '');
  const nodeName = pod.spec?.nodeName ?? '';
  const follow = isTrue(query.get('follow'));
  const previous = isTrue(query.get('previous'));
  const timestamps = isTrue(query.get('timestamps'));
  const since = sinceTime ?? (sinceSeconds === undefined ? undefined : cluster.now - sinceSeconds * 1000);
  const wanted = { kind: 'log' as const, follow, timestamps, since, tailLines, limitBytes };
  if (nodeName === '') return { ...wanted, instance: undefined, hasNode: false };
  const gone = unreachable(cluster, nodeName);
  if (gone !== undefined) {
    const asked = new URLSearchParams();
    if (follow) asked.append('follow', 'true');
    if (limitBytes !== undefined) asked.append('limitBytes', String(limitBytes));
    if (previous) asked.append('previous', 'true');
    if (sinceSeconds !== undefined) asked.append('sinceSeconds', String(sinceSeconds));
    if (sinceTime !== undefined) asked.append('sinceTime', new Date(sinceTime).toISOString().replace('.000Z', 'Z'));
    if (tailLines !== undefined) asked.append('tailLines', String(tailLines));
    if (timestamps) asked.append('timestamps', 'true');
    const url = `https://${nodeName}:10250/containerLogs/${info.namespace}/${info.name}/${container}${asked.size === 0 ? '' : `?${asked.toString()}`}`;
    throw new StatusError({ message: `Get "${url}": ${gone}`, code: 500 });
  }
  return { ...wanted, hasNode: true, instance: loggedInstance(cluster, pod, container, previous) };
}

function invalidOptions(name: string, problems: readonly Problem[]): StatusError {
  const texts = problems.map(({ field, message }) => `${field}: ${message}`);
  return new StatusError({
    message: `PodLogOptions ${JSON.stringify(name)} is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`,
    reason: 'Invalid',
    details: {
      name,
      kind: 'PodLogOptions',
      causes: problems.map(({ field, reason, message }) => ({ reason, message, field })),
    },
    code: 422,
  });
}

/** Whose log it is, as the kubelet decides. @throws StatusError 400 */
function loggedInstance(cluster: Cluster, pod: Pod, container: string, previous: boolean): Instance | undefined {
  const status = statusOf(pod, container);
  const who = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  if (status === undefined) throw badRequest(`${who} is not available`);
  const { running, terminated, waiting } = status.state ?? {};
  const last = status.lastState?.terminated;
  const instance = (id: string | undefined) => cluster.runtime.get((id ?? '').replace('containerd://', ''));
  if (previous) {
    if (!last?.containerID) throw badRequest(`previous terminated ${who} not found`);
    return instance(last.containerID);
  }
  if (running) return instance(status.containerID);
  if (terminated) {
    const id = terminated.containerID ?? last?.containerID;
    if (!id) throw badRequest(`${who} is terminated`);
    return instance(id);
  }
  if (last) {
    if (!last.containerID) throw badRequest(`${who} is terminated`);
    return instance(last.containerID);
  }
  if (waiting) {
    const words: Record<string, string> = {
      ErrImagePull: "image can't be pulled",
      ImagePullBackOff: 'trying and failing to pull image',
    };
    throw badRequest(`${who} is waiting to start: ${words[waiting.reason ?? ''] ?? waiting.reason ?? ''}`);
  }
  throw badRequest(`${who} is waiting to start - no logs yet`);
}
