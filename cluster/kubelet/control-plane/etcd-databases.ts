/**
 * Which state of the cluster etcd serves. A data folder holds the name of a database, or a snapshot that was restored into it; an
 * etcd that starts on another folder than before brings the cluster to the state that lies there, and keeps the one that it leaves,
 * for whoever turns back.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { KubeObject, Pod } from '../../api/types.ts';
import type { Keep, ResourceName } from '../../store/client.ts';
import type { EtcdData, EtcdDatabases } from '../shell/box.ts';
import { readSnapshotFile, snapshotFile } from './snapshot-file.ts';

type Resources = Readonly<Record<ResourceName, readonly KubeObject[]>>;

export interface WholeStore extends Keep {
  remove(resource: ResourceName, namespace: string, name: string): KubeObject | undefined;
}

/** Names that no client can ask for. */
const DATABASES = 'etcddatabases.drydock';
const OWN = '.drydock';
const ACTIVE = 'active';
const FIRST = 'first';
/** What the file of a database that this cluster knows begins with; its name follows. */
const MARK = '\0\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\xed\xda\x0c\xed\0database ';
const STORAGE_VERSION = '3.6.0';
const MIRROR = 'kubernetes.io/config.mirror';
const LEASES = 'leases.coordination.k8s.io';
const NODE_LEASES = 'kube-node-lease';

interface Database extends KubeObject {
  /** Of the active one: its name. */
  database?: string;
  /** Of one that is not active. */
  resources?: Resources;
}

/** What lies in the data folder of a new cluster. */
export const FIRST_DATABASE = `${MARK}${FIRST}`;

const record = (name: string, rest: Partial<Database>): Database => ({
  apiVersion: 'drydock/v1',
  kind: 'EtcdDatabase',
  metadata: { name },
  ...rest,
});

/** The kubelets' own: they write it again as it is, whatever was in the database. */
const isNodes = (resource: ResourceName, { metadata }: KubeObject): boolean =>
  (resource === 'pods' && metadata.annotations?.[MIRROR] !== undefined) ||
  (resource === LEASES && metadata.namespace === NODE_LEASES);

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

function current(store: Keep): Record<ResourceName, readonly KubeObject[]> {
  const own = store.resources().filter((resource) => !resource.endsWith(OWN));
  return Object.fromEntries(own.map((resource) => [resource, store.list(resource)]));
}

/** Makes the store hold these objects, and those of the nodes' own that it has. */
function load(store: WholeStore, wanted: Resources): void {
  const names = new Set([...store.resources(), ...Object.keys(wanted)]);
  for (const resource of names) {
    if (resource.endsWith(OWN)) continue;
    const next = new Map((wanted[resource] ?? []).map((object) => [keyOf(object), object]));
    for (const object of store.list(resource)) {
      const key = keyOf(object);
      if (isNodes(resource, object)) next.delete(key);
      else if (!next.has(key)) store.remove(resource, object.metadata.namespace ?? '', object.metadata.name);
    }
    for (const object of next.values()) {
      if (isNodes(resource, object)) continue;
      const { namespace = '', name } = object.metadata;
      if (store.get(resource, namespace, name) === object) continue;
      store.put(resource, { ...object, metadata: { ...object.metadata } });
    }
  }
}

/** What was saved, if it is what we save: a file that somebody made up is no database. */
function unpack(contents: string): Resources | undefined {
  try {
    const parsed: unknown = JSON.parse(gunzipSync(Buffer.from(contents, 'latin1')).toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const whole = Object.values(parsed).every(
      (list: unknown) =>
        Array.isArray(list) &&
        list.every((one: Partial<Pod> | null) => typeof one?.metadata?.name === 'string' && one.kind !== undefined),
    );
    return whole ? (parsed as Resources) : undefined;
  } catch {
    // neither gzip nor JSON
    return undefined;
  }
}

/** `fresh`: what an API server writes into an empty etcd, and the nodes that register there. */
export function etcdDatabases(store: WholeStore, data: EtcdData, fresh: () => Resources): EtcdDatabases {
  const active = () => store.get<Database>(DATABASES, '', ACTIVE)?.database ?? FIRST;
  const serve = (name: string, resources: Resources): { file: string } => {
    const left = record(active(), { resources: current(store) });
    store.put(DATABASES, left);
    store.put(DATABASES, record(ACTIVE, { database: name }));
    load(store, resources);
    if (store.get(DATABASES, '', name)) store.remove(DATABASES, '', name);
    return { file: `${MARK}${name}` };
  };
  return {
    save() {
      const contents = gzipSync(JSON.stringify(current(store))).toString('latin1');
      const facts = { revision: data.revision(), totalKey: data.keys().length, version: STORAGE_VERSION };
      return snapshotFile(facts, contents);
    },
    open(file) {
      if (file === undefined) return serve(`new-${store.revision}`, fresh());
      if (file.startsWith(MARK)) {
        const name = file.slice(MARK.length);
        const kept = store.get<Database>(DATABASES, '', name)?.resources;
        return name === active() || kept === undefined ? { file } : serve(name, kept);
      }
      const read = readSnapshotFile(file);
      const resources = 'problem' in read ? undefined : unpack(read.contents);
      if (resources === undefined) return { problem: 'invalid database' };
      return serve(`restored-${store.revision}`, resources);
    },
  };
}
