/** A client, a web server behind Services, and CoreDNS, for tests of what a container sees of the network. */
import type { KubeObject, Pod } from '../../api/types.ts';
import { TestNetwork, type PodOptions } from '../../network/testing.ts';
import { lookUpImage } from '../images/lookup.ts';
import type { Instance } from './instance.ts';
import { SimulatedRuntime } from './runtime.ts';

const COREFILE =
  '.:53 {\n  kubernetes cluster.local in-addr.arpa {\n    pods insecure\n    ttl 30\n  }\n  forward . /etc/resolv.conf\n  reload\n}\n';
const START = Date.UTC(2026, 4, 1, 10);
export const ready = { ready: true, serving: true, terminating: false };
const HTTP = { name: 'http', port: 80, protocol: 'TCP' };
const DNS = { name: 'dns', port: 53, protocol: 'UDP' };

export interface Shop {
  net: TestNetwork;
  runtime: SimulatedRuntime;
  client: Instance;
  /** Runs it in the client's container: its output, exit code, and cluster time in seconds. */
  run(command: string, from?: Instance): [string, number, number];
  start(key: string, address: string, image: string, options?: PodOptions): Instance;
}

/** `image`: the client's. */
export function shop(image = 'busybox:1.36'): Shop {
  const net = new TestNetwork();
  for (const name of ['default', 'kube-system', 'shop', 'lab']) net.namespace(name);
  const runtime = new SimulatedRuntime({
    store: net.store,
    clock: { now: () => START },
    random: { next: () => 0 },
    token: () => 'token',
  });
  const start: Shop['start'] = (key, address, name, options = {}) => {
    const pod: Pod = net.pod(key, address, options);
    const found = lookUpImage(name);
    if (found.kind !== 'found') throw new Error(`no image ${name}`);
    const tool = /busybox|curl|nginx:perl/.test(name) && options.ports === undefined;
    const mount = { name: 'config', mountPath: '/etc/coredns' };
    const container = {
      name: 'main',
      ...(tool ? { command: ['sleep', '3600'] } : {}),
      ...(/coredns/.test(name) ? { args: ['-conf', '/etc/coredns/Corefile'], volumeMounts: [mount] } : {}),
    };
    const asked = { pod, node: undefined, podIP: address, hostIP: '172.30.1.2', container, startedAt: START };
    const instance = runtime.start({ ...asked, image: found.image, id: key });
    if (typeof instance === 'string') throw new Error(instance);
    return instance;
  };
  const client = start('shop/client', '10.244.1.3', image, { labels: { app: 'client' } });
  start('shop/web-1', '10.244.2.10', 'nginx:1.29', {
    node: 'node02',
    labels: { app: 'web' },
    ports: [{ containerPort: 80 }],
  });
  net.put('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'kube-system', name: 'coredns' },
    data: { Corefile: COREFILE },
  } as KubeObject);
  start('kube-system/coredns', '10.244.2.2', 'registry.k8s.io/coredns/coredns:v1.13.1', {
    node: 'node02',
    ports: [{ containerPort: 53, protocol: 'UDP' }],
    spec: { dnsPolicy: 'Default', volumes: [{ name: 'config', configMap: { name: 'coredns' } }] },
  });
  net.service('kube-system/kube-dns', { clusterIP: '10.96.0.10', ports: [{ ...DNS }] });
  net.endpoints('kube-system/kube-dns', [DNS], [{ addresses: ['10.244.2.2'], conditions: ready }]);
  net.service('shop/web', { clusterIP: '10.96.7.7', ports: [{ ...HTTP }] });
  net.endpoints('shop/web', [HTTP], [{ addresses: ['10.244.2.10'], conditions: ready }]);
  net.service('shop/empty', { clusterIP: '10.96.7.8', ports: [{ ...HTTP }] });
  net.service('shop/db', { clusterIP: 'None', ports: [{ ...HTTP }] });
  net.endpoints('shop/db', [HTTP], [{ addresses: ['10.244.2.10'], hostname: 'db-0', conditions: ready }]);
  const run: Shop['run'] = (command, from = client) => {
    const ran = runtime.runNow(from, ['sh', '-c', command], 600_000);
    if ('refused' in ran) throw new Error(ran.refused);
    return [ran.output, ran.code, ran.ms / 1000];
  };
  return { net, runtime, client, run, start };
}
