/**
 * A pod's life as data: what is made, what happens when, and, as text, all that is then to be seen. For `testdata/`, whose
 * timelines `timeline.test.ts` compares and `write-timelines.ts` writes anew.
 */
import { parse } from 'yaml';
import type { ContainerStatus, KubeObject, Node, Pod } from '../../api/types.ts';
import { Cluster } from '../../cluster.ts';
import { resources, resourceName } from '../../schema/resources.ts';

/** A file of `testdata/`. Times are seconds after the start. */
export interface Life {
  objects: KubeObject[];
  then?: ({ at: number } & (
    | { apply: KubeObject }
    /** `pods/web` */
    | { delete: string; grace?: number }
    /** Merged into it: lists by the names in them. */
    | { change: string; subresource?: string; with: object }
  ))[];
  until: number;
}
interface Event extends KubeObject {
  involvedObject?: { name?: string; fieldPath?: string };
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  source?: { component?: string };
}

const START = Date.UTC(2026, 4, 1, 10);
/** Milliseconds between looks. */
const STEP = 100;

function stateOf(state: ContainerStatus['state']): string {
  if (state?.running) return 'running';
  if (state?.terminated) {
    const { exitCode, reason, message } = state.terminated;
    return `terminated ${exitCode} ${reason}${message ? ` "${message.trim()}"` : ''}`;
  }
  const { reason = '', message } = state?.waiting ?? {};
  return `waiting ${reason}${message ? `: ${message}` : ''}`;
}

function facts({ metadata, status = {} }: Pod): Map<string, string> {
  const said = new Map<string, string>();
  const ending = metadata.deletionTimestamp === undefined ? '' : ', deleted';
  const why = status.reason === undefined ? '' : ` ${status.reason}: ${status.message}`;
  said.set('phase', `${status.phase}${ending}${why}`);
  if (status.podIP !== undefined) said.set('address', 'given');
  for (const { type, status: value, reason, message } of status.conditions ?? []) {
    said.set(type, `${value}${reason ? ` ${reason}` : ''}${message ? `: ${message}` : ''}`);
  }
  const lists = [status.initContainerStatuses, status.containerStatuses, status.ephemeralContainerStatuses];
  for (const one of lists.flatMap((list) => list ?? [])) {
    const words = [stateOf(one.state)];
    if (one.restartCount > 0) words.push(`restarts ${one.restartCount}`);
    if (one.lastState?.terminated) words.push(`before ${stateOf(one.lastState)}`);
    if (one.ready) words.push('ready');
    else if (one.started === true && one.state?.running) words.push('started');
    said.set(one.name, words.join(', '));
  }
  return said;
}

const plain = (text: string, uids: ReadonlyMap<string, string>): string =>
  [...uids].reduce((out, [uid, name]) => out.replaceAll(uid, `UID-of-${name}`), text).replace(/[0-9a-f]{64}/g, 'ID');

