/**
 * The paths of a group version with what clients read from them: which kind a path serves, the query parameters it takes (kubectl
 * looks for fieldValidation and dryRun on patch) and the patch formats. Prose and deprecated watch paths are left out.
 */
import type { JsonObject } from '../../api/types.ts';
import { groupVersion, type ResourceInfo, type SubresourceInfo } from '../resources.ts';
import { customSchemaName } from './custom-kind.ts';
import { kindSchema, metaSchema } from './schema-facts.ts';

export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  action: string;
  operationId: string;
  kind: { group: string; version: string; kind: string };
  query: { name: string; type: 'string' | 'boolean' | 'integer' }[];
  /** Schema of the request's body, and the formats it may come in. */
  body?: { schema: string | undefined; consumes: readonly string[]; required: boolean };
  /** Schema of the answer; undefined for streams and text. */
  answer: string | undefined;
}

export interface PathDocument {
  path: string;
  parameters: string[];
  operations: Operation[];
}

const param = (type: 'string' | 'boolean' | 'integer', ...names: string[]) => names.map((name) => ({ name, type }));
const WRITE = param('string', 'dryRun', 'fieldManager', 'fieldValidation');
const PATCH = [...WRITE, ...param('boolean', 'force')];
const DELETE = [
  ...param('string', 'dryRun'),
  ...param('integer', 'gracePeriodSeconds'),
  ...param('boolean', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents'),
  ...param('string', 'propagationPolicy'),
];
const LIST = [
  ...param('boolean', 'allowWatchBookmarks'),
  ...param('string', 'continue', 'fieldSelector', 'labelSelector'),
  ...param('integer', 'limit'),
  ...param('string', 'resourceVersion', 'resourceVersionMatch'),
  ...param('boolean', 'sendInitialEvents'),
  ...param('integer', 'timeoutSeconds'),
  ...param('boolean', 'watch'),
];
const DELETE_MANY = [...DELETE, ...LIST.filter(({ name }) => name !== 'allowWatchBookmarks' && name !== 'watch')];

const ANY = ['*/*'];
const PATCHES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];
const CUSTOM_PATCHES = PATCHES.slice(0, 3);

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
/** rbac.authorization.k8s.io v1: RbacAuthorizationV1. */
const groupPart = ({ group, version }: ResourceInfo) =>
  `${
    group === ''
      ? 'Core'
      : group
          .replace(/\.k8s\.io$/, '')
          .split('.')
          .map(capitalised)
          .join('')
  }${capitalised(version)}`;

export const rootPath = (info: { group: string; version: string }): string =>
  info.group === '' ? `/api/${info.version}` : `/apis/${groupVersion(info)}`;

const kindOf = (info: ResourceInfo, sub?: SubresourceInfo) =>
  sub === undefined || sub.kind.version === ''
    ? { group: info.group, version: info.version, kind: sub?.kind.kind ?? info.kind }
    : sub.kind;

/** The schemas that the operations of a resource speak of. */
function schemaName(kind: { group: string; version: string; kind: string }, custom: boolean, own: boolean) {
  return kindSchema(kind.group, kind.version, kind.kind) ?? (custom && own ? customSchemaName(kind) : undefined);
}

