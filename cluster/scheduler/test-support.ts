/** For tests of loops: a store, a clock and a client that stores what it is given, without admission or validation. */
import { equal } from '../api/merge.ts';
import type { KubeObject, Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import { ManualClock } from '../clock.ts';
import type { Controller } from '../controllers/controller.ts';
import { Loop } from '../loop.ts';
import { SeededRandom } from '../random.ts';
import type { Client, EventRecord } from '../store/client.ts';
// oxlint-disable-next-line no-restricted-imports -- loops are tested over a real store, not over a second one made for tests
import { Store } from '../store/store.ts';

type Stateful = KubeObject & { spec?: object; status?: object };
type Binding = KubeObject & { target: { name: string } };

export class World {
  readonly store = new Store();
  readonly clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly client: Client;
  /** `Normal Scheduled web: Successfully assigned ...` */
  readonly events: string[] = [];
  readonly #loop: Loop;
  #uids = 0;

  constructor(...controllers: Controller[]) {
    this.client = this.#makeClient();
    const { store, clock, client } = this;
    const random = new SeededRandom(1);
    const events = {
      event: (_component: string, { type, reason, regarding, message }: EventRecord) => {
        this.events.push(`${type} ${reason} ${regarding.metadata.name}: ${message}`);
      },
    };
    this.#loop = new Loop({
      store,
      clock,
      controllers,
      context: () => ({ client, clock, random, events }),
      onFault(_controller, _key, fault) {
        throw fault;
      },
    });
  }

  add(...objects: KubeObject[]): this {
    for (const object of objects) this.client.create(resourceOf(object), object);
    this.#loop.settle();
    return this;
  }
  /** Changes the object as stored, status included, past all rules. */
  change<T extends KubeObject>(resource: string, namespace: string, name: string, change: (object: T) => void): this {
    const object = structuredClone(this.client.get<T>(resource, namespace, name));
    if (!object) throw new Error(`no ${resource} ${namespace}/${name}`);
    change(object);
    this.store.put(resource, object);
    this.#loop.settle();
    return this;
  }
  remove(resource: string, namespace: string, name: string): this {
    this.client.delete(resource, namespace, name);
    this.#loop.settle();
    return this;
  }
  pass(seconds: number): this {
    const end = this.clock.now() + seconds * 1000;
    for (let next = this.#loop.nextTimer(); next !== undefined && next <= end; next = this.#loop.nextTimer()) {
      this.clock.moveTo(next);
      this.#loop.settle();
    }
    this.clock.moveTo(end);
    this.#loop.settle();
    return this;
  }

  pod = (name: string): Pod | undefined => this.client.get<Pod>('pods', 'default', name);
  node = (name: string): Node | undefined => this.client.get<Node>('nodes', '', name);
  claim = (name: string): PersistentVolumeClaim | undefined =>
    this.client.get<PersistentVolumeClaim>('persistentvolumeclaims', 'default', name);
  volume = (name: string): PersistentVolume | undefined =>
    this.client.get<PersistentVolume>('persistentvolumes', '', name);
  nodeOf = (pod: string): string | undefined => this.pod(pod)?.spec?.nodeName;

  #makeClient(): Client {
    const { store } = this;
    const put = <T extends KubeObject>(resource: string, object: T): T => store.put(resource, object) as T;
    const write = <T extends KubeObject>(resource: string, object: T, merge: (stored: Stateful) => Stateful): T => {
      const stored = store.get<T>(resource, object.metadata.namespace ?? '', object.metadata.name);
      if (!stored) throw new Error(`no ${resource} ${object.metadata.name}`);
      const next = structuredClone(merge(stored));
      if (equal(next, stored)) return stored;
      const put = store.put(resource, next);
      if (next.metadata.deletionTimestamp && (next.metadata.finalizers ?? []).length === 0) {
        store.remove(resource, next.metadata.namespace ?? '', next.metadata.name);
      }
      return put as T;
    };
    return {
      get: (resource, namespace, name) => store.get(resource, namespace, name),
      list: (resource, namespace) => store.list(resource, namespace),
      podsOn: (node) => store.podsOn(node),
      promisedPods: () => store.promisedPods(),
      create: (resource, object) => {
        const next = structuredClone(object);
        next.metadata.uid = `uid-${++this.#uids}`;
        next.metadata.creationTimestamp ??= timeText(this.clock.now());
        return put(resource, next);
      },
      update: (resource, object) =>
        write(resource, object, (stored) => ({ ...object, ...(stored.status ? { status: stored.status } : {}) })),
      updateStatus: (resource, object) =>
        write(resource, object, (stored) => {
          const { status }: Stateful = object;
          return status ? { ...stored, status } : stored;
        }),
      updateSubresource: (resource, subresource) => {
        throw new Error(`no ${subresource} of ${resource} here`);
      },
      createSubresource: (resource, namespace, name, _subresource, body) => {
        const pod = structuredClone(store.get<Pod>(resource, namespace, name));
        if (!pod) throw new Error(`no ${resource} ${name}`);
        pod.spec = { containers: [], ...pod.spec, nodeName: (body as Binding).target.name };
        delete pod.status?.nominatedNodeName;
        put(resource, pod);
      },
      delete: (resource, namespace, name) => {
        const stored = store.get(resource, namespace, name);
        if (!stored) return;
        if ((stored.metadata.finalizers ?? []).length === 0) store.remove(resource, namespace, name);
        else {
          const next = structuredClone(stored);
          next.metadata.deletionTimestamp ??= timeText(this.clock.now());
          put(resource, next);
        }
      },
      deleteCollection: (resource) => {
        throw new Error(`no collection of ${resource} is deleted here`);
      },
    };
  }
}
const RESOURCES: { [kind: string]: string } = {
  Node: 'nodes',
  Pod: 'pods',
  PersistentVolume: 'persistentvolumes',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  StorageClass: 'storageclasses.storage.k8s.io',
  PodDisruptionBudget: 'poddisruptionbudgets.policy',
  Service: 'services',
  Lease: 'leases.coordination.k8s.io',
  CSINode: 'csinodes.storage.k8s.io',
  VolumeAttachment: 'volumeattachments.storage.k8s.io',
};
function resourceOf({ kind }: KubeObject): string {
  const resource = RESOURCES[kind];
  if (resource === undefined) throw new Error(`no resource for ${kind}`);
  return resource;
}

export const makeNode = (name: string, spec: Node['spec'] = {}, labels: { [key: string]: string } = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  spec,
  status: { allocatable: { cpu: '2', memory: '4Gi', pods: '110' } },
});

export const makePod = (name: string, spec: Partial<NonNullable<Pod['spec']>> = {}, labels = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels },
  spec: { containers: [{ name: 'c', image: 'nginx' }], schedulerName: 'default-scheduler', ...spec },
  status: { phase: 'Pending' },
});

/** A container that asks for so much. */
export const asking = (requests: { [resource: string]: string }): Partial<NonNullable<Pod['spec']>> => ({
  containers: [{ name: 'c', image: 'nginx', resources: { requests } }],
});

export const makeVolume = (name: string, size: string, spec: PersistentVolume['spec'] = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  // admission adds the finalizer on creation
  metadata: { name, finalizers: ['kubernetes.io/pv-protection'] },
  spec: {
    capacity: { storage: size },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    hostPath: { path: `/srv/${name}` },
    ...spec,
  },
  status: { phase: 'Pending' },
});

export const makeClaim = (
  name: string,
  size: string,
  spec: PersistentVolumeClaim['spec'] = {},
): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default', finalizers: ['kubernetes.io/pvc-protection'] },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } }, ...spec },
  status: { phase: 'Pending' },
});
