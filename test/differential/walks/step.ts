/** What a walk is made of. */
import type { Fields, Side } from './watched.ts';

/** One of the pods that are there, told without its name. */
export interface Pick {
  /** Labels that it must have, as `key=value`. */
  labels?: string;
  /** Of those, in the order of their creation (StatefulSet: name; Indexed Job: index; DaemonSet: node), which; wraps. */
  which: number;
}

export type Step =
  | { method: string; path: string; body?: unknown; type?: string }
  | { pod: Pick; method: string; path?: string; body?: unknown; type?: string }
  | { waitMs: number };

export interface Subject {
  /** Milliseconds of silence that count as rest. */
  quiet: number;
  steps(draw: Draw): Step[];
}

/** Numbers from a seed (mulberry32). */
export class Draw {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  /** 0 to n-1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
  chance(share: number): boolean {
    return this.next() < share;
  }
  /** `value` or, as often as not, nothing. */
  maybe<T extends object>(value: T, share = 0.5): T | object {
    return this.chance(share) ? value : {};
  }
}

const API: Record<string, string> = {
  pods: '/api/v1',
  replicationcontrollers: '/api/v1',
  configmaps: '/api/v1',
  resourcequotas: '/api/v1',
  persistentvolumeclaims: '/api/v1',
  deployments: '/apis/apps/v1',
  replicasets: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  daemonsets: '/apis/apps/v1',
  controllerrevisions: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  cronjobs: '/apis/batch/v1',
  poddisruptionbudgets: '/apis/policy/v1',
  horizontalpodautoscalers: '/apis/autoscaling/v2',
};
const MERGE = 'application/merge-patch+json';

/** `jobs/a` to `/apis/batch/v1/namespaces/<ns>/jobs/a`; `<ns>` is filled in when it is played. */
const path = (short: string) => `${API[short.split(/[/?]/)[0] ?? ''] ?? ''}/namespaces/<ns>/${short}`;
export const create = (resource: string, body: unknown): Step => ({ method: 'POST', path: path(resource), body });
export const patch = (at: string, body: unknown, type = MERGE): Step => ({
  method: 'PATCH',
  path: path(at),
  body,
  type,
});
export const strategic = (at: string, body: unknown): Step => patch(at, body, 'application/strategic-merge-patch+json');
export const remove = (at: string, propagationPolicy?: string): Step => ({
  method: 'DELETE',
  path: path(at),
  body: propagationPolicy === undefined ? {} : { propagationPolicy },
});
export const onPod = (pod: Pick, method: string, at?: string, body?: unknown, type = MERGE): Step => ({
  pod,
  method,
  ...(at === undefined ? {} : { path: at }),
  ...(body === undefined ? {} : { body, type: method === 'PATCH' ? type : 'application/json' }),
});

/** A pod's status as a kubelet would leave it. */
export const podStatus = (pod: Pick, status: object): Step =>
  onPod(pod, 'PATCH', 'status', { status }, 'application/strategic-merge-patch+json');
/** Long ago, so that nobody waits; `<now>` is filled in when it is played. */
const LONG_AGO = '2026-01-01T00:00:00Z';
export const ready = (pod: Pick, is: boolean): Step =>
  podStatus(pod, {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: is ? 'True' : 'False', lastTransitionTime: LONG_AGO }],
  });
export const phase = (pod: Pick, to: string, exitCode?: number): Step =>
  podStatus(pod, {
    phase: to,
    conditions: [{ type: 'Ready', status: to === 'Running' ? 'True' : 'False', lastTransitionTime: LONG_AGO }],
    ...(exitCode === undefined
      ? {}
      : {
          containerStatuses: [
            {
              name: 'main',
              image: 'nginx',
              imageID: '',
              ready: false,
              restartCount: 0,
              state: { terminated: { exitCode, reason: exitCode ? 'Error' : 'Completed' } },
            },
          ],
        }),
  });
export const evict = (pod: Pick): Step => ({
  pod,
  method: 'POST',
  path: 'eviction',
  body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: {} },
});

const rankOf = (pod: Fields): string => {
  const index = pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
  const [owner] = pod.metadata.ownerReferences ?? [];
  if (index !== undefined) return index.padStart(5, '0');
  if (owner?.kind === 'StatefulSet') return pod.metadata.name;
  if (owner?.kind === 'DaemonSet')
    return JSON.stringify(pod['spec']).match(/"matchFields":.*?"values":\["([^"]*)"/)?.[1] ?? '';
  return '';
};

function picked(side: Side, { labels, which }: Pick): string | undefined {
  const wanted = (labels ?? '')
    .split(',')
    .filter(Boolean)
    .map((one) => one.split('='));
  const pods = [...(side.objects.get('pods')?.values() ?? [])]
    .filter((pod) => wanted.every(([key = '', value]) => pod.metadata.labels?.[key] === value))
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .map((pod, position) => ({ pod, position, rank: rankOf(pod) }))
    .toSorted((a, b) => (a.rank === b.rank ? a.position - b.position : a.rank < b.rank ? -1 : 1));
  return pods[which % Math.max(1, pods.length)]?.pod.metadata.name;
}

const NODES = ['controlplane', 'node01', 'node02'];
const filled = (text: string, side: Side): string =>
  text
    .replaceAll('<ns>', side.namespace)
    .replaceAll('<now>', new Date().toISOString().replace(/\.\d+/, ''))
    .replaceAll(/<node:(\d)>/g, (_, position: string) => NODES[Number(position)] ?? '');

/** Plays a step; returns what was answered, in a line. */
export async function play(side: Side, step: Step): Promise<string> {
  if ('waitMs' in step) {
    await new Promise((done) => {
      setTimeout(done, step.waitMs);
    });
    return '';
  }
  let at = step.path ?? '';
  let { body } = step;
  if ('pod' in step) {
    const name = picked(side, step.pod);
    if (name === undefined) return 'no such pod';
    at = `/api/v1/namespaces/<ns>/pods/${name}${step.path === undefined ? '' : `/${step.path}`}`;
    if (step.path === 'eviction') body = { ...(body as object), metadata: { name } };
  }
  // uids of objects that are there: `<uid:replicasets/a>`
  const text = filled(JSON.stringify(body ?? null), side).replaceAll(
    /<uid:([^/>]+)\/([^>]+)>/g,
    (_, resource: string, name: string) => side.objects.get(resource)?.get(name)?.metadata.uid ?? 'none',
  );
  const { code, text: answer } = await side.server.send(
    step.method,
    filled(at, side),
    body === undefined ? undefined : (JSON.parse(text) as unknown),
    step.type,
  );
  const { message, kind } = JSON.parse(answer) as { message?: string; kind?: string };
  return `${code} ${kind === 'Status' ? (message ?? '') : ''}`;
}
