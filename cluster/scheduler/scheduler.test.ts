import { describe, expect, test } from '@jest/globals';
import type { KubeObject, Node, Pod } from '../api/types.ts';
import { scheduler } from './index.ts';
import { asking, makeClaim, makeNode, makePod, makeVolume, World } from './test-support.ts';

const CONTROL_PLANE = { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] };
const three = () =>
  new World(scheduler).add(makeNode('controlplane', CONTROL_PLANE), makeNode('node01'), makeNode('node02'));
const NOT_HELPFUL =
  'no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';
const ANTI_AFFINITY: Partial<NonNullable<Pod['spec']>> = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  },
};

describe('a pod that fits nowhere is told why', () => {
  const rows: { name: string; pods: Pod[]; objects?: KubeObject[]; change?: (world: World) => void; says: string }[] = [
    {
      name: 'node selector',
      pods: [makePod('p', { nodeSelector: { disk: 'nvme' } })],
      says: `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. ${NOT_HELPFUL}`,
    },
    {
      name: 'more than any node has, of two resources',
      pods: [makePod('p', asking({ cpu: '5', memory: '100Gi' }))],
      says: `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu, 2 Insufficient memory. ${NOT_HELPFUL}`,
    },
    {
      name: 'nodes full of pods of the same priority',
      pods: [
        makePod('a', { ...asking({ cpu: '1500m' }), nodeSelector: { 'kubernetes.io/hostname': 'node01' } }),
        makePod('p', { ...asking({ cpu: '1' }), nodeSelector: { 'kubernetes.io/hostname': 'node01' } }),
      ],
      says: "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    },
    {
      name: 'preemptionPolicy Never',
      pods: [
        makePod('a', { ...asking({ cpu: '1500m' }), nodeSelector: { 'kubernetes.io/hostname': 'node01' } }),
        makePod('p', {
          ...asking({ cpu: '1' }),
          nodeSelector: { 'kubernetes.io/hostname': 'node01' },
          priority: 5,
          preemptionPolicy: 'Never',
        }),
      ],
      says: "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.",
    },
    {
      name: 'cordoned nodes',
      pods: [makePod('p')],
      change: (world) => {
        for (const name of ['node01', 'node02']) {
          world.change<Node>('nodes', '', name, (node) => void (node.spec = { unschedulable: true }));
        }
      },
      says: `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) were unschedulable. ${NOT_HELPFUL}`,
    },
    {
      name: 'pod affinity to nobody',
      pods: [
        makePod('p', {
          affinity: {
            podAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: { role: 'cache' } }, topologyKey: 'kubernetes.io/hostname' },
              ],
            },
          },
        }),
      ],
      says: `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod affinity rules. ${NOT_HELPFUL}`,
    },
    {
      name: 'anti-affinity and no node left',
      pods: ['a', 'b', 'p'].map((name) => makePod(name, ANTI_AFFINITY, { app: 'a' })),
      says: "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
    },
    {
      name: 'spread over a topology that no node has',
      pods: [
        makePod('p', {
          topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
        }),
      ],
      says: `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod topology spread constraints (missing required label). ${NOT_HELPFUL}`,
    },
    {
      name: 'a node by name that is tainted',
      pods: [
        makePod('p', {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['controlplane'] }] },
                ],
              },
            },
          },
        }),
      ],
      says: `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. ${NOT_HELPFUL}`,
    },
    {
      name: 'host port taken',
      pods: ['a', 'p'].map((name) =>
        makePod(name, {
          nodeSelector: { 'kubernetes.io/hostname': 'node01' },
          containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort: 8080 }] }],
        }),
      ),
      says: "0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    },
    {
      name: 'claim that is not there',
      pods: [makePod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'datas' } }] })],
      says: '0/3 nodes are available: persistentvolumeclaim "datas" not found. not found',
    },
    {
      name: 'claim that is not bound',
      objects: [makeClaim('data', '1Gi')],
      pods: [makePod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] })],
      says: '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    },
    {
      name: 'volume that only another node reaches',
      objects: [
        makeVolume('disk', '1Gi', {
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node02'] }] },
              ],
            },
          },
        }),
        {
          ...makeClaim('data', '1Gi', { volumeName: 'disk' }),
          metadata: {
            name: 'data',
            namespace: 'default',
            annotations: { 'pv.kubernetes.io/bind-completed': 'yes' },
          },
        },
      ],
      pods: [
        makePod('p', {
          nodeSelector: { 'kubernetes.io/hostname': 'node01' },
          volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
        }),
      ],
      says: `0/3 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). ${NOT_HELPFUL}`,
    },
  ];
  test.each(rows)('$name', ({ pods, objects = [], change, says }) => {
    const world = three();
    change?.(world);
    for (const object of [...objects, ...pods]) world.add(object);
    expect(world.nodeOf('p')).toBeUndefined();
    expect(world.pod('p')?.status?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: says },
    ]);
    expect(world.events.at(-1)).toBe(`Warning FailedScheduling p: ${says}`);
  });
});

