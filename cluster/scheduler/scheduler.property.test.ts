import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { KubeObject, Pod } from '../api/types.ts';
import { allocatableOf, requestsOf } from '../api/requests.ts';
import { scheduler } from './index.ts';
import { makeNode, makePod, World } from './test-support.ts';

const NODES = ['node01', 'node02', 'node03'];
/** Volumes of the driver that a node can hold. */
const VOLUMES = 2;
const DRIVER = 'csi.example.com';

interface Wanted {
  cpu: number;
  memory: number;
  port: number;
  claim: boolean;
  priority: number;
}

const wanted = fc.record<Wanted>({
  cpu: fc.integer({ min: 0, max: 1500 }),
  memory: fc.integer({ min: 0, max: 2500 }),
  port: fc.constantFrom(0, 0, 0, 8080, 8081),
  claim: fc.boolean(),
  priority: fc.constantFrom(0, 0, 10, 1000),
});
type Action = { create: Wanted } | { remove: number } | { cordon: number } | { uncordon: number };
const action = fc.oneof<fc.Arbitrary<Action>[]>(
  fc.record({ create: wanted }),
  fc.record({ create: wanted }),
  fc.record({ remove: fc.nat(30) }),
  fc.record({ cordon: fc.nat(2) }),
  fc.record({ uncordon: fc.nat(2) }),
);

function podOf(name: string, { cpu, memory, port, claim, priority }: Wanted): Pod {
  const requests = { cpu: `${cpu}m`, memory: `${memory}Mi` };
  const ports = port === 0 ? [] : [{ containerPort: 80, hostPort: port }];
  return makePod(name, {
    priority,
    containers: [{ name: 'c', image: 'nginx', resources: { requests }, ports }],
    ...(claim ? { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: `claim-${name}` } }] } : {}),
  });
}

const volumeOf = (name: string): KubeObject[] => [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `volume-${name}` },
    spec: { csi: { driver: DRIVER, volumeHandle: name } },
  } as KubeObject,
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: `claim-${name}`,
      namespace: 'default',
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes' },
    },
    spec: { volumeName: `volume-${name}` },
    status: { phase: 'Bound' },
  } as KubeObject,
];

function play(actions: readonly Action[]): World {
  const world = new World(scheduler).add(
    ...NODES.map((name) => makeNode(name)),
    ...NODES.map(
      (name) =>
        ({
          apiVersion: 'storage.k8s.io/v1',
          kind: 'CSINode',
          metadata: { name },
          spec: { drivers: [{ name: DRIVER, nodeID: name, allocatable: { count: VOLUMES } }] },
        }) as KubeObject,
    ),
  );
  actions.forEach((step, index) => {
    if ('create' in step) {
      const name = `pod-${index}`;
      if (step.create.claim) world.add(...volumeOf(name));
      world.add(podOf(name, step.create));
    } else if ('remove' in step) {
      if (world.pod(`pod-${step.remove}`)) world.remove('pods', 'default', `pod-${step.remove}`);
    } else {
      const at = 'cordon' in step ? step.cordon : step.uncordon;
      world.change('nodes', '', NODES[at] ?? '', (node: KubeObject & { spec?: { unschedulable?: boolean } }) => {
        node.spec = { ...node.spec, unschedulable: 'cordon' in step };
      });
    }
  });
  return world;
}

const placements = (world: World) =>
  world.client.list<Pod>('pods').map(({ metadata, spec }) => `${metadata.name} ${spec?.nodeName ?? ''}`);

test('no node is given more than it has: requests, pods, host ports, volumes', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      const world = play(actions);
      const pods = world.client.list<Pod>('pods');
      for (const name of NODES) {
        const there = pods.filter(({ spec }) => spec?.nodeName === name);
        const node = world.node(name);
        for (const [resource, amount] of Object.entries(node ? allocatableOf(node) : {})) {
          const used = there.reduce(
            (sum, pod) => sum + (requestsOf(pod)[resource] ?? (resource === 'pods' ? 1 : 0)),
            0,
          );
          expect(used).toBeLessThanOrEqual(amount);
        }
        const ports = there.flatMap(({ spec }) => (spec?.containers ?? []).flatMap((one) => one.ports ?? []));
        expect(new Set(ports.map(({ hostPort }) => hostPort)).size).toBe(ports.length);
        expect(there.filter(({ spec }) => (spec?.volumes ?? []).length > 0).length).toBeLessThanOrEqual(VOLUMES);
      }
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('the same steps and the same seed lead to the same places', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
      expect(placements(play(actions))).toEqual(placements(play(actions)));
    }),
    { numRuns: 15, seed: 2 },
  );
});

test('nothing waits that would fit: who is left over fits nowhere', () => {
  fc.assert(
    fc.property(fc.array(wanted, { maxLength: 20 }), (pods) => {
      const world = play(pods.map((create) => ({ create: { ...create, priority: 0, claim: false, port: 0 } })));
      const all = world.client.list<Pod>('pods');
      for (const waiting of all.filter(({ spec }) => !spec?.nodeName)) {
        for (const name of NODES) {
          const node = world.node(name);
          const there = all.filter(({ spec }) => spec?.nodeName === name);
          const fits = Object.entries(requestsOf(waiting)).every(
            ([resource, amount]) =>
              amount + there.reduce((sum, pod) => sum + (requestsOf(pod)[resource] ?? 0), 0) <=
              (node ? (allocatableOf(node)[resource] ?? 0) : 0),
          );
          expect(fits).toBe(false);
        }
      }
    }),
    { numRuns: 25, seed: 3 },
  );
});
