/** A namespace as lines that two clusters can have in common: no ids, times and names by chance. */
import type { Fields, Side } from './watched.ts';

const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX = new RegExp(`-[${SAFE}]{5}\\b`, 'g');
const HASH_LABELS = ['pod-template-hash', 'controller-revision-hash', 'controller.kubernetes.io/hash'];
/** What only one server can know, or chance decides. */
const LEFT_OUT = new Set([
  // the certificate of the cluster
  '.data.ca.crt',
  '.metadata.uid',
  '.metadata.resourceVersion',
  '.metadata.creationTimestamp',
  '.metadata.managedFields',
  '.metadata.deletionTimestamp',
  '.metadata.generateName',
  '.spec.nodeName',
  '.status.hostIP',
  '.status.hostIPs',
  '.status.podIP',
  '.status.podIPs',
]);
/** Each in a cluster's own words, or told by somebody who is no part of this. */
const SILENT = new Set(['default-scheduler', 'persistentvolume-controller']);

/** The names that contents gave, by the order in which they came up. */
function hashesOf(side: Side): Map<string, string> {
  const hashes = new Map<string, string>();
  const known = [...side.seen.values()].toSorted((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1));
  for (const { kind, metadata } of known) {
    if (kind !== 'ReplicaSet' && kind !== 'ControllerRevision') continue;
    for (const label of HASH_LABELS) {
      const hash = metadata.labels?.[label];
      if (hash !== undefined && !hashes.has(hash)) hashes.set(hash, `<hash${hashes.size + 1}>`);
    }
  }
  return hashes;
}
const revisionOf = (object: Fields) =>
  Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? object['revision'] ?? 0);
const stampOf = (object: Fields) =>
  `${object.metadata.creationTimestamp} ${String(revisionOf(object)).padStart(5, '0')}`;

export function nameless(side: Side): (text: string) => string {
  const hashes = [...hashesOf(side)];
  return (text) => {
    let out = text.replaceAll(side.namespace, '<ns>').replaceAll(UID, '<uid>').replaceAll(TIME, '<time>');
    for (const [hash, alias] of hashes) out = out.replaceAll(hash, alias);
    out = out.replaceAll(/Chose .* arbitrarily/g, 'Chose <one> arbitrarily');
    return out.replaceAll(SUFFIX, '-<5>').replaceAll(/kube-api-access-<5>/g, 'kube-api-access');
  };
}

function* lines(value: unknown, path: string): Generator<string> {
  if (LEFT_OUT.has(path)) return;
  if (Array.isArray(value)) {
    for (const [position, part] of value.entries()) {
      const named = part as { type?: unknown; name?: unknown } | null;
      const name = named?.type ?? named?.name;
      yield* lines(part, `${path}[${position}${typeof name === 'string' ? ` ${name}` : ''}]`);
    }
    if (value.length === 0) yield `${path}=[]`;
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) yield `${path}={}`;
    for (const [key, part] of entries) yield* lines(part, `${path}.${key}`);
  } else yield `${path}=${JSON.stringify(value)}`;
}

interface EventFields extends Fields {
  reason: string;
  message: string;
  type: string;
  count?: number;
  source?: { component?: string };
  reportingComponent?: string;
  involvedObject: { kind: string; name: string };
}

/** How often something failed says how fast it was tried again: no two runs agree. */
const told = ({ reason, message, type, count, source, involvedObject }: EventFields): string =>
  `${involvedObject.kind}/${involvedObject.name} ${type} ${reason} x${type === 'Warning' ? 'N' : (count ?? 1)} (${source?.component ?? ''}): ${message}`;

/** Lines with how often they are there. */
export type State = Map<string, number>;

export function stateOf(side: Side): State {
  const state: State = new Map();
  const clean = nameless(side);
  const add = (line: string) => {
    const text = clean(line);
    state.set(text, (state.get(text) ?? 0) + 1);
  };
  for (const [resource, objects] of side.objects) {
    for (const object of objects.values()) {
      if (resource === 'events') {
        const event = object as EventFields;
        if (!SILENT.has(event.source?.component || (event.reportingComponent ?? ''))) add(`event ${told(event)}`);
        continue;
      }
      const title = `${resource}/${object.metadata.name}`;
      add(title);
      if (object.metadata.deletionTimestamp !== undefined) add(`${title} is being deleted`);
      const { kind: _kind, apiVersion: _version, ...rest } = object;
      for (const line of lines(rest, '')) add(`${title} ${line}`);
    }
  }
  return state;
}

/** Lines that ours has and no run of the oracle, and those that all of its runs have and ours has not. */
export function parting(oracle: readonly State[], ours: State): string[] {
  const all = new Set([...oracle.flatMap((state) => [...state.keys()]), ...ours.keys()]);
  const out: string[] = [];
  for (const line of all) {
    const counts = oracle.map((state) => state.get(line) ?? 0);
    const own = ours.get(line) ?? 0;
    if (own >= Math.min(...counts) && own <= Math.max(...counts)) continue;
    const times = (count: number) => (count === 1 ? '' : `${count} x `);
    if (own > Math.max(...counts))
      out.push(`+ ${times(own)}${line}${counts[0] ? ` (oracle: ${counts.join('/')})` : ''}`);
    else out.push(`- ${times(counts[0] ?? 0)}${line}${own ? ` (ours: ${own})` : ''}`);
  }
  return out.toSorted((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
}