test('no nodes at all', () => {
  const world = new World(scheduler).add(makePod('p'));
  expect(world.events).toEqual(['Warning FailedScheduling p: no nodes available to schedule pods']);
});

test('a pod is placed, and told so', () => {
  const world = three().add(makePod('p', { nodeSelector: { 'kubernetes.io/hostname': 'node02' } }));
  expect(world.nodeOf('p')).toBe('node02');
  expect(world.events).toEqual(['Normal Scheduled p: Successfully assigned default/p to node02']);
});

describe('pods that are not for this scheduler, or not yet', () => {
  test.each([
    ['another scheduler', { schedulerName: 'mine' }],
    ['scheduling gates', { schedulingGates: [{ name: 'example.com/quota' }] }],
  ])('%s', (_name, spec) => {
    const world = three().add(makePod('p', spec));
    expect([world.nodeOf('p'), world.events]).toEqual([undefined, []]);
  });
  test('the last gate goes', () => {
    const world = three().add(makePod('p', { schedulingGates: [{ name: 'example.com/quota' }] }));
    world.change<Pod>('pods', 'default', 'p', (pod) => void delete pod.spec?.schedulingGates);
    expect(world.nodeOf('p')).toBeDefined();
  });
});

describe('a waiting pod is tried again', () => {
  const waiting = () => three().add(makePod('p', { nodeSelector: { disk: 'ssd' } }));
  test('when a node gets the label', () => {
    const world = waiting().change<Node>('nodes', '', 'node01', (node) => {
      node.metadata.labels = { ...node.metadata.labels, disk: 'ssd' };
    });
    expect(world.nodeOf('p')).toBe('node01');
  });
  test('not told twice when nothing is different, but every five minutes', () => {
    const world = waiting().change<Node>('nodes', '', 'node01', (node) => {
      node.metadata.labels = { ...node.metadata.labels, other: 'x' };
    });
    expect(world.events).toHaveLength(1);
    expect(world.pass(299).events).toHaveLength(1);
    expect(world.pass(2).events).toHaveLength(2);
    expect(world.pass(300).events).toHaveLength(3);
  });
  test('when a pod goes', () => {
    const world = new World(scheduler).add(makeNode('node01'), makePod('a', asking({ cpu: '2' })));
    world.add(makePod('p', asking({ cpu: '1' })));
    expect(world.nodeOf('p')).toBeUndefined();
    expect(world.remove('pods', 'default', 'a').nodeOf('p')).toBe('node01');
  });
});