/** `custom` resources take no strategic merge patch. */
export function pathsOf(info: ResourceInfo, custom: boolean): PathDocument[] {
  const root = rootPath(info);
  const kind = kindOf(info);
  const scope = info.namespaced ? 'Namespaced' : '';
  const id = (verb: string, middle = '', rest = '') => `${verb}${groupPart(info)}${middle}${scope}${info.kind}${rest}`;
  const schema = schemaName(kind, custom, true);
  const list = schemaName({ ...kind, kind: `${kind.kind}List` }, custom, true);
  const has = (verb: string) => info.verbs.includes(verb);
  const patches = custom ? CUSTOM_PATCHES : PATCHES;

  const collection: Operation[] = [];
  if (has('list'))
    collection.push({ method: 'get', action: 'list', operationId: id('list'), kind, query: LIST, answer: list });
  if (has('create'))
    collection.push({
      method: 'post',
      action: 'post',
      operationId: id('create'),
      kind,
      query: WRITE,
      body: { schema, consumes: ANY, required: true },
      answer: schema,
    });
  if (has('deletecollection'))
    collection.push({
      method: 'delete',
      action: 'deletecollection',
      operationId: id('delete', 'Collection'),
      kind,
      query: DELETE_MANY,
      body: { schema: metaSchema('DeleteOptions'), consumes: ANY, required: false },
      answer: metaSchema('Status'),
    });

  const named = namedOperations(
    info.verbs.filter((verb) => verb !== 'create'),
    kind,
    id,
    schema,
    patches,
  );
  const base = info.namespaced ? `${root}/namespaces/{namespace}/${info.resource}` : `${root}/${info.resource}`;
  const where = info.namespaced ? ['namespace'] : [];
  const paths: PathDocument[] = [
    { path: base, parameters: where, operations: collection },
    { path: `${base}/{name}`, parameters: ['name', ...where], operations: named },
  ];
  if (info.namespaced && has('list'))
    paths.push({
      path: `${root}/${info.resource}`,
      parameters: [],
      operations: [
        {
          method: 'get',
          action: 'list',
          operationId: `list${groupPart(info)}${info.kind}ForAllNamespaces`,
          kind,
          query: LIST,
          answer: list,
        },
      ],
    });
  for (const sub of info.subresources) {
    const subKind = kindOf(info, sub);
    const subId = (verb: string, middle?: string) => id(verb, middle, capitalised(sub.name));
    paths.push({
      path: `${base}/{name}/${sub.name}`,
      parameters: ['name', ...where],
      operations: namedOperations(
        sub.verbs,
        subKind,
        subId,
        schemaName(subKind, custom, subKind.group === info.group),
        patches,
      ),
    });
  }
  return paths.filter(({ operations }) => operations.length > 0);
}

/** Bodies that are options travel in the query of a connection: exec, attach, portforward, proxy. */
const isConnection = (kind: { kind: string }) => kind.kind.endsWith('Options');

function namedOperations(
  verbs: readonly string[],
  kind: Operation['kind'],
  id: (verb: string, middle?: string) => string,
  schema: string | undefined,
  patches: readonly string[],
): Operation[] {
  const connect = isConnection(kind);
  const make = (
    method: Operation['method'],
    verb: string,
    rest: Pick<Operation, 'query' | 'body' | 'answer'>,
  ): Operation => ({
    method,
    action: connect ? 'connect' : method,
    operationId: connect ? id('connect', capitalised(method)) : id(verb),
    kind,
    ...(connect ? { query: [], answer: undefined } : rest),
  });
  const found: Operation[] = [];
  if (verbs.includes('get')) found.push(make('get', 'read', { query: [], answer: schema }));
  if (verbs.includes('update'))
    found.push(
      make('put', 'replace', { query: WRITE, body: { schema, consumes: ANY, required: true }, answer: schema }),
    );
  if (verbs.includes('create'))
    found.push(
      make('post', 'create', { query: WRITE, body: { schema, consumes: ANY, required: true }, answer: schema }),
    );
  if (verbs.includes('delete'))
    found.push(
      make('delete', 'delete', {
        query: DELETE,
        body: { schema: metaSchema('DeleteOptions'), consumes: ANY, required: false },
        answer: metaSchema('Status'),
      }),
    );
  if (verbs.includes('patch'))
    found.push(
      make('patch', 'patch', {
        query: PATCH,
        body: { schema: metaSchema('Patch'), consumes: patches, required: true },
        answer: schema,
      }),
    );
  return found;
}

/** All schemas that the operations name, but not yet what those refer to. */
export const namedSchemas = (paths: readonly PathDocument[]): string[] =>
  paths.flatMap(({ operations }) =>
    operations.flatMap(({ body, answer }) => [body?.schema, answer].filter((name) => name !== undefined)),
  );

export const gvkExtension = (kind: Operation['kind']): JsonObject => ({
  group: kind.group,
  kind: kind.kind,
  version: kind.version,
});
