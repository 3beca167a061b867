import { beforeAll, expect, test } from '@jest/globals';
import type { Node, Pod, Secret } from '#cluster/api/types.ts';
import { Cluster } from '#cluster/cluster.ts';
import { certificateSigner } from '../../serve/certificate-signer.ts';
import { createAuthority, type Authority } from '../../serve/certificates.ts';

const START = 1_780_000_000_000;
let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority(START);
});

const create = (): Cluster =>
  Cluster.create({
    now: START,
    caCertificate: authority.certificate,
    certificates: certificateSigner(authority.keyPair),
  });

/** What a line of bash prints on a node, and its code where that is not 0. */
function on(cluster: Cluster, node: string, line: string): string {
  const result = cluster.node(node)?.run(line);
  if (result === undefined) throw new Error(`no node ${node}`);
  cluster.settle();
  return `${result.stdout}${result.stderr}${result.code === 0 ? '' : `[${result.code}]`}`;
}
const ready = (cluster: Cluster, name: string) =>
  cluster.store.get<Node>('nodes', '', name)?.status?.conditions?.find(({ type }) => type === 'Ready');

test('it is a root shell on the machine', () => {
  const cluster = create();
  expect(on(cluster, 'node01', 'id -un; hostname; pwd; echo $((6 * 7)) | sed s/4/5/')).toBe(
    'root\nnode01\n/root\n52\n',
  );
  expect(cluster.node('node01')?.run(['cat', '-'], { stdin: 'grüße\n', cwd: '/etc' })).toEqual({
    stdout: 'grüße\n',
    stderr: '',
    code: 0,
    ms: 0,
  });
  expect(cluster.node('node01')?.run('sleep 30; echo $X', { env: { X: 'here' } })).toMatchObject({
    stdout: 'here\n',
    ms: 30_000,
  });
  expect(cluster.node('node01')?.run('sleep infinity', { limitMs: 5000 })).toMatchObject({ code: 124 });
  expect(cluster.node('nowhere')).toBeUndefined();
});

test('files are read, written, listed, and somebody hears of it', () => {
  const cluster = create();
  const node = cluster.node('node01');
  let heard = 0;
  const stop = node?.onChange(() => heard++);
  node?.write('/opt/work/answer.txt', 'yes\n', { mode: 0o640 });
  expect(heard).toBeGreaterThan(0);
  stop?.();
  expect(node?.read('/opt/work/answer.txt')).toBe('yes\n');
  expect(node?.read('/opt/nothing')).toBeUndefined();
  expect(node?.list('/opt/work')).toEqual([{ name: 'answer.txt', kind: 'file', mode: 0o640, size: 4, mtime: START }]);
  expect(node?.stat('/bin')).toMatchObject({ kind: 'link', target: 'usr/bin' });
  node?.remove('/opt/work');
  expect(on(cluster, 'node01', 'ls /opt')).toBe('cni\n');
  expect(() => node?.list('/opt/work')).toThrow('No such file or directory');
});

