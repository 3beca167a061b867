/** OpenAPI v3, one document for each group version, as `kubectl apply` and `kubectl explain` read it. */
import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../api/types.ts';
import { descriptions, type Descriptions } from '../descriptions/descriptions.ts';
import { groupVersion, resources, type ResourceInfo } from '../resources.ts';
import { customSchemas, type CustomKind } from './custom-kind.ts';
import { gvkExtension, namedSchemas, pathsOf, rootPath, type Operation, type PathDocument } from './operations.ts';
import { reachable, reference, schemaDocument, type Style } from './schema-document.ts';
import { metaSchema, schemas } from './schema-facts.ts';

/** Clients may keep a document for ever under its hash: the content's SHA-512, in upper case. */
export interface OpenApiDocument {
  body: Uint8Array;
  hash: string;
}

export const INFO = { title: 'Kubernetes', version: '1.35' };
const CUSTOM_INFO = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' };
export const SECURITY = {
  BearerToken: { type: 'apiKey', description: 'Bearer Token authentication', name: 'authorization', in: 'header' },
};
const JSON_BODY = 'application/json';

const schemaPart = (schema: string | undefined): JsonObject =>
  schema === undefined ? {} : { schema: reference(3, schema) };

function operationDocument({ operationId, action, kind, query, body, answer }: Operation): JsonObject {
  const document: JsonObject = { operationId };
  if (query.length > 0)
    document.parameters = query.map(({ name, type }) => ({ name, in: 'query', schema: { type, uniqueItems: true } }));
  if (body)
    document.requestBody = {
      content: Object.fromEntries(body.consumes.map((type) => [type, schemaPart(body.schema)])),
      ...(body.required ? { required: true } : {}),
    };
  document.responses = {
    '200': { description: 'OK', ...(answer === undefined ? {} : { content: { [JSON_BODY]: schemaPart(answer) } }) },
  };
  document['x-kubernetes-action'] = action;
  document['x-kubernetes-group-version-kind'] = gvkExtension(kind);
  return document;
}

function pathDocument({ operations, parameters }: PathDocument): JsonObject {
  const document: JsonObject = {};
  for (const operation of operations) document[operation.method] = operationDocument(operation);
  if (parameters.length > 0)
    document.parameters = parameters.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string', uniqueItems: true },
    }));
  return document;
}

/** What the server itself answers with, whatever the kinds. */
function commonSchemas(custom: boolean): string[] {
  return (custom ? ['Status'] : ['APIResourceList', 'Status', 'WatchEvent']).map(metaSchema);
}

/** @param custom kinds of CustomResourceDefinitions in this group version; `infos` are the built-in ones */
export function v3Document(
  infos: readonly ResourceInfo[],
  custom: readonly CustomKind[],
  texts: Descriptions,
): JsonObject {
  const first = infos[0] ?? custom[0]?.info;
  const paths: JsonObject = {};
  const all = [...infos.flatMap((info) => pathsOf(info, false)), ...custom.flatMap(({ info }) => pathsOf(info, true))];
  if (first && infos.length > 0)
    paths[`${rootPath(first)}/`] = {
      get: {
        operationId: 'getAPIResources',
        responses: {
          '200': { description: 'OK', content: { [JSON_BODY]: schemaPart(metaSchema('APIResourceList')) } },
        },
      },
    };
  for (const one of all.sort((a, b) => (a.path < b.path ? -1 : 1))) paths[one.path] = pathDocument(one);

  const style: Style = { version: 3, descriptions: texts, groupVersions: first ? [first] : [] };
  const components: JsonObject = {};
  for (const kind of custom) Object.assign(components, customSchemas(kind, 3));
  const meta = custom.length > 0 ? [metaSchema('ObjectMeta'), metaSchema('ListMeta')] : [];
  const named = [...namedSchemas(all), ...commonSchemas(infos.length === 0), ...meta];
  for (const name of reachable(named.filter((one) => schemas[one] !== undefined)))
    components[name] = schemaDocument(name, style);
  return {
    openapi: '3.0.0',
    info: infos.length === 0 ? CUSTOM_INFO : INFO,
    paths,
    components: { schemas: components, securitySchemes: SECURITY },
  };
}

export function asDocument(json: Json): OpenApiDocument {
  const body = Buffer.from(JSON.stringify(json));
  return { body, hash: createHash('sha512').update(body).digest('hex').toUpperCase() };
}

/** `api/v1`, `apis/apps/v1`. */
const key = (info: ResourceInfo) => rootPath(info).slice(1);

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

const builtIn = grouped(resources, key);
const builtInDocuments = new Map<string, OpenApiDocument>();
const NONE: readonly CustomKind[] = [];
/** By the list itself: its owner hands in another list when a definition changes. */
const customDocuments = new WeakMap<readonly CustomKind[], Map<string, OpenApiDocument>>();

/**
 * The document of `api/v1` or `apis/<group>/<version>`; undefined for a group version that is not served. `custom` must be a new
 * array whenever its content changes.
 */
export function openApiV3(path: string, custom: readonly CustomKind[] = NONE): OpenApiDocument | undefined {
  const here = custom.filter(({ info }) => key(info) === path);
  const infos = builtIn.get(path) ?? [];
  if (here.length === 0) {
    if (infos.length === 0) return undefined;
    return remembered(builtInDocuments, path, () => asDocument(v3Document(infos, NONE, descriptions())));
  }
  const documents = customDocuments.get(custom) ?? new Map<string, OpenApiDocument>();
  customDocuments.set(custom, documents);
  return remembered(documents, path, () => asDocument(v3Document(infos, here, descriptions())));
}

function remembered(
  documents: Map<string, OpenApiDocument>,
  path: string,
  make: () => OpenApiDocument,
): OpenApiDocument {
  const known = documents.get(path);
  if (known) return known;
  const document = make();
  documents.set(path, document);
  return document;
}

export interface OpenApiV3Index {
  paths: Record<string, { serverRelativeURL: string }>;
}

/** The body of /openapi/v3. The first call in a process builds all documents, for their hashes. */
export function openApiV3Index(custom: readonly CustomKind[] = NONE): OpenApiV3Index {
  const all = new Set([...builtIn.keys(), ...custom.map(({ info }) => key(info))]);
  const paths: OpenApiV3Index['paths'] = {};
  for (const path of [...all].sort())
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${openApiV3(path, custom)?.hash ?? ''}` };
  return { paths };
}

export const allGroupVersions = (infos: readonly ResourceInfo[]): { group: string; version: string }[] =>
  [...grouped(infos, groupVersion).values()].flatMap(([first]) =>
    first === undefined ? [] : [{ group: first.group, version: first.version }],
  );