describe('the better node', () => {
  const placed = (objects: KubeObject[], pod: Pod) => {
    const world = three();
    for (const object of objects) world.add(object);
    return world.add(pod).nodeOf('p');
  };
  const on = (name: string, node: string, requests: Record<string, string> = {}) =>
    makePod(name, { ...asking(requests), nodeSelector: { 'kubernetes.io/hostname': node } }, { app: 'a' });
  test('the emptier one', () => {
    expect(placed([on('a', 'node01', { cpu: '1', memory: '1Gi' })], makePod('p', asking({ cpu: '500m' })))).toBe(
      'node02',
    );
    expect(placed([on('a', 'node02', { cpu: '1', memory: '1Gi' })], makePod('p'))).toBe('node01');
  });
  test('the preferred one, by weight', () => {
    const prefers = (weight: number, host: string) => ({
      weight,
      preference: { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] },
    });
    const nodeAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [prefers(1, 'node01'), prefers(100, 'node02')],
    };
    expect(placed([], makePod('p', { affinity: { nodeAffinity } }))).toBe('node02');
  });
  test('the one without a soft taint', () => {
    const soft = new World(scheduler).add(
      makeNode('node01', { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] }),
      makeNode('node02'),
    );
    expect(soft.add(makePod('p')).nodeOf('p')).toBe('node02');
  });
  test('the one where the friends are', () => {
    const podAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: { labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'kubernetes.io/hostname' },
        },
      ],
    };
    expect(placed([on('a', 'node02')], makePod('p', { affinity: { podAffinity } }))).toBe('node02');
  });
  test('pods spread evenly', () => {
    const world = three();
    const topologySpreadConstraints = [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'DoNotSchedule',
        nodeTaintsPolicy: 'Honor',
        labelSelector: { matchLabels: { app: 'a' } },
      },
    ];
    for (let i = 0; i < 6; i++) world.add(makePod(`p${i}`, { topologySpreadConstraints }, { app: 'a' }));
    const counts = Map.groupBy([0, 1, 2, 3, 4, 5], (i) => world.nodeOf(`p${i}`));
    expect([...counts.values()].map((ones) => ones.length)).toEqual([3, 3]);
  });
});

describe('preemption', () => {
  const low = (name: string, priority: number, labels = {}) =>
    makePod(name, { ...asking({ cpu: '1' }), priority }, labels);
  test('the least important pods go, and the pod gets their place', () => {
    const world = new World(scheduler).add(makeNode('node01'), low('a', -10), low('b', 0));
    world.add(makePod('vip', { ...asking({ cpu: '1' }), priority: 100 }));
    expect([world.pod('a'), world.nodeOf('b'), world.nodeOf('vip')]).toEqual([undefined, 'node01', 'node01']);
    expect(world.events.slice(2)).toEqual([
      'Warning FailedScheduling vip: 0/1 nodes are available: 1 Insufficient cpu.',
      `Normal Preempted a: Preempted by pod ${world.pod('vip')?.metadata.uid} on node node01`,
      'Normal Scheduled vip: Successfully assigned default/vip to node01',
    ]);
  });
  test('while victims take their time the node is promised', () => {
    const world = new World(scheduler).add(makeNode('node01'), {
      ...low('a', 0),
      metadata: { name: 'a', namespace: 'default', finalizers: ['example.com/slow'] },
    });
    world.add(makePod('vip', { ...asking({ cpu: '2' }), priority: 100 }));
    expect(world.pod('vip')?.status?.nominatedNodeName).toBe('node01');
    expect(world.pod('a')?.status?.conditions).toMatchObject([
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      },
    ]);
    world.add(makePod('sneaky', asking({ cpu: '1' })));
    expect(world.nodeOf('sneaky')).toBeUndefined();
  });
  test('a disruption budget protects, where there is a choice', () => {
    const world = new World(scheduler).add(makeNode('node01'), {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'keep', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'kept' } } },
      status: { disruptionsAllowed: 0 },
    } as KubeObject);
    world.add(low('kept', -5, { app: 'kept' }), low('other', 0));
    world.add(makePod('vip', { ...asking({ cpu: '1' }), priority: 100 }));
    expect([world.nodeOf('kept'), world.pod('other')]).toEqual(['node01', undefined]);
  });
});
