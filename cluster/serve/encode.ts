/** A reply as bytes: JSON, YAML or protobuf; whole, as a table, or metadata only. */
import { badRequest, StatusError } from '../api/status.ts';
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import type { Cluster } from '../cluster.ts';
import { goJson, prettyJson } from '../schema/go-json.ts';
import { metaSchema } from '../schema/openapi/schema-facts.ts';
import { encodeMetadataOnly, encodeProtobuf, encodeWatchEvent, PROTOBUF } from '../schema/protobuf/protobuf.ts';
import { groupVersion, type ResourceInfo } from '../schema/resources.ts';
import { schemaNameOf } from '../schema/lookup.ts';
import type { Reply, Subject } from './api.ts';
import type { Wanted } from './negotiate.ts';
import { goTypeName } from './go-type-name.ts';
import { renderTable, type Column, type IncludeObject, type Row } from './table/index.ts';
import { itemBytes, itemJson, objectJson } from './object-json.ts';
import type { WatchEvent } from './watch.ts';
import { yamlText } from './write-yaml.ts';

export interface Encoded {
  contentType: string;
  bytes: string | Uint8Array;
}

type Whole = Extract<Reply, { kind: 'object' | 'list' }>;

const JSON_TYPE = 'application/json';
const META = { ref: metaSchema('ObjectMeta') };
const LIST_META = { ref: metaSchema('ListMeta') };
const STATUS = { ref: metaSchema('Status') };

const metaVersion = ({ version }: Wanted): string => `meta.k8s.io/${version ?? 'v1'}`;

const partial = (metadata: KubeObject['metadata'], wanted: Wanted): string =>
  `{"kind":"PartialObjectMetadata","apiVersion":"${metaVersion(wanted)}","metadata":${goJson(metadata, META)}}`;

const infoOf = ({ target }: Subject): ResourceInfo => target.served?.info ?? target.info;

/** An object in the version that was asked for. */
const shown = ({ target }: Subject, object: KubeObject): KubeObject => target.served?.fromStored(object) ?? object;

/** JSON text in the form that was asked for. */
function text(json: string, wanted: Wanted): Encoded {
  if (wanted.encoding === 'yaml') return { contentType: 'application/yaml', bytes: yamlText(JSON.parse(json) as Json) };
  return { contentType: JSON_TYPE, bytes: wanted.pretty ? prettyJson(json) : `${json}\n` };
}

/** A value whose fields are in Go's order already. It has no protobuf form here: clients that ask for that take JSON too. */
export const encodeDocument = (value: JsonObject, wanted: Wanted): Encoded =>
  text(JSON.stringify(value), wanted.encoding === 'protobuf' ? { ...wanted, encoding: 'json' } : wanted);

const INCLUDE: readonly string[] = ['Metadata', 'Object', 'None', ''] satisfies (IncludeObject | '')[];

