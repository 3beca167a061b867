/** OpenAPI v2, all groups in one document: what older clients ask for, and kubectl where v3 does not know a kind. */
import type { JsonObject } from '../../api/types.ts';
import { descriptions, type Descriptions } from '../descriptions/descriptions.ts';
import { resources } from '../resources.ts';
import { customSchemas, type CustomKind } from './custom-kind.ts';
import { documentProtobuf } from './gnostic.ts';
import { gvkExtension, pathsOf, type Operation, type PathDocument } from './operations.ts';
import { reference, schemaDocument, type Style } from './schema-document.ts';
import { schemas } from './schema-facts.ts';
import { allGroupVersions, asDocument, INFO, SECURITY, type OpenApiDocument } from './v3.ts';

/** Content type that kubectl asks for, and the spelling in which the server names it in its answer. */
export const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
export const OPENAPI_V2_PROTOBUF_ANSWER = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const PRODUCES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

const schemaPart = (schema: string | undefined): JsonObject =>
  schema === undefined ? {} : { schema: reference(2, schema) };

function operationDocument({ operationId, action, kind, query, body, answer }: Operation): JsonObject {
  const parameters: JsonObject[] = query.map(({ name, type }) => ({ uniqueItems: true, type, name, in: 'query' }));
  if (body)
    parameters.unshift({
      name: 'body',
      in: 'body',
      ...(body.required ? { required: true } : {}),
      schema: body.schema === undefined ? { type: 'object' } : reference(2, body.schema),
    });
  return {
    consumes: body ? [...body.consumes] : ['*/*'],
    produces: PRODUCES,
    schemes: ['https'],
    operationId,
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: { '200': { description: 'OK', ...schemaPart(answer) } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvkExtension(kind),
  };
}

function pathDocument({ operations, parameters }: PathDocument): JsonObject {
  const document: JsonObject = {};
  for (const operation of operations) document[operation.method] = operationDocument(operation);
  if (parameters.length > 0)
    document.parameters = parameters.map((name) => ({
      uniqueItems: true,
      type: 'string',
      name,
      in: 'path',
      required: true,
    }));
  return document;
}

export function v2Document(custom: readonly CustomKind[], texts: Descriptions): JsonObject {
  const style: Style = { version: 2, descriptions: texts, groupVersions: allGroupVersions(resources) };
  const definitions: JsonObject = {};
  for (const name of Object.keys(schemas)) definitions[name] = schemaDocument(name, style);
  for (const kind of custom) Object.assign(definitions, customSchemas(kind, 2));
  const all = [
    ...resources.flatMap((info) => pathsOf(info, false)),
    ...custom.flatMap(({ info }) => pathsOf(info, true).sort((a, b) => (a.path < b.path ? -1 : 1))),
  ];
  return {
    swagger: '2.0',
    info: INFO,
    paths: Object.fromEntries(all.map((one) => [one.path, pathDocument(one)])),
    definitions,
    securityDefinitions: SECURITY,
    security: [{ BearerToken: [] }],
  };
}

const NONE: readonly CustomKind[] = [];
const made = new WeakMap<readonly CustomKind[], { json?: OpenApiDocument; protobuf?: Uint8Array }>();
function formsOf(custom: readonly CustomKind[]) {
  const known = made.get(custom) ?? {};
  made.set(custom, known);
  return known;
}

/** The body of /openapi/v2. `custom` must be a new array whenever its content changes. */
export const openApiV2 = (custom: readonly CustomKind[] = NONE): OpenApiDocument =>
  (formsOf(custom).json ??= asDocument(v2Document(custom, descriptions())));

/** The same as bytes of gnostic's openapi.v2.Document. */
export const openApiV2Protobuf = (custom: readonly CustomKind[] = NONE): Uint8Array =>
  (formsOf(custom).protobuf ??= documentProtobuf(v2Document(custom, descriptions())));
