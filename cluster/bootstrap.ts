/** What a control plane finds or makes when it starts: namespaces, roles, priority classes, the kubernetes Service. */
import type { KubeObject } from './api/types.ts';
import { timeText } from './api/time.ts';
import { SeededRandom } from './random.ts';
import facts from './schema/facts/bootstrap.json' with { type: 'json' };
import { resourceName, resources } from './schema/resources.ts';
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
