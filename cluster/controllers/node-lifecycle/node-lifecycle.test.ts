import { describe, expect, test } from '@jest/globals';
import type { Node, Pod } from '../../api/types.ts';
import { makeNode, makePod, World } from '../../scheduler/test-support.ts';
import { isNodeOff, nodeHeartbeat, nodeLifecycle, switchNode } from './index.ts';

const at = '2026-01-01T00:00:00Z';
const ready = (name: string, spec: Node['spec'] = {}, labels = {}): Node => {
  const node = makeNode(name, spec, labels);
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  return {
    ...node,
    metadata: { ...node.metadata, creationTimestamp: at },
    status: {
      ...node.status,
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
        condition('Ready', 'True', 'KubeletReady'),
      ],
    },
  };
};
const taintsOf = (world: World, name: string) =>
  (world.node(name)?.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const three = () => new World(nodeLifecycle, nodeHeartbeat).add(ready('node01'), ready('node02'), ready('node03'));
const UNKNOWN = ['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute'];

test('nodes are welcomed once, and missed', () => {
  const world = new World(nodeLifecycle).add(ready('node01')).pass(1).remove('nodes', '', 'node01');
  expect(world.events).toEqual([
    'Normal RegisteredNode node01: Node node01 event: Registered Node node01 in Controller',
    'Normal RemovingNode node01: Node node01 event: Removing Node node01 from Controller',
  ]);
});

test('nodes that report stay ready', () => {
  const world = three().pass(3600);
  expect(world.node('node01')?.status?.conditions?.map(({ status }) => status)).toEqual([
    'False',
    'False',
    'False',
    'True',
  ]);
  expect(world.events.filter((event) => !event.includes('RegisteredNode'))).toEqual([]);
});

test('a new node reports what it never reported', () => {
  const world = new World(nodeLifecycle, nodeHeartbeat).add(makeNode('node01')).pass(1);
  expect(world.node('node01')?.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
    'MemoryPressure=False',
    'DiskPressure=False',
    'PIDPressure=False',
    'Ready=True',
  ]);
});

test('a node that never reported is missed after a minute', () => {
  const world = new World(nodeLifecycle).add(makeNode('node01')).pass(59);
  expect(world.node('node01')?.status?.conditions).toBeUndefined();
  expect(world.pass(2).node('node01')?.status?.conditions).toMatchObject(
    ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({
      type,
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
    })),
  );
});

describe('a node that is switched off', () => {
  const off = () => {
    const world = three().add(makePod('p', { nodeName: 'node01' }));
    world.change<Pod>('pods', 'default', 'p', (pod) => {
      pod.status = { conditions: [{ type: 'Ready', status: 'True' }] };
    });
    switchNode(world.client, 'node01', false);
    return world;
  };
  test('is missed after 50 seconds, with what that means for its pods', () => {
    const world = off().pass(49);
    expect(isNodeOff(world.client, 'node01')).toBe(true);
    expect(taintsOf(world, 'node01')).toEqual([]);
    world.pass(2);
    expect(world.node('node01')?.status?.conditions).toMatchObject(
      Array.from({ length: 4 }, () => ({
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      })),
    );
    expect(taintsOf(world, 'node01')).toEqual(UNKNOWN);
    expect(world.pod('p')?.status?.conditions).toMatchObject([{ type: 'Ready', status: 'False' }]);
    expect(world.events.slice(3)).toEqual([
      'Normal NodeNotReady node01: Node node01 status is now: NodeNotReady',
      'Warning NodeNotReady p: Node is not ready',
    ]);
  });
  test('comes back', () => {
    const world = off().pass(60);
    switchNode(world.client, 'node01', true);
    world.pass(0);
    expect(taintsOf(world, 'node01')).toEqual([]);
    expect(world.node('node01')?.status?.conditions?.at(-1)).toMatchObject({ status: 'True', reason: 'KubeletReady' });
    expect(world.events.at(-1)).toBe('Normal NodeReady node01: Node node01 status is now: NodeReady');
  });
  test('no pod is driven off when all nodes are lost', () => {
    const world = three();
    for (const name of ['node01', 'node02', 'node03']) switchNode(world.client, name, false);
    world.pass(60);
    for (const name of ['node01', 'node02', 'node03']) {
      expect(taintsOf(world, name)).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
    }
  });
});

const setCondition = (type: string, status: string) => (node: Node) => {
  for (const condition of node.status?.conditions ?? []) if (condition.type === type) condition.status = status;
};

describe('taints follow what the node says', () => {
  const rows: [string, (node: Node) => void, string[]][] = [
    ['cordoned', (node) => void (node.spec = { unschedulable: true }), ['node.kubernetes.io/unschedulable:NoSchedule']],
    [
      'uncordoned',
      (node) =>
        void (node.spec = {
          taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: at }],
        }),
      [],
    ],
    [
      'own taints stay',
      (node) => void (node.spec = { taints: [{ key: 'a', effect: 'NoExecute' }], unschedulable: true }),
      ['a:NoExecute', 'node.kubernetes.io/unschedulable:NoSchedule'],
    ],
    ['disk pressure', setCondition('DiskPressure', 'True'), ['node.kubernetes.io/disk-pressure:NoSchedule']],
    [
      'not ready',
      setCondition('Ready', 'False'),
      ['node.kubernetes.io/not-ready:NoSchedule', 'node.kubernetes.io/not-ready:NoExecute'],
    ],
  ];
  test.each(rows)('%s', (_name, change, taints) => {
    const world = three().change('nodes', '', 'node01', change);
    expect(taintsOf(world, 'node01')).toEqual(taints);
  });
});

test('old labels follow new ones', () => {
  const world = new World(nodeLifecycle).add(
    ready('node01', {}, { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' }),
  );
  expect(world.node('node01')?.metadata.labels).toMatchObject({
    'beta.kubernetes.io/os': 'linux',
    'beta.kubernetes.io/arch': 'arm64',
  });
});
