/** A cluster of chosen controllers without admission, for tests: real store, registry and loop. */
import type { KubeObject, Node, Pod } from '../api/types.ts';
import { ManualClock } from '../clock.ts';
import { Recorder } from '../events.ts';
import type { Kind } from '../kinds/kind.ts';
import { Loop } from '../loop.ts';
import { makeNode } from '../nodes.ts';
import { SeededRandom } from '../random.ts';
import { Registry } from '../registry/registry.ts';
import { resourceName, resources } from '../schema/resources.ts';
import type { Client, ResourceName } from '../store/client.ts';
import { Store } from '../store/store.ts';
import type { Controller } from './controller.ts';

/** 2026-05-01T10:00:00Z */
export const START = Date.UTC(2026, 4, 1, 10);

export interface Bench {
  client: Client;
  clock: ManualClock;
  /** Works until nothing is left to do now. */
  settle(): void;
  /** Lets time pass, stopping at each timer. */
  advance(ms: number): void;
  /** `reason: message` of all events, in the order they were first told. */
  events(): string[];
  pods(namespace?: string): readonly Pod[];
}

/** Binds every pod that has no node to the one its affinity names, or else to `node01`. */
const binder: Controller = {
  name: 'binder',
  user: 'system:kube-scheduler',
  watches: {
    pods: ({ type, object }) => (type === 'ADDED' ? [`${object.metadata.namespace}/${object.metadata.name}`] : []),
  },
  reconcile(key, { client }) {
    const [namespace = '', name = ''] = key.split('/');
    const pod = client.get<Pod>('pods', namespace, name);
    if (pod?.spec === undefined || pod.spec.nodeName) return;
    const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    const nodeName = terms?.[0]?.matchFields?.[0]?.values?.[0] ?? 'node01';
    client.update<Pod>('pods', { ...pod, spec: { ...pod.spec, nodeName } });
  },
};

type Made = (parts: { store: Store; clock: ManualClock; random: SeededRandom }) => readonly Controller[];

export function bench(made: readonly Controller[] | Made, nodes: readonly string[] = ['node01', 'node02']): Bench {
  const store = new Store();
  const clock = new ManualClock(START);
  const random = new SeededRandom(1);
  const controllers = typeof made === 'function' ? made({ store, clock, random }) : made;
  // pods linger for their grace period once they are bound
  const pod: Kind = {
    resource: 'pods',
    gracePeriodSeconds: (object, requested) => {
      const { spec, status } = object as Pod;
      if (!spec?.nodeName || status?.phase === 'Failed' || status?.phase === 'Succeeded') return 0;
      return requested ?? spec.terminationGracePeriodSeconds ?? 30;
    },
  };
  const registry = new Registry({
    store,
    clock,
    random,
    admission: [],
    kinds: new Map([['pods', pod]]),
    resources: new Map(resources.map((info) => [resourceName(info), info])),
  });
  const counter = { drawn: 0 };
  const clientOf = (username: string) => registry.client({ username, groups: ['system:masters'] });
  const loop = new Loop({
    store,
    clock,
    controllers: [...controllers, binder],
    context: (controller) => {
      const client = clientOf(controller.user ?? controller.name);
      return { client, clock, random, events: new Recorder(client, clock, counter) };
    },
    onFault: (controller, key, fault) => {
      throw new Error(`${controller.name} ${key}`, { cause: fault });
    },
  });
  const client = clientOf('admin');
  for (const name of ['default', 'kube-system']) {
    client.create('namespaces', namespaceNamed(name));
    client.updateStatus('namespaces', { ...namespaceNamed(name), status: { phase: 'Active' } } as KubeObject);
  }
  nodes.forEach((name, position) => {
    const node: Node = makeNode(name, position, START);
    client.create('nodes', node);
    client.updateStatus('nodes', node);
  });
  const settle = () => loop.settle();
  return {
    client,
    clock,
    settle,
    advance(ms) {
      const end = clock.now() + ms;
      settle();
      for (let next = loop.nextTimer(); next !== undefined && next <= end; next = loop.nextTimer()) {
        clock.moveTo(next);
        settle();
      }
      clock.moveTo(end);
      settle();
    },
    events: () =>
      client
        .list<KubeObject & { reason: string; message: string }>('events')
        .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map((event) => `${event.reason}: ${event.message}`),
    pods: (namespace = 'default') => client.list<Pod>('pods', namespace),
  };
}

export const namespaceNamed = (name: string): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: { finalizers: ['kubernetes'] } }) as KubeObject;

/** An object without the ceremony: `make('ConfigMap', 'site', {data: {...}})`, in namespace default. */
export function make<T extends KubeObject>(apiVersion: string, kind: string, name: string, rest: object = {}): T {
  return { apiVersion, kind, metadata: { name, namespace: 'default' }, ...rest } as unknown as T;
}

export const names = (client: Client, resource: ResourceName): string[] =>
  client.list(resource).map((object) => object.metadata.name);

/** Controllers in an order that is drawn: what they lead to must not depend on it. */
export const drawnTurns =
  (ranks: Iterator<number>) =>
  (controllers: readonly Controller[]): readonly Controller[] =>
    controllers
      .map((controller) => ({ controller, rank: Number(ranks.next().value) }))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ controller }) => controller);
