/** The cluster's store as etcd shows it: keys under /registry, values as the API server writes them. */
import type { Json, JsonObject, KubeObject } from '../../api/types.ts';
import { isCustom } from '../../custom-resources/index.ts';
import { encodeProtobuf } from '../../schema/protobuf/protobuf.ts';
import { groupVersion, resourceName, resources } from '../../schema/resources.ts';
import type { EtcdData } from '../shell/box.ts';
import type { Keep } from '../../store/client.ts';

/** Where the path is not simply the resource's name. */
const PLACES: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  'ingresses.networking.k8s.io': 'ingress',
  'leases.coordination.k8s.io': 'leases',
};
/** Groups whose resources lie under the group's name, as those of custom resources do. */
const BY_GROUP = new Set(['apiregistration.k8s.io', 'apiextensions.k8s.io']);

function placeOf(resource: string): string {
  const place = PLACES[resource];
  if (place !== undefined) return place;
  const [plural = '', ...group] = resource.split('.');
  const groupName = group.join('.');
  return BY_GROUP.has(groupName) || isCustom(resource) ? `${groupName}/${plural}` : plural;
}

const keyOf = (resource: string, { metadata }: KubeObject): string =>
  ['/registry', placeOf(resource), ...(metadata.namespace ? [metadata.namespace] : []), metadata.name].join('/');

const storedAs = new Map(resources.toReversed().map((info) => [resourceName(info), info]));

function valueOf(resource: string, object: KubeObject): string {
  const info = storedAs.get(resource);
  // custom resources are kept as JSON
  if (!info) return `${JSON.stringify(object)}\n`;
  const whole = { ...object, apiVersion: groupVersion(info), kind: info.kind } as unknown as JsonObject;
  return Buffer.from(encodeProtobuf(withoutRevision(whole))).toString('latin1');
}

/** A revision is not part of the value: etcd counts itself. */
function withoutRevision(object: JsonObject): JsonObject {
  const { resourceVersion: _, ...metadata } = object['metadata'] as Record<string, Json>;
  return { ...object, metadata };
}

/** What is the cluster's own bookkeeping, and no object of any API. */
const isOurs = (resource: string): boolean => resource.endsWith('.drydock');

export function etcdData(store: Keep): EtcdData {
  const entries = () =>
    store
      .resources()
      .filter((resource) => !isOurs(resource))
      .flatMap((resource) =>
        store.list(resource).map((object) => ({ key: keyOf(resource, object), resource, object })),
      );
  return {
    revision: () => store.revision,
    keys: () =>
      entries()
        .map(({ key }) => key)
        .sort((a, b) => (a < b ? -1 : 1)),
    value(key) {
      const found = entries().find((entry) => entry.key === key);
      return found && valueOf(found.resource, found.object);
    },
  };
}