/** @throws StatusError for what a table's rows cannot carry */
export function include(query: URLSearchParams): IncludeObject {
  const asked = query.get('includeObject') ?? '';
  if (!INCLUDE.includes(asked)) {
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(asked)}: must be 'Metadata', 'Object', 'None', or empty`,
    );
  }
  return asked === '' ? 'Metadata' : (asked as IncludeObject);
}

const rowText = ({ cells, object }: Row, wanted: Wanted, subject: Subject): string => {
  const text =
    object === null
      ? 'null'
      : object.kind === 'PartialObjectMetadata'
        ? partial(object.metadata, wanted)
        : objectJson(shown(subject, object));
  return `{"cells":${goJson(cells)},"object":${text}}`;
};

interface TableParts {
  objects: readonly KubeObject[];
  metadata: object;
  /** Only the first table of a watch tells the columns. */
  columns: boolean;
}

function table(cluster: Cluster, subject: Subject, parts: TableParts, wanted: Wanted, query: URLSearchParams): string {
  const { kind } = subject.target;
  const info = infoOf(subject);
  const { objects, metadata, columns } = parts;
  const context = cluster.registry.backend;
  const { columnDefinitions, rows } = renderTable({ info, kind, objects, context, include: include(query) });
  const head = `{"kind":"Table","apiVersion":"${metaVersion(wanted)}","metadata":${goJson(metadata as Json, LIST_META)}`;
  const told = columns ? `[${columnDefinitions.map(columnText).join(',')}]` : 'null';
  return `${head},"columnDefinitions":${told},"rows":[${rows.map((row) => rowText(row, wanted, subject)).join(',')}]}`;
}

const columnText = (column: Column): string =>
  `{${(['name', 'type', 'format', 'description', 'priority'] as const)
    .map((field) => `"${field}":${goJson(column[field])}`)
    .join(',')}}`;

const conversionRefused = (message: string): StatusError =>
  new StatusError({ message, reason: 'NotAcceptable', code: 406 });

function encodeList(cluster: Cluster, reply: Extract<Whole, { kind: 'list' }>, query: URLSearchParams): Encoded {
  const { metadata, wanted, subject } = reply;
  const items = subject.target.served ? reply.items.map((item) => shown(subject, item)) : reply.items;
  const info = infoOf(subject);
  if (wanted.as === 'Table') {
    return text(table(cluster, subject, { objects: reply.items, metadata, columns: true }, wanted, query), wanted);
  }
  if (wanted.as === 'PartialObjectMetadata') {
    throw conversionRefused(
      `you requested PartialObjectMetadata, but the requested object is a list (*${goTypeName(info)}List)`,
    );
  }
  const metaText = goJson(metadata as Json, LIST_META);
  if (wanted.as === 'PartialObjectMetadataList') {
    const apiVersion = metaVersion(wanted);
    if (wanted.encoding === 'protobuf') {
      const bytes = encodeMetadataOnly({
        apiVersion,
        list: metadata as JsonObject,
        items: items as unknown as JsonObject[],
      });
      return { contentType: PROTOBUF, bytes };
    }
    // of nothing, the real server makes no list
    const rows = items.length === 0 ? 'null' : `[${items.map((item) => partial(item.metadata, wanted)).join(',')}]`;
    const head = `{"kind":"PartialObjectMetadataList","apiVersion":"${apiVersion}","metadata":${metaText}`;
    return text(`${head},"items":${rows}}`, wanted);
  }
  const kind = subject.target.custom?.listKind ?? `${info.kind}List`;
  const apiVersion = groupVersion(info);
  if (wanted.encoding === 'protobuf') {
    const list = { kind, apiVersion, metadata, items } as unknown as JsonObject;
    return { contentType: PROTOBUF, bytes: encodeProtobuf(list) };
  }
  const own = ownKind(info);
  if (own && wanted.encoding === 'json' && !wanted.pretty) {
    const head = `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${metaText},"items":[`;
    return { contentType: JSON_TYPE, bytes: joined(head, items) };
  }
  const rows = items.map(own ? itemJson : objectJson).join(',');
  const json = own
    ? `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${metaText},"items":[${rows}]}`
    : `{"apiVersion":"${apiVersion}","items":[${rows}],"kind":"${kind}","metadata":${goJson({ continue: '', ...metadata })}}`;
  return text(json, wanted);
}

const COMMA = Buffer.from(',');
const LIST_END = Buffer.from(']}\n');

/** A list's bytes out of those of its items. */
function joined(head: string, items: readonly KubeObject[]): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(head)];
  items.forEach((item, index) => {
    if (index > 0) parts.push(COMMA);
    parts.push(itemBytes(item));
  });
  parts.push(LIST_END);
  return Buffer.concat(parts);
}

/** Kubernetes' own kinds have structs, and items of their lists no apiVersion and kind; custom ones are written key by key. */
const ownKind = ({ group, version, kind }: ResourceInfo): boolean => schemaNameOf(group, version, kind) !== undefined;

/** @throws StatusError for a form that the answer does not have */
export function encodeReply(cluster: Cluster, reply: Whole, query: URLSearchParams): Encoded {
  if (reply.kind === 'list') return encodeList(cluster, reply, query);
  const { wanted, subject, object } = reply;
  if (object.kind === 'Status') {
    if (wanted.encoding === 'protobuf')
      return { contentType: PROTOBUF, bytes: encodeProtobuf(object as unknown as JsonObject) };
    return text(goJson(object as unknown as Json, STATUS), wanted);
  }
  const kept = object as KubeObject;
  const whole = subject ? shown(subject, kept) : kept;
  if (subject && wanted.as === 'Table') {
    const { resourceVersion } = whole.metadata;
    const metadata = resourceVersion === undefined ? {} : { resourceVersion };
    return text(table(cluster, subject, { objects: [kept], metadata, columns: true }, wanted, query), wanted);
  }
  if (subject && wanted.as === 'PartialObjectMetadataList') {
    throw conversionRefused(
      `you requested PartialObjectMetadataList, but the requested object is not a list (*${goTypeName(infoOf(subject))})`,
    );
  }
  if (subject && wanted.as === 'PartialObjectMetadata') {
    if (wanted.encoding === 'protobuf') {
      const bytes = encodeMetadataOnly({ apiVersion: metaVersion(wanted), items: [whole as unknown as JsonObject] });
      return { contentType: PROTOBUF, bytes };
    }
    return text(partial(whole.metadata, wanted), wanted);
  }
  if (wanted.encoding === 'protobuf')
    return { contentType: PROTOBUF, bytes: encodeProtobuf(whole as unknown as JsonObject) };
  return text(objectJson(whole), wanted);
}

/** What a watch answers with. */
export const streamType = ({ encoding }: Wanted): string =>
  encoding === 'protobuf' ? `${PROTOBUF};stream=watch` : JSON_TYPE;

type WatchReply = Extract<Reply, { kind: 'watch' }>;

function eventText(
  cluster: Cluster,
  { wanted, subject, query }: WatchReply,
  event: WatchEvent,
  first: boolean,
): string {
  if (event.type === 'ERROR') return goJson(event.object as unknown as Json, STATUS);
  const object = shown(subject, event.object);
  if (wanted.as === 'Table') {
    const { resourceVersion } = object.metadata;
    const metadata = resourceVersion === undefined ? {} : { resourceVersion };
    return table(cluster, subject, { objects: [event.object], metadata, columns: first }, wanted, query);
  }
  return wanted.as === 'PartialObjectMetadata' ? partial(object.metadata, wanted) : objectJson(object);
}

/** One frame of a watch. Only the first table of a watch has the column definitions. */
export function encodeEvent(
  cluster: Cluster,
  reply: WatchReply,
  event: WatchEvent,
  first: boolean,
): string | Uint8Array {
  const { wanted } = reply;
  if (wanted.encoding !== 'protobuf') {
    return `{"type":"${event.type}","object":${eventText(cluster, reply, event, first)}}\n`;
  }
  const told = event.type === 'ERROR' ? event.object : shown(reply.subject, event.object);
  const object = told as unknown as JsonObject;
  const bytes =
    event.type !== 'ERROR' && wanted.as === 'PartialObjectMetadata'
      ? encodeMetadataOnly({ apiVersion: metaVersion(wanted), items: [object] })
      : encodeProtobuf(object);
  return encodeWatchEvent(event.type, bytes);
}
