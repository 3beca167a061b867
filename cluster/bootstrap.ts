/** What a control plane finds or makes when it starts: namespaces, roles, priority classes, the kubernetes Service. */
import { API_SERVICES, builtInApiServices } from './api-services.ts';
import type { ConfigMap, Endpoints, EndpointSlice, Json, KubeObject, Service } from './api/types.ts';
import { timeText } from './api/time.ts';
import { SeededRandom } from './random.ts';
import { hasGeneration } from './registry/generation.ts';
import { applyServerSide, trackUpdate, type TrackUpdate } from './schema/apply/index.ts';
import { decodeObject } from './schema/decode.ts';
import facts from './schema/facts/bootstrap.json' with { type: 'json' };
import { schemaNameOf } from './schema/lookup.ts';
import { resourceName, resources, type ResourceInfo } from './schema/resources.ts';
import type { Client } from './store/client.ts';
import { Store } from './store/store.ts';

/** Any constant: these objects are the same in all clusters and shared by them. */
const SEED = 135;
const SLICES = 'endpointslices.discovery.k8s.io';

const templates = new Map<number, Store>();

/** A store with the bootstrap objects, made once for each start time and forked for each cluster. */
export function bootstrapStore(now: number): Store {
  let template = templates.get(now);
  if (!template) {
    template = makeTemplate(now);
    templates.clear();
    templates.set(now, template);
  }
  return template.fork();
}

type Owners = KubeObject['metadata']['managedFields'];

interface Bootstrapped {
  info: ResourceInfo;
  object: KubeObject;
}

/** A control plane that does not run on a node of its own is found here. */
const BESIDE = '192.0.2.2';
const [apiService] = facts.services;
const apiPort = { name: 'https', port: apiService?.spec.ports[0]?.targetPort ?? 443, protocol: 'TCP' };
const endpointsOfApiServer = {
  endpoints: [
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
      },
      subsets: [{ addresses: [{ ip: BESIDE }], ports: [apiPort] }],
    },
  ],
  endpointslices: [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': 'kubernetes' },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [BESIDE], conditions: { ready: true } }],
      ports: [apiPort],
    },
  ],
};

/** Says where the API server listens: on the nodes of a control plane. */
export function placeApiServer(store: Store, addresses: readonly string[], port: number): void {
  const service = store.get<Service>('services', 'default', 'kubernetes');
  const endpoints = store.get<Endpoints>('endpoints', 'default', 'kubernetes');
  const slice = store.get<EndpointSlice>(SLICES, 'default', 'kubernetes');
  const [https] = service?.spec?.ports ?? [];
  if (!service?.spec || !https || !endpoints || !slice) return;
  const ports = [{ ...apiPort, port }];
  const served: Service = { ...service, spec: { ...service.spec, ports: [{ ...https, targetPort: port }] } };
  const subsets = [{ addresses: addresses.map((ip) => ({ ip })), ports }];
  const found = addresses.map((address) => ({ addresses: [address], conditions: { ready: true } }));
  const placed: [string, Service | Endpoints | EndpointSlice][] = [
    ['services', served],
    ['endpoints', { ...endpoints, subsets }],
    [SLICES, { ...slice, endpoints: found, ports }],
  ];
  for (const [resource, object] of placed) store.put(resource, { ...object, metadata: { ...object.metadata } });
}

/** As the API server wrote them, but for identities and times. Made once: those are all that differs between clusters. */
let bootstrapped: Bootstrapped[] | undefined;

function makeObjects(): Bootstrapped[] {
  const all = { ...facts, ...endpointsOfApiServer } as unknown as Record<string, KubeObject[]>;
  return Object.entries(all).flatMap(([resource, objects]) => {
    const info = resources.find((one) => one.resource === resource);
    if (!info) throw new Error(`bootstrap.json has the unknown resource ${resource}`);
    const { group, version, kind } = info;
    const schemaName = schemaNameOf(group, version, kind) ?? '';
    return objects.map((fact): Bootstrapped => {
      const { object } = decodeObject(fact, schemaName, { group, version, kind });
      const write = { schemaName, gvk: { group, version, kind }, manager: 'kube-apiserver', subresource: '', now: 0 };
      object.metadata.managedFields = ownersOf(object, write);
      if (hasGeneration(resourceName(info), { resource: info.resource })) object.metadata.generation = 1;
      if (kind === 'Namespace') Object.assign(object, { status: { phase: 'Active' } });
      return { info, object };
    });
  });
}

/** What the API server asked for, without what it then adds to all that is created: that has no owner. */
function asAsked(object: KubeObject): KubeObject {
  const asked = structuredClone(object) as KubeObject & { spec?: Record<string, unknown>; status?: unknown };
  if (asked.kind === 'Namespace') delete asked.spec;
  if (asked.kind === 'Service') {
    delete asked.spec?.['clusterIPs'];
    delete asked.spec?.['ipFamilies'];
  }
  return asked;
}

/** Who fills in the rules of a role that is made of others. */
const AGGREGATOR = 'clusterrole-aggregation-controller';

function ownersOf(object: KubeObject, write: Omit<TrackUpdate, 'before' | 'after'>): Owners {
  if (!('aggregationRule' in object)) return trackUpdate({ ...write, before: undefined, after: asAsked(object) });
  const { rules, ...asked } = asAsked(object) as KubeObject & { rules?: Json };
  const managedFields = trackUpdate({ ...write, before: undefined, after: asked });
  const { apiVersion, kind, metadata } = asked;
  return applyServerSide({
    ...write,
    live: { ...asked, metadata: { ...metadata, managedFields } },
    applied: { apiVersion, kind, metadata: { name: metadata.name }, rules: rules ?? null },
    manager: AGGREGATOR,
    force: true,
  }).object.metadata.managedFields;
}

function makeTemplate(now: number): Store {
  const store = new Store();
  const random = new SeededRandom(SEED);
  const time = timeText(now);
  bootstrapped ??= makeObjects();
  for (const { info, object } of bootstrapped) {
    const { managedFields = [], ...metadata } = object.metadata;
    store.put(resourceName(info), {
      ...object,
      metadata: {
        ...metadata,
        uid: random.uuid(),
        creationTimestamp: time,
        ...(managedFields.length > 0 ? { managedFields: managedFields.map((entry) => ({ ...entry, time })) } : {}),
      },
    });
  }
  for (const service of builtInApiServices(timeText(now))) {
    service.metadata.uid = random.uuid();
    service.metadata.creationTimestamp = timeText(now);
    store.put(API_SERVICES, service);
  }
  return store;
}

/**
 * What an API server tells others of itself when it starts: how it knows its clients, and since when it keeps account of
 * tokens. `pem`: the certificate authority of its clients.
 */
export function announceApiServer(client: Client, pem: string, now: number): void {
  announce(client, 'extension-apiserver-authentication', () => ({ 'client-ca-file': pem }));
  announce(client, 'kube-apiserver-legacy-service-account-token-tracking', (old) => ({
    since: old?.['since'] ?? timeText(now).slice(0, 10),
  }));
}

function announce(client: Client, name: string, make: (old: ConfigMap['data']) => Record<string, string>): void {
  const namespace = 'kube-system';
  const old = client.get<ConfigMap>('configmaps', namespace, name);
  const data = make(old?.data);
  if (old) client.update<ConfigMap>('configmaps', { ...old, data });
  else
    client.create<ConfigMap>('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data,
    });
}
