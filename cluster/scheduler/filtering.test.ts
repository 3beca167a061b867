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
