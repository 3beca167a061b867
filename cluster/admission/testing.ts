/** A store with the given objects, and a way to send one request through one plugin: for tests. */
import { StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { resourceName, resources } from '../schema/resources.ts';
import type { Client, Reader } from '../store/client.ts';
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from './plugin.ts';

type Objects = Readonly<Record<string, readonly KubeObject[]>>;

export interface Admitted {
  /** As the plugin left it. */
  object: KubeObject | undefined;
  refusal: string | undefined;
  warnings: string[];
  /** Status updates that the plugin made itself. */
  written: KubeObject[];
}

const reader = (objects: Objects): Reader => {
  const of = (resource: string) => objects[resource] ?? [];
  return {
    get: <T extends KubeObject>(resource: string, namespace: string, name: string) =>
      of(resource).find(({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace) as
        | T
        | undefined,
    list: <T extends KubeObject>(resource: string, namespace = '') =>
      of(resource).filter(({ metadata }) => namespace === '' || metadata.namespace === namespace) as unknown as T[],
  };
};

const never = (): never => {
  throw new Error('a plugin may not do this');
};

/** Mutates twice, as the real chain may, then validates. `object` is copied first. */
export function admit(
  plugin: AdmissionPlugin,
  resource: string,
  request: Partial<Omit<AdmissionRequest, 'resource'>>,
  objects: Objects = {},
): Admitted {
  const info = resources.find((one) => resourceName(one) === resource);
  if (!info) throw new Error(`no resource ${resource}`);
  const warnings: string[] = [];
  const written: KubeObject[] = [];
  const store = reader(objects);
  const client: Client = {
    ...store,
    create: never,
    update: never,
    createSubresource: never,
    updateSubresource: never,
    delete: never,
    deleteCollection: never,
    updateStatus: (_resource, object) => {
      written.push(object);
      return object;
    },
  };
  const context: AdmissionContext = {
    store,
    client,
    clock: { now: () => Date.UTC(2026, 0, 1) },
    random: { next: () => 0.5, suffix: () => 'abcde', uuid: () => 'uid' },
  };
  const object = request.object && structuredClone(request.object);
  const whole: AdmissionRequest = {
    operation: 'CREATE',
    subresource: '',
    namespace: object?.metadata.namespace ?? '',
    name: object?.metadata.name ?? '',
    user: { username: 'admin', groups: [] },
    dryRun: false,
    warn: (sentence) => warnings.push(sentence),
    ...request,
    resource: info,
    ...(object ? { object } : {}),
  };
  let refusal: string | undefined;
  try {
    plugin.mutate?.(whole, context);
    plugin.mutate?.(whole, context);
    plugin.validate?.(whole, context);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    refusal = error.message;
  }
  return { object, refusal, warnings, written };
}
