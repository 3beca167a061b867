/** A reply as bytes: JSON, YAML or protobuf; whole, as a table, or metadata only. */
import { stringify } from 'yaml';
import type { Status } from '../api/status.ts';
import type { Cluster } from '../cluster.ts';
import { encodeProtobuf, PROTOBUF } from '../schema/protobuf/protobuf.ts';
import type { JsonObject, KubeObject } from '../api/types.ts';
import { groupVersion } from '../schema/resources.ts';
import type { Reply, Subject } from './api.ts';
import type { Wanted } from './negotiate.ts';
import { renderTable, type IncludeObject } from './table/index.ts';
import { itemJson, objectJson } from './object-json.ts';
import type { WatchEvent } from './watch.ts';

export interface Encoded {
  contentType: string;
  bytes: string | Uint8Array;
}

type Whole = Extract<Reply, { kind: 'object' | 'list' }>;

const JSON_TYPE = 'application/json';

/** Items of a typed list carry no apiVersion and kind of their own. */
const bare = ({ apiVersion: _version, kind: _kind, ...rest }: KubeObject) => rest;

const metadataOnly = ({ metadata }: KubeObject) => ({
  apiVersion: 'meta.k8s.io/v1',
  kind: 'PartialObjectMetadata',
  metadata,
});

function encode(value: unknown, wanted: Wanted, subject: Subject | undefined): Encoded {
  if (wanted.encoding === 'yaml') return { contentType: 'application/yaml', bytes: stringify(value) };
  if (wanted.encoding === 'protobuf' && subject) {
    return { contentType: PROTOBUF, bytes: encodeProtobuf(value as JsonObject) };
  }
  return { contentType: JSON_TYPE, bytes: JSON.stringify(value) };
}

export function include(query: URLSearchParams): IncludeObject {
  const asked = query.get('includeObject');
  return asked === 'None' || asked === 'Object' ? asked : 'Metadata';
}

function table(cluster: Cluster, subject: Subject, objects: readonly KubeObject[], query: URLSearchParams) {
  const { info, kind } = subject.target;
  return renderTable({ info, kind, objects, context: cluster.registry.backend, include: include(query) });
}

export function encodeReply(cluster: Cluster, reply: Whole, query: URLSearchParams): Encoded {
  const { wanted, subject } = reply;
  if (reply.kind === 'list') {
    const { info } = reply.subject.target;
    const { items, metadata } = reply;
    if (wanted.as === 'Table')
      return encode({ ...table(cluster, reply.subject, items, query), metadata }, wanted, undefined);
    if (wanted.as === 'PartialObjectMetadataList') {
      const list = {
        apiVersion: 'meta.k8s.io/v1',
        kind: 'PartialObjectMetadataList',
        metadata,
        items: items.map(metadataOnly),
      };
      return encode(list, { ...wanted, encoding: 'json' }, undefined);
    }
    const list = { kind: `${info.kind}List`, apiVersion: groupVersion(info), metadata };
    if (wanted.encoding !== 'json') return encode({ ...list, items: items.map(bare) }, wanted, subject);
    const head = JSON.stringify(list).slice(0, -1);
    return { contentType: JSON_TYPE, bytes: `${head},"items":[${items.map(itemJson).join(',')}]}` };
  }
  const { object } = reply;
  if (object.kind === 'Status' || !subject) return encode(object, wanted, subject);
  const whole = object as KubeObject;
  if (wanted.as === 'Table') {
    const { resourceVersion } = whole.metadata;
    return encode({ ...table(cluster, subject, [whole], query), metadata: { resourceVersion } }, wanted, undefined);
  }
  if (wanted.as === 'PartialObjectMetadata')
    return encode(metadataOnly(whole), { ...wanted, encoding: 'json' }, undefined);
  if (wanted.encoding === 'json') return { contentType: JSON_TYPE, bytes: objectJson(whole) };
  return encode(whole, wanted, subject);
}

/** One line of a watch. Only the first table of a watch has the column definitions. */
export function encodeEvent(
  cluster: Cluster,
  reply: Extract<Reply, { kind: 'watch' }>,
  event: WatchEvent,
  first: boolean,
): string {
  const { wanted, subject, query } = reply;
  let object: KubeObject | Status | object = event.object;
  if (wanted.as === 'Table') {
    const whole = table(cluster, subject, event.type === 'BOOKMARK' ? [] : [event.object], query);
    object = {
      ...whole,
      metadata: { resourceVersion: event.object.metadata.resourceVersion },
      columnDefinitions: first ? whole.columnDefinitions : null,
      ...(event.type === 'BOOKMARK' ? { rows: [{ cells: [], object: event.object }] } : {}),
    };
  } else if (wanted.as.startsWith('PartialObjectMetadata')) object = metadataOnly(event.object);
  const text = object === event.object ? objectJson(event.object) : JSON.stringify(object);
  return `{"type":"${event.type}","object":${text}}\n`;
}
