import { expect, test } from '@jest/globals';
import { Cluster } from '#cluster/cluster.ts';
import type { DaemonSet, Pod, Service } from '#cluster/api/types.ts';

const START = 1_780_000_000_000;

const web = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80 }] }] },
});
const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { clusterIP: '10.96.44.44', selector: { app: 'web' }, ports: [{ port: 80 }] },
};
/** Has kube-proxy nowhere, or everywhere. */
function place(cluster: Cluster, everywhere: boolean): void {
  const client = cluster.client('test');
  const proxy = client.get<DaemonSet>('daemonsets.apps', 'kube-system', 'kube-proxy');
  const { spec } = proxy ?? {};
  if (!proxy || !spec) throw new Error('there is no kube-proxy');
  const nodeSelector = { 'kubernetes.io/os': everywhere ? 'linux' : 'plan9' };
  const template = {
    ...spec.template,
    spec: { ...spec.template.spec, containers: spec.template.spec?.containers ?? [], nodeSelector },
  };
  client.update<DaemonSet>('daemonsets.apps', { ...proxy, spec: { ...spec, template } });
  cluster.advance(60_000);
}

test('without kube-proxy Services lead where they led when it went', () => {
  const cluster = Cluster.create({ now: START });
  const client = cluster.client('test');
  const code = () => cluster.node('node01')?.run('curl -s -o /dev/null -m 5 http://10.96.44.44').code;
  client.create('services', service);
  client.create('pods', web('first'));
  cluster.advance(30_000);
  expect(code()).toBe(0);
  place(cluster, false);
  expect(code()).toBe(0);
  client.delete('pods', 'default', 'first');
  client.create('pods', web('second'));
  cluster.advance(60_000);
  expect(code()).not.toBe(0);
  place(cluster, true);
  expect(code()).toBe(0);
});
