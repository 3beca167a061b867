/** What the objects of a kind are known to hold, for expressions to be checked against. */
import type { KubeObject } from '../../api/types.ts';
import { kindType, schemaType, type GroupVersionKind, type Type } from '../../cel/index.ts';
import { resources } from '../../schema/resources.ts';
import type { SchemaProps } from '../../schema/structural/schema-props.ts';
import type { Reader } from '../../store/client.ts';

interface Definition extends KubeObject {
  spec?: {
    group?: string;
    names?: { plural?: string; kind?: string };
    versions?: { name?: string; served?: boolean; schema?: { openAPIV3Schema?: SchemaProps } }[];
  };
}
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

const versionOf = ({ spec }: Definition, version: string) =>
  (spec?.versions ?? []).find((one) => one.name === version && one.served);

/** The kind of a resource, custom ones included. */
export function kindOf(store: Reader, group: string, version: string, resource: string): GroupVersionKind | undefined {
  const info = resources.find((one) => one.group === group && one.version === version && one.resource === resource);
  if (info) return { group, version, kind: info.kind };
  const custom = store
    .list<Definition>(DEFINITIONS)
    .find((one) => one.spec?.group === group && one.spec.names?.plural === resource && versionOf(one, version));
  const kind = custom?.spec?.names?.kind;
  return kind === undefined ? undefined : { group, version, kind };
}

export function declaredType(store: Reader, { group, version, kind }: GroupVersionKind): Type | undefined {
  const builtIn = kindType({ group, version, kind });
  if (builtIn) return builtIn;
  const custom = store
    .list<Definition>(DEFINITIONS)
    .find((one) => one.spec?.group === group && one.spec.names?.kind === kind && versionOf(one, version));
  const props = custom && versionOf(custom, version)?.schema?.openAPIV3Schema;
  return props && schemaType(props, kind, true);
}
