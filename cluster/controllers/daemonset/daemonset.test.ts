import { expect, test } from '@jest/globals';
import type { ControllerRevision, DaemonSet, Node, Pod } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { garbageCollector } from '../garbage-collector/index.ts';
import { bench, make, type Bench } from '../testing.ts';
import { daemonset } from './index.ts';

const NODES = ['controlplane', 'node01', 'node02'];
const agent = (image = 'fluentd:1', spec: object = {}): DaemonSet =>
  make('apps/v1', 'DaemonSet', 'agent', {
    spec: {
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'c', image }], ...spec } },
    },
  });
function running(set = agent()): Bench {
  const cluster = bench([daemonset, garbageCollector, makeKubelet({ bare: true })], NODES);
  cluster.client.create('daemonsets.apps', set);
  cluster.settle();
  return cluster;
}
const placed = (cluster: Bench) =>
  cluster
    .pods()
    .map((pod) => pod.spec?.nodeName ?? '')
    .toSorted((a, b) => a.localeCompare(b));
const get = ({ client }: Bench) => client.get<DaemonSet>('daemonsets.apps', 'default', 'agent')!;

test('one pod on each node whose taints it tolerates', () => {
  const cluster = running();
  expect(placed(cluster)).toEqual(['node01', 'node02']);
  expect(get(cluster).status).toEqual({
    observedGeneration: 1,
    currentNumberScheduled: 2,
    desiredNumberScheduled: 2,
    numberMisscheduled: 0,
    numberReady: 2,
    numberAvailable: 2,
    updatedNumberScheduled: 2,
  });
  expect(cluster.events().every((event) => event.startsWith('SuccessfulCreate: Created pod: agent-'))).toBe(true);
  const [pod] = cluster.pods();
  expect(pod?.spec?.tolerations?.map((toleration) => toleration.key)).toContain('node.kubernetes.io/unschedulable');

  const everywhere = running(agent('fluentd:1', { tolerations: [{ operator: 'Exists' }] }));
  expect(placed(everywhere)).toEqual(NODES);
});

test('a cordoned node keeps its daemon, a NoExecute taint ends it, a removed taint brings one', () => {
  const cluster = running();
  const taint = (name: string, taints: object[]) => {
    const node = cluster.client.get<Node>('nodes', '', name)!;
    cluster.client.update('nodes', { ...node, spec: { ...node.spec, taints } } as Node);
    cluster.settle();
  };
  taint('node01', [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }]);
  expect(placed(cluster)).toEqual(['node01', 'node02']);
  taint('node01', [{ key: 'gone', effect: 'NoExecute' }]);
  expect(placed(cluster)).toEqual(['node02']);
  taint('controlplane', []);
  expect(placed(cluster)).toEqual(['controlplane', 'node02']);
});

test('a new template replaces the pods and leaves a revision', () => {
  const cluster = running();
  const before = cluster.pods().map((pod) => pod.metadata.name);
  const current = get(cluster);
  cluster.client.update('daemonsets.apps', { ...current, spec: agent('fluentd:2').spec });
  cluster.settle();
  expect(cluster.pods().map((pod) => pod.spec?.containers[0]?.image)).toEqual(['fluentd:2', 'fluentd:2']);
  expect(cluster.pods().some((pod) => before.includes(pod.metadata.name))).toBe(false);
  const revisions = cluster.client.list<ControllerRevision>('controllerrevisions.apps');
  expect(revisions.map((revision) => revision.revision).toSorted((a, b) => a - b)).toEqual([1, 2]);
});

test('a node that turns its pods away is asked less and less often', () => {
  const cluster = running();
  const created = () => cluster.events().filter((text) => text.startsWith('SuccessfulCreate')).length;
  const fail = () => {
    const pod = cluster.pods().find(({ spec }) => spec?.nodeName === 'node01')!;
    cluster.client.updateStatus<Pod>('pods', { ...pod, status: { ...pod.status, phase: 'Failed' } });
    cluster.settle();
    return pod.metadata.name;
  };
  const first = fail();
  expect(cluster.events()).toContain(
    `FailedDaemonPod: Found failed daemon pod default/${first} on node node01, will try to kill it`,
  );
  expect(created()).toBe(3);
  fail();
  expect(created()).toBe(3);
  cluster.advance(1000);
  expect(created()).toBe(4);
  fail();
  cluster.advance(1000);
  expect(created()).toBe(4);
  cluster.advance(1000);
  expect(created()).toBe(5);
});