/** Plays it on a cluster of one node. */
export function timelineOf(text: string): string {
  const life = parse(text) as Life;
  const cluster = Cluster.create({ now: START, bare: true, nodes: ['node01'], seed: 7 });
  const client = cluster.client('test');
  const info = (object: KubeObject) => {
    const found = resources.find(({ kind, group, version }) => {
      const [g, v] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
      return kind === object.kind && group === g && version === v;
    });
    if (found === undefined) throw new Error(`no resource for ${object.kind}`);
    return { name: resourceName(found), namespaced: found.namespaced };
  };
  const make = (object: KubeObject) => {
    const { name, namespaced } = info(object);
    client.create(name, {
      ...object,
      metadata: { ...object.metadata, ...(namespaced ? { namespace: 'default' } : {}) },
    });
  };
  const lines: string[] = [];
  const known = new Map<string, Map<string, string>>();
  const pressures = new Map<string, Map<string, string>>();
  const told = new Map<string, number>();
  const uids = new Map<string, string>();
  const say = (what: string) =>
    lines.push(`${((cluster.now - START) / 1000).toFixed(1).padStart(6)}  ${plain(what, uids)}`);
  const look = () => {
    const pods = cluster.store.list<Pod>('pods', 'default');
    for (const pod of pods) {
      const { name, uid = '' } = pod.metadata;
      uids.set(uid, name);
      const before = known.get(name) ?? new Map<string, string>();
      const now = facts(pod);
      for (const [what, value] of now) if (before.get(what) !== value) say(`${name} ${what}: ${value}`);
      for (const what of before.keys()) if (!now.has(what)) say(`${name} ${what}: gone`);
      known.set(name, now);
    }
    for (const name of known.keys()) {
      if (pods.some((pod) => pod.metadata.name === name)) continue;
      known.delete(name);
      say(`${name} is gone`);
    }
    for (const node of cluster.store.list<Node>('nodes')) {
      const pressed = (node.status?.conditions ?? []).filter(
        ({ type, status }) => type.endsWith('Pressure') && status === 'True',
      );
      const now = new Map(pressed.map(({ type, reason, message }) => [type, `${reason}: ${message}`]));
      const before = pressures.get(node.metadata.name) ?? new Map<string, string>();
      for (const [type, value] of now) if (before.get(type) !== value) say(`${node.metadata.name} ${type}: ${value}`);
      for (const type of before.keys()) if (!now.has(type)) say(`${node.metadata.name} ${type}: gone`);
      pressures.set(node.metadata.name, now);
    }
    for (const event of cluster.store.list<Event>('events', 'default')) {
      const count = event.count ?? 1;
      if (told.get(event.metadata.name) === count || event.source?.component !== 'kubelet') continue;
      told.set(event.metadata.name, count);
      const place = /\{(.*)\}/.exec(event.involvedObject?.fieldPath ?? '')?.[1];
      const who = `${event.involvedObject?.name}${place === undefined ? '' : `/${place}`}`;
      say(
        `${who} event ${event.type} ${event.reason}${count > 1 ? ` (${count})` : ''}: ${(event.message ?? '').trim()}`,
      );
    }
  };
  life.objects.forEach(make);
  const steps = (life.then ?? []).toSorted((a, b) => a.at - b.at);
  cluster.settle();
  look();
  for (let at = STEP; at <= life.until * 1000; at += STEP) {
    for (let step = steps[0]; step !== undefined && step.at * 1000 < at; step = steps[0]) {
      steps.shift();
      const [resource = '', name = ''] = ('delete' in step ? step.delete : 'change' in step ? step.change : '').split(
        '/',
      );
      if ('apply' in step) make(step.apply);
      else if ('delete' in step) {
        const grace = step.grace === undefined ? {} : { gracePeriodSeconds: step.grace };
        client.delete(resource, 'default', name, grace);
      } else {
        const current = client.get<KubeObject>(resource, 'default', name);
        const next = merged(current, step.with) as KubeObject;
        if (current !== undefined && step.subresource) client.updateSubresource(resource, step.subresource, next);
        else if (current !== undefined) client.update(resource, next);
      }
      say(
        `--- ${'apply' in step ? `apply ${step.apply.kind} ${step.apply.metadata.name}` : 'delete' in step ? `delete ${step.delete}` : `change ${step.change}`}`,
      );
    }
    cluster.advance(STEP);
    look();
  }
  return `${lines.join('\n')}\n`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
function merged(into: unknown, from: unknown): unknown {
  if (Array.isArray(into) && Array.isArray(from) && from.every(isObject)) {
    const named = new Map(into.map((one): [unknown, unknown] => [isObject(one) ? one['name'] : one, one]));
    for (const one of from) named.set(one['name'], merged(named.get(one['name']) ?? {}, one));
    return [...named.values()];
  }
  if (!isObject(into) || !isObject(from)) return from;
  const out: Record<string, unknown> = { ...into };
  for (const [key, value] of Object.entries(from)) out[key] = merged(into[key], value);
  return out;
}
