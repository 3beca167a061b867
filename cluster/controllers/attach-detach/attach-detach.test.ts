import { expect, test } from '@jest/globals';
import type { KubeObject, Pod } from '../../api/types.ts';
import { makeClaim, makeNode, makePod, makeVolume, World } from '../../scheduler/test-support.ts';
import { persistentVolumeBinder } from '../persistent-volume-binder/index.ts';
import { attachDetach } from './index.ts';

const NAME = 'csi-2877d6b66c90edfe3213ba2cf8229e10151806ca03b0a82fda473cd5c2c6beea';
const managed = (name: string) => {
  const node = makeNode(name);
  node.metadata.annotations = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' };
  return node;
};
const csi = { hostPath: undefined, csi: { driver: 'csi.example.com', volumeHandle: 'h1' } };
const using = (name: string, nodeName: string): Pod =>
  makePod(name, { nodeName, volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'c' } }] });

const world = (...objects: KubeObject[]): World => {
  const made = new World(persistentVolumeBinder, attachDetach).add(managed('node01'), managed('node02'));
  made.add(makeVolume('v', '1Gi', csi), makeClaim('c', '1Gi')).pass(15);
  return made.add(...objects);
};
const attachments = (made: World) =>
  made.store.list('volumeattachments.storage.k8s.io').map(({ metadata }) => metadata.name);
const answered = (made: World) =>
  made.change<KubeObject & { status?: object }>('volumeattachments.storage.k8s.io', '', NAME, (one) => {
    one.status = { attached: true };
  });

test('a volume is asked for on the node of its pod, under the name that CSI gives it', () => {
  const made = world(using('p', 'node01'));
  expect(made.store.get('volumeattachments.storage.k8s.io', '', NAME)).toMatchObject({
    spec: { attacher: 'csi.example.com', nodeName: 'node01', source: { persistentVolumeName: 'v' } },
  });
});

test('a driver that nobody answers for is told of every two minutes', () => {
  const made = world(using('p', 'node01')).pass(119);
  expect(made.events).toEqual([]);
  const message =
    'Warning FailedAttachVolume p: AttachVolume.Attach failed for volume "v" : timed out waiting for external-attacher of csi.example.com CSI driver to attach volume h1';
  expect(made.pass(1).events).toEqual([message]);
  expect(made.pass(120).events).toEqual([message, message]);
});

test('once attached, the node shows it; a second node is refused; it goes with the pod', () => {
  const made = answered(world(using('p', 'node01')));
  expect(made.events).toEqual(['Normal SuccessfulAttachVolume p: AttachVolume.Attach succeeded for volume "v" ']);
  expect(made.node('node01')?.status?.volumesAttached).toEqual([
    { name: 'kubernetes.io/csi/csi.example.com^h1', devicePath: '' },
  ]);
  made.add(using('q', 'node02'));
  expect(made.events.at(-1)).toBe(
    'Warning FailedAttachVolume q: Multi-Attach error for volume "v" Volume is already used by pod(s) p',
  );
  made.remove('pods', 'default', 'p').pass(1);
  expect(made.node('node01')?.status?.volumesAttached).toBeUndefined();
  expect(attachments(made)).toHaveLength(1);
});

test.each([
  ['a driver that needs no attaching', { spec: { attachRequired: false } }, 0],
  ['a driver that says nothing', { spec: {} }, 1],
])('%s', (_name, driver, count) => {
  const made = world();
  made.store.put('csidrivers.storage.k8s.io', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'csi.example.com' },
    ...driver,
  });
  expect(attachments(made.add(using('p', 'node01')))).toHaveLength(count);
});

test('nodes without a kubelet that leaves it to the controller are left alone', () => {
  const made = new World(persistentVolumeBinder, attachDetach).add(makeNode('node01'));
  made
    .add(makeVolume('v', '1Gi', csi), makeClaim('c', '1Gi'))
    .pass(15)
    .add(using('p', 'node01'));
  expect(attachments(made)).toEqual([]);
});
