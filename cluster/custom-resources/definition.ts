/** One version of a CustomResourceDefinition, ready to be served: what is known of its resource and what is special. */
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import { equal } from '../api/merge.ts';
import type { Kind } from '../kinds/kind.ts';
import { compareVersions } from '../schema/discovery/discovery.ts';
import type { FieldSchema } from '../schema/lookup.ts';
import { groupVersion, type ResourceInfo, type SubresourceInfo } from '../schema/resources.ts';
import {
  isTrue,
  type CustomResourceDefinition,
  type DefinitionVersion,
  type ScalePaths,
} from '../schema/structural/custom-resource-definition.ts';
import { applyDefaults } from '../schema/structural/default.ts';
import { fieldSchemaOf } from '../schema/structural/field-schema.ts';
import { prune, pruneNulls } from '../schema/structural/prune.ts';
import type { SchemaProps } from '../schema/structural/schema-props.ts';
import { columnsOf, type Columns } from './columns.ts';
import { kindOf } from './kind.ts';

export interface CustomResource {
  info: ResourceInfo;
  /** As discovery lists it: while the definition goes, with what can still be done. */
  listed: ResourceInfo;
  listKind: string;
  /** spec.versions[].schema.openAPIV3Schema. */
  schema: SchemaProps | undefined;
  /** Only definitions from before apiextensions.k8s.io/v1 keep all fields. */
  preservesUnknown: boolean;
  /** How server-side apply and managedFields see the objects. */
  fields: FieldSchema;
  kind: Kind;
  columns: Columns;
  scale: ScalePaths | undefined;
  /** The group version that objects are stored in. */
  storedAs: string;
  /** Said with every answer. */
  warnings: readonly string[];
  /** Nothing new may be created any more. */
  terminating: boolean;
  /** A stored object as this version shows it: frozen when the stored one is; itself when nothing differs. */
  shown(object: KubeObject): KubeObject;
}

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const LAST_VERBS = ['delete', 'deletecollection', 'get', 'list', 'watch'];
const PART_VERBS = ['get', 'patch', 'update'];

function subresources({ subresources: parts }: DefinitionVersion, kind: string): SubresourceInfo[] {
  return [
    ...(parts?.status ? [{ name: 'status', kind: { group: '', version: '', kind }, verbs: PART_VERBS }] : []),
    ...(parts?.scale
      ? [{ name: 'scale', kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: PART_VERBS }]
      : []),
  ];
}

function deprecation({ spec }: CustomResourceDefinition, version: DefinitionVersion): string[] {
  if (!version.deprecated) return [];
  if (version.deprecationWarning !== undefined) return [version.deprecationWarning];
  const { group, names, versions } = spec;
  const [newer] = versions
    .filter((one) => one.served && !one.deprecated && compareVersions(one.name, version.name) < 0)
    .map(({ name }) => name)
    .sort(compareVersions);
  const sentence = `${group}/${version.name} ${names.kind} is deprecated`;
  return [newer === undefined ? sentence : `${sentence}; use ${group}/${newer} ${names.kind}`];
}

/** The resource of a version that is served; names are the accepted ones. */
export function customResource(definition: CustomResourceDefinition, version: DefinitionVersion): CustomResource {
  const { spec, status } = definition;
  const names = status?.acceptedNames ?? spec.names;
  const terminating = isTrue(definition, 'Terminating');
  const info: ResourceInfo = {
    group: spec.group,
    version: version.name,
    resource: names.plural,
    kind: names.kind,
    namespaced: spec.scope === 'Namespaced',
    singular: names.singular ?? '',
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    verbs: VERBS,
    subresources: subresources(version, names.kind),
  };
  const schema = version.schema?.openAPIV3Schema;
  const preservesUnknown = spec.preserveUnknownFields === true;
  const storage = spec.versions.find((one) => one.storage) ?? version;
  const columns = columnsOf(version.additionalPrinterColumns);
  const parts = { info, schema, columns, version, preservesUnknown };
  const served = new WeakMap<KubeObject, KubeObject>();
  return {
    info,
    listed: terminating ? { ...info, verbs: LAST_VERBS } : info,
    listKind: names.listKind ?? `${names.kind}List`,
    schema,
    preservesUnknown,
    fields: fieldSchemaOf(schema),
    kind: kindOf(parts),
    columns,
    scale: version.subresources?.scale,
    storedAs: `${spec.group}/${storage.name}`,
    warnings: deprecation(definition, version),
    terminating,
    shown(object) {
      const known = served.get(object);
      if (known) return known;
      const shown = shownAs(object, groupVersion(info), schemaOfVersion(definition, object.apiVersion), schema);
      served.set(object, shown);
      return shown;
    },
  };
}

const schemaOfVersion = ({ spec }: CustomResourceDefinition, apiVersion: string): SchemaProps | undefined =>
  spec.versions.find(({ name }) => apiVersion === `${spec.group}/${name}`)?.schema?.openAPIV3Schema;

/** Read with the schema of the version it is stored in, then turned into the version asked for: only its name changes. */
function shownAs(
  stored: KubeObject,
  apiVersion: string,
  storedSchema: SchemaProps | undefined,
  schema: SchemaProps | undefined,
): KubeObject {
  const object = structuredClone(stored) as unknown as JsonObject & KubeObject;
  readWith(object, storedSchema);
  if (object.apiVersion !== apiVersion) {
    object.apiVersion = apiVersion;
    readWith(object, schema, false);
  }
  return equal(object, stored) ? stored : object;
}

function readWith(object: Json, schema: SchemaProps | undefined, withDefaults = true): void {
  prune(object, schema, true);
  pruneNulls(object, schema);
  if (withDefaults) applyDefaults(object, schema);
}