const CONFIG = '/var/lib/kubelet/config.yaml';
const DROP_IN = '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf';
const SOCKET_REFUSED = String.raw`failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint \"unix:///run/cri.sock\": rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /run/cri.sock: connect: no such file or directory\"`;
test.each([
  [
    'another client CA',
    `sed -i 's#pki/ca.crt#pki/WRONG.crt#' ${CONFIG}`,
    `sed -i 's#pki/WRONG.crt#pki/ca.crt#' ${CONFIG}`,
    'failed to construct kubelet dependencies: unable to load client CA file /etc/kubernetes/pki/WRONG.crt: open /etc/kubernetes/pki/WRONG.crt: no such file or directory',
  ],
  [
    'no configuration',
    `mv ${CONFIG} /root/`,
    `mv /root/config.yaml ${CONFIG}`,
    String.raw`failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: failed to load Kubelet config file /var/lib/kubelet/config.yaml, error failed to read kubelet config file \"/var/lib/kubelet/config.yaml\", error: open /var/lib/kubelet/config.yaml: no such file or directory`,
  ],
  [
    'a configuration of another kind',
    `sed -i 's/kind: Kubelet/kind: Kubelett/' ${CONFIG}`,
    `sed -i 's/kind: Kubelett/kind: Kubelet/' ${CONFIG}`,
    String.raw`failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: failed to load Kubelet config file /var/lib/kubelet/config.yaml, error failed to decode: no kind \"KubelettConfiguration\" is registered for version \"kubelet.config.k8s.io/v1beta1\" in scheme \"pkg/runtime/scheme.go:111\"`,
  ],
  [
    'an unknown flag',
    `echo 'KUBELET_KUBEADM_ARGS="--network-plugin=cni"' > /var/lib/kubelet/kubeadm-flags.env`,
    'echo KUBELET_KUBEADM_ARGS= > /var/lib/kubelet/kubeadm-flags.env',
    'failed to parse kubelet flag: unknown flag: --network-plugin',
  ],
  [
    'another socket',
    `sed -i 's#/var/run/containerd/containerd.sock#/run/cri.sock#' ${CONFIG}`,
    `sed -i 's#/run/cri.sock#/var/run/containerd/containerd.sock#' ${CONFIG}`,
    SOCKET_REFUSED,
  ],
  [
    'no kubeconfig',
    'mv /etc/kubernetes/kubelet.conf /root/',
    'mv /root/kubelet.conf /etc/kubernetes/',
    'failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory',
  ],
  [
    'swap',
    'swapon -a',
    'swapoff -a',
    'failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false',
  ],
])(
  'a kubelet with %s ends at once, again and again, says why, and comes back by itself when it is mended',
  (_name, breaks, mends, said) => {
    const cluster = create();
    on(cluster, 'node01', `${breaks}; systemctl restart kubelet`);
    cluster.advance(60_000);
    expect(on(cluster, 'node01', 'systemctl is-active kubelet')).toBe('activating\n[3]');
    const journal = on(cluster, 'node01', 'journalctl -u kubelet --no-pager -n 3');
    expect(journal).toContain(`run.go:72] "command failed" err="${said}"\n`);
    expect(ready(cluster, 'node01')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' });
    on(cluster, 'node01', mends);
    expect(on(cluster, 'node01', 'systemctl is-active kubelet')).toBe('active\n');
    cluster.advance(15_000);
    expect(ready(cluster, 'node01')).toMatchObject({ status: 'True', reason: 'KubeletReady' });
  },
);

test('a kubelet that is not where its unit says is not found by systemd', () => {
  const cluster = create();
  on(
    cluster,
    'node01',
    `sed -i 's#/usr/bin/kubelet#/usr/local/bin/kubelet#' ${DROP_IN}; systemctl daemon-reload; systemctl restart kubelet`,
  );
  expect(on(cluster, 'node01', 'journalctl -u kubelet -n 3').replace(/^.*kubelet.service: /gm, '')).toBe(
    "Unable to locate executable '/usr/local/bin/kubelet': No such file or directory\nFailed at step EXEC spawning /usr/local/bin/kubelet: No such file or directory\nMain process exited, code=exited, status=203/EXEC\nFailed with result 'exit-code'.\n",
  );
});

test('a kubelet that looks for the API server elsewhere runs, and the node is lost', () => {
  const cluster = create();
  on(cluster, 'node01', 'sed -i s/:6443/:6553/ /etc/kubernetes/kubelet.conf; systemctl restart kubelet');
  cluster.advance(60_000);
  expect(on(cluster, 'node01', 'systemctl is-active kubelet')).toBe('active\n');
  expect(on(cluster, 'node01', 'journalctl -u kubelet -n 1')).toContain(
    String.raw`"Unable to register node with API server, error getting existing node" err="Post \"https://172.30.1.2:6553/api/v1/nodes\": dial tcp 172.30.1.2:6553: connect: connection refused"`,
  );
  expect(ready(cluster, 'node01')?.status).toBe('Unknown');
});

test('stopped, it is noticed as lost; started, the node is back', () => {
  const cluster = create();
  expect(on(cluster, 'node01', 'systemctl stop kubelet; systemctl is-active kubelet; systemctl disable kubelet')).toBe(
    'inactive\nRemoved "/etc/systemd/system/multi-user.target.wants/kubelet.service".\n',
  );
  cluster.advance(60_000);
  expect(ready(cluster, 'node01')?.status).toBe('Unknown');
  expect(on(cluster, 'node01', 'systemctl enable --now kubelet; systemctl is-enabled kubelet')).toBe(
    'enabled\nCreated symlink /etc/systemd/system/multi-user.target.wants/kubelet.service → /usr/lib/systemd/system/kubelet.service.\n',
  );
  cluster.advance(15_000);
  expect(ready(cluster, 'node01')?.status).toBe('True');
});

test.each([
  [
    'without a network configuration',
    'mv /etc/cni/net.d/10-calico.conflist /root/',
    'mv /root/10-calico.conflist /etc/cni/net.d/',
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
  ],
  ['without its runtime', 'systemctl stop containerd', 'systemctl start containerd', 'container runtime is down'],
])('a node %s is not ready', (_name, breaks, mends, message) => {
  const cluster = create();
  on(cluster, 'node01', breaks);
  cluster.advance(1000);
  expect(ready(cluster, 'node01')).toMatchObject({ status: 'False', reason: 'KubeletNotReady', message });
  on(cluster, 'node01', mends);
  cluster.advance(1000);
  expect(ready(cluster, 'node01')).toMatchObject({ status: 'True', reason: 'KubeletReady' });
});

test('static pods come from where the configuration says', () => {
  const cluster = create();
  const manifest =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n';
  cluster.node('node01')?.write('/etc/kubelet.d/web.yaml', manifest);
  cluster.advance(5000);
  expect(cluster.store.get('pods', 'default', 'web-node01')).toBeUndefined();
  on(
    cluster,
    'node01',
    `sed -i 's#^staticPodPath: .*#staticPodPath: /etc/kubelet.d#' ${CONFIG}; systemctl restart kubelet`,
  );
  cluster.advance(10_000);
  expect(cluster.store.get<Pod>('pods', 'default', 'web-node01')?.status?.phase).toBe('Running');
});

test('while the API server is down its container is found, read and mended from here', () => {
  const cluster = create();
  const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
  on(cluster, 'controlplane', `sed -i s/--etcd-servers/--etcd-server/ ${manifest}`);
  cluster.advance(5000);
  expect(cluster.api).toBe('down');
  expect(on(cluster, 'controlplane', 'crictl ps -q --name kube-apiserver')).toBe('');
  expect(on(cluster, 'controlplane', 'crictl logs $(crictl ps -aq --name kube-apiserver | head -1)')).toBe(
    'Error: unknown flag: --etcd-server\n',
  );
  expect(on(cluster, 'controlplane', 'ss -lnt | grep -c 6443; kubeadm token list')).toContain(
    'dial tcp 172.30.1.2:6443: connect: connection refused',
  );
  on(cluster, 'controlplane', `sed -i s/--etcd-server=/--etcd-servers=/ ${manifest}`);
  cluster.advance(5000);
  expect(cluster.api).toBe('serves');
  expect(on(cluster, 'controlplane', 'ss -lnt | grep -c 6443')).toBe('1\n');
});

test('a token joins machines, and is listed and deleted', () => {
  const cluster = create();
  const said = on(cluster, 'controlplane', 'kubeadm token create --print-join-command');
  expect(said).toMatch(
    /^kubeadm join 172\.30\.1\.2:6443 --token [a-z0-9]{6}\.[a-z0-9]{16} --discovery-token-ca-cert-hash sha256:[0-9a-f]{64} \n$/,
  );
  const [, id = ''] = /--token (\w+)/.exec(said) ?? [];
  expect(cluster.store.get<Secret>('secrets', 'kube-system', `bootstrap-token-${id}`)?.type).toBe(
    'bootstrap.kubernetes.io/token',
  );
  expect(on(cluster, 'controlplane', 'kubeadm token list')).toContain(`${id}.`);
  expect(on(cluster, 'controlplane', `kubeadm token delete ${id}`)).toBe(`bootstrap token "${id}" deleted\n`);
});

test('certificates are renewed: another file, another year', () => {
  const cluster = create();
  const node = cluster.node('controlplane');
  const before = node?.read('/etc/kubernetes/pki/apiserver.crt');
  cluster.advance(24 * 3600 * 1000);
  expect(on(cluster, 'controlplane', 'kubeadm certs check-expiration')).toMatch(
    /^apiserver +May 28, 2027 20:26 UTC {3}364d +ca +no/m,
  );
  expect(on(cluster, 'controlplane', 'kubeadm certs renew apiserver')).toContain(
    'certificate for serving the Kubernetes API renewed\n',
  );
  expect(node?.read('/etc/kubernetes/pki/apiserver.crt')).not.toBe(before);
  expect(on(cluster, 'controlplane', 'kubeadm certs check-expiration')).toMatch(
    /^apiserver +May 29, 2027 20:26 UTC {3}365d +ca +no/m,
  );
});

test("openssl shows a certificate's dates, names and issuer", () => {
  const cluster = create();
  const pki = '/etc/kubernetes/pki';
  expect(on(cluster, 'controlplane', `openssl x509 -in ${pki}/apiserver.crt -noout -enddate -subject -issuer`)).toBe(
    'subject=CN = kube-apiserver\nissuer=CN = kubernetes\nnotAfter=May 28 20:26:40 2027 GMT\n',
  );
  expect(
    on(cluster, 'controlplane', `openssl x509 -in ${pki}/apiserver.crt -noout -text | grep -A1 Alternative`),
  ).toContain(
    'DNS:controlplane, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local, IP Address:10.96.0.1, IP Address:172.30.1.2\n',
  );
  expect(
    on(
      cluster,
      'controlplane',
      `cd ${pki}; openssl verify -CAfile etcd/ca.crt etcd/server.crt; openssl verify -CAfile etcd/ca.crt apiserver.crt`,
    ),
  ).toBe(
    'etcd/server.crt: OK\nCN = kube-apiserver\nerror 20 at 0 depth lookup: unable to get local issuer certificate\nerror apiserver.crt: verification failed\n[2]',
  );
});

test('an upgrade: kubeadm first, then the control plane, then the kubelets', () => {
  const cluster = create();
  expect(on(cluster, 'controlplane', 'kubeadm upgrade apply v1.35.5 -y')).toContain(
    'is higher than the kubeadm version "v1.35.4"',
  );
  expect(on(cluster, 'controlplane', 'apt-get install -y kubeadm=1.35.5-1.1')).toContain(
    'E: Held packages were changed and -y was used without --allow-change-held-packages.',
  );
  on(cluster, 'controlplane', 'apt-mark unhold kubeadm; apt-get install -y kubeadm=1.35.5-1.1; apt-mark hold kubeadm');
  expect(on(cluster, 'controlplane', 'kubeadm upgrade apply v1.35.5 -y')).toContain(
    '[upgrade] SUCCESS! A control plane node of your cluster was upgraded to "v1.35.5".\n',
  );
  cluster.advance(60_000);
  const server = cluster.store.get<Pod>('pods', 'kube-system', 'kube-apiserver-controlplane');
  expect([cluster.api, server?.spec?.containers[0]?.image]).toEqual([
    'serves',
    'registry.k8s.io/kube-apiserver:v1.35.5',
  ]);
  on(cluster, 'node01', 'apt-get install -y --allow-change-held-packages kubelet=1.35.5-1.1');
  const version = () => cluster.store.get<Node>('nodes', '', 'node01')?.status?.nodeInfo?.kubeletVersion;
  expect(version()).toBe('v1.35.4');
  on(cluster, 'node01', 'kubeadm upgrade node; systemctl daemon-reload; systemctl restart kubelet');
  expect(version()).toBe('v1.35.5');
});

test('a debugging pod with the machine as its root has the same', () => {
  const cluster = create();
  cluster.client('test').create<Pod>('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'node-debugger', namespace: 'default' },
    spec: {
      nodeName: 'node01',
      hostNetwork: true,
      hostPID: true,
      containers: [
        {
          name: 'debugger',
          image: 'busybox',
          command: ['sleep', '3600'],
          volumeMounts: [{ name: 'host', mountPath: '/host' }],
        },
      ],
      volumes: [{ name: 'host', hostPath: { path: '/' } }],
    },
  });
  cluster.advance(10_000);
  const pod = cluster.store.get<Pod>('pods', 'default', 'node-debugger');
  const instance = cluster.runtime.history(pod?.metadata.uid ?? '', 'debugger').at(-1);
  if (instance === undefined) throw new Error('it does not run');
  const ran = cluster.runtime.runNow(
    instance,
    ['chroot', '/host', 'sh', '-c', 'hostname; systemctl is-active kubelet; crictl ps -q --name debugger | wc -l'],
    1000,
  );
  expect(ran).toMatchObject({ output: 'node01\nactive\n1\n', code: 0 });
});
