/**
 * The resources that the stored CustomResourceDefinitions add to a cluster. Worked out from the definitions and kept beside
 * them: forks and restored clusters have them without doing anything, and a cluster without definitions costs nothing.
 */
import type { JsonObject } from '../api/types.ts';
import type { CustomKind } from '../schema/openapi/custom-kind.ts';
import { groupVersion, resourceName, resources as builtIn, type ResourceInfo } from '../schema/resources.ts';
import { DEFINITIONS, isTrue, type CustomResourceDefinition } from '../schema/structural/custom-resource-definition.ts';
import type { Reader, ResourceName } from '../store/client.ts';
import { customResource, type CustomResource } from './definition.ts';

export type { CustomResource } from './definition.ts';

export interface CustomResources {
  /** By `group/version/plural`: `example.com/v1/widgets`. */
  byPath: ReadonlyMap<string, CustomResource>;
  /** By full name, in the version that clients prefer. */
  byName: ReadonlyMap<ResourceName, CustomResource>;
  /** The built-in resources and these: what discovery lists. */
  all: readonly ResourceInfo[];
  /** For OpenAPI; another array whenever something changes. */
  kinds: readonly CustomKind[];
}

const NONE: CustomResources = { byPath: new Map(), byName: new Map(), all: builtIn, kinds: [] };

const byDefinition = new WeakMap<CustomResourceDefinition, readonly CustomResource[]>();
const byList = new WeakMap<readonly CustomResourceDefinition[], CustomResources>();
const byInfo = new WeakMap<ResourceInfo, CustomResource>();

/** Served once its names are accepted, and as long as it was established before. */
function resourcesOf(definition: CustomResourceDefinition): readonly CustomResource[] {
  const known = byDefinition.get(definition);
  if (known) return known;
  const served = isTrue(definition, 'NamesAccepted') || isTrue(definition, 'Established');
  const made = served
    ? definition.spec.versions.filter((version) => version.served).map((version) => customResource(definition, version))
    : [];
  for (const one of made) byInfo.set(one.info, one);
  byDefinition.set(definition, made);
  return made;
}

export function customResources(store: Reader): CustomResources {
  const definitions = store.list<CustomResourceDefinition>(DEFINITIONS);
  if (definitions.length === 0) return NONE;
  const known = byList.get(definitions);
  if (known) return known;
  const made = definitions.flatMap((definition) => resourcesOf(definition));
  const byName = new Map<ResourceName, CustomResource>();
  for (const one of made) {
    const name = resourceName(one.info);
    // objects are told of in the version they are stored in
    if (!byName.has(name) || one.storedAs === groupVersion(one.info)) byName.set(name, one);
  }
  const established = definitions.filter((definition) => isTrue(definition, 'Established')).flatMap(resourcesOf);
  const all: CustomResources = {
    byPath: new Map(made.map((one) => [`${groupVersion(one.info)}/${one.info.resource}`, one])),
    byName,
    all: [...builtIn, ...established.map(({ listed }) => listed)],
    kinds: established.map(({ info, listKind, schema }): CustomKind => ({
      info,
      listKind,
      ...(schema === undefined ? {} : { schema: schema as unknown as JsonObject }),
    })),
  };
  byList.set(definitions, all);
  return all;
}

const builtInNames: ReadonlySet<ResourceName> = new Set(builtIn.map(resourceName));
/** Whether a stored resource is one of a definition. */
export const isCustom = (resource: ResourceName): boolean => !builtInNames.has(resource);

/** By full name; undefined: there is none of that name. */
export const customByName = (store: Reader, resource: ResourceName): CustomResource | undefined =>
  isCustom(resource) ? customResources(store).byName.get(resource) : undefined;

/** What belongs to a resource that `customResources` told of; undefined for built-in ones. */
export const customResourceOf = (info: ResourceInfo): CustomResource | undefined => byInfo.get(info);
