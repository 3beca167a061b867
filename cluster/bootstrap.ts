/** What a control plane finds or makes when it starts: namespaces, roles, priority classes, the kubernetes Service. */
import type { ConfigMap, KubeObject } from './api/types.ts';
import { timeText } from './api/time.ts';
import { SeededRandom } from './random.ts';
import facts from './schema/facts/bootstrap.json' with { type: 'json' };
import { resourceName, resources } from './schema/resources.ts';
import type { Client } from './store/client.ts';
import { Store } from './store/store.ts';

/** Any constant: these objects are the same in all clusters and shared by them. */
const SEED = 135;

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

function makeTemplate(now: number): Store {
  const store = new Store();
  const random = new SeededRandom(SEED);
  for (const [resource, objects] of Object.entries(facts) as [string, KubeObject[]][]) {
    const info = resources.find((one) => one.resource === resource);
    if (!info) throw new Error(`bootstrap.json has the unknown resource ${resource}`);
    for (const fact of objects) {
      const object = structuredClone(fact);
      object.metadata.uid = random.uuid();
      object.metadata.creationTimestamp = timeText(now);
      if (object.kind === 'Namespace') Object.assign(object, { status: { phase: 'Active' } });
      store.put(resourceName(info), object);
    }
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
