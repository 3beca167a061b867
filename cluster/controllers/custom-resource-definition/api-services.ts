/** An APIService for every group version that definitions serve, as the API server registers itself for them. */
import { API_SERVICES, customApiService, MANAGED } from '../../api-services.ts';
import type { KubeObject } from '../../api/types.ts';
import { DEFINITIONS, type CustomResourceDefinition } from '../../schema/structural/custom-resource-definition.ts';
import { timestamp } from '../conditions.ts';
import type { Change, Controller } from '../controller.ts';

const keysOf = (object: KubeObject): string[] => {
  const { spec } = object as CustomResourceDefinition;
  return spec.versions.map(({ name }) => `${spec.group}/${name}`);
};

export const customApiServices: Controller = {
  name: 'crd-autoregister-controller',
  user: 'system:kube-apiserver',
  watches: {
    [DEFINITIONS]: ({ object, old }: Change) => [...keysOf(object), ...(old ? keysOf(old) : [])],
    // somebody may have taken one away that is still needed
    [API_SERVICES]: ({ type, object }) => {
      const { group, version } = (object as { spec?: { group?: string; version?: string } }).spec ?? {};
      return type === 'DELETED' && group && version ? [`${group}/${version}`] : [];
    },
  },
  reconcile(key, { client, clock }) {
    const [group = '', version = ''] = key.split('/');
    const name = `${version}.${group}`;
    const wanted = client
      .list<CustomResourceDefinition>(DEFINITIONS)
      .some(({ spec }) => spec.group === group && spec.versions.some((one) => one.name === version && one.served));
    const current = client.get<KubeObject>(API_SERVICES, '', name);
    if (wanted && !current) {
      const service = customApiService(group, version, timestamp(clock));
      const created = client.create(API_SERVICES, service);
      client.updateStatus(API_SERVICES, { ...service, metadata: created.metadata });
    } else if (!wanted && current?.metadata.labels?.[MANAGED] === 'true') client.delete(API_SERVICES, '', name);
  },
};
