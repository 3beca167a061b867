/** The API server as containers reach it: with curl, and with the kubectl of an image. */
import { expect, test } from '@jest/globals';
import { authenticateToken } from '../access/authenticate-token.ts';
import type { KubeObject, Pod } from '../api/types.ts';
import { Cluster } from '../cluster.ts';
import { createAuthority } from './certificates.ts';
import { podApi } from './pod-api.ts';
import { tokenSigner } from './token-signer.ts';

const NOW = Date.UTC(2026, 4, 1, 10);
const authority = await createAuthority(NOW);
const server = await authority.server(['10.96.0.1', 'kubernetes.default']);
const tokens = tokenSigner(authority.keyPair);
const rbac = (kind: string, rest: object): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name: 'read', namespace: 'default' },
  ...rest,
});

/** A pod with curl and kubectl in namespace default, whose account may do `verbs` with pods there. */
function inside(verbs: string[] = []) {
  const cluster = Cluster.create({
    now: NOW,
    bare: true,
    nodes: ['node01'],
    tokens,
    caCertificate: authority.certificate,
  });
  cluster.runtime.api = podApi({
    cluster,
    certificate: server.certificate,
    tokenUser: (token) => {
      const verdict = authenticateToken({ store: cluster.store, signer: tokens, nowMs: cluster.now }, token);
      return 'user' in verdict ? verdict.user : undefined;
    },
  });
  const client = cluster.client('admin');
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'tools', namespace: 'default' },
    spec: { containers: [{ name: 'tools', image: 'alpine/k8s:1.35.4', command: ['sleep', '3600'] }] },
  };
  client.create('pods', pod);
  if (verbs.length > 0) {
    client.create(
      'roles.rbac.authorization.k8s.io',
      rbac('Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs }] }),
    );
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'read' };
    const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }];
    client.create('rolebindings.rbac.authorization.k8s.io', rbac('RoleBinding', { roleRef, subjects }));
  }
  cluster.advance(20_000);
  const run = (script: string): [string, number] => {
    const current = client.get<Pod>('pods', 'default', 'tools');
    const id = (current?.status?.containerStatuses?.[0]?.containerID ?? '').replace('containerd://', '');
    const instance = cluster.runtime.get(id);
    if (instance === undefined) throw new Error('the pod does not run');
    const ran = cluster.runtime.runNow(
      instance,
      ['sh', '-c', `cd /var/run/secrets/kubernetes.io/serviceaccount; ${script}`],
      60_000,
    );
    if ('refused' in ran) throw new Error(ran.refused);
    return [ran.output, ran.code];
  };
  return { cluster, client, run };
}

const status = (code: number, reason: string, message: string, details = {}) =>
  JSON.stringify(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...details, code },
    undefined,
    2,
  );
const ACCOUNT = 'system:serviceaccount:default:default';
const cannot = (verb: string, resource: string, where = 'in the namespace "default"', user = ACCOUNT) =>
  `User "${user}" cannot ${verb} resource "${resource}" in API group "" ${where}`;
const TOKEN = '-H "Authorization: Bearer $(cat token)"';
const PODS = 'https://10.96.0.1/api/v1/namespaces/default/pods';
const reader = inside(['get', 'list', 'delete']);

test.each<[string, string, string, number]>([
  [
    'nobody',
    `curl -sSk ${PODS}`,
    status(403, 'Forbidden', `pods is forbidden: ${cannot('list', 'pods', undefined, 'system:anonymous')}`, {
      details: { kind: 'pods' },
    }),
    0,
  ],
  [
    'a token that is none',
    `curl -sSk -H "Authorization: Bearer nonsense" ${PODS}`,
    status(401, 'Unauthorized', 'Unauthorized'),
    0,
  ],
  ['an account with the right', `curl -sS --cacert ca.crt -o /dev/null -w "%{http_code}" ${TOKEN} ${PODS}`, '200', 0],
  [
    'an account without the right',
    `curl -sSk ${TOKEN} https://10.96.0.1/api/v1/namespaces/default/secrets`,
    status(403, 'Forbidden', `secrets is forbidden: ${cannot('list', 'secrets')}`, { details: { kind: 'secrets' } }),
    0,
  ],
  ['what is open to all', 'curl -sSk https://10.96.0.1/livez', 'ok', 0],
  ['plain HTTP', 'curl -sS http://10.96.0.1:443/', 'Client sent an HTTP request to an HTTPS server.\n', 0],
  [
    'who does not know the authority',
    'curl -sS https://10.96.0.1/api',
    'curl: (60) SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the webpage mentioned above.\n',
    60,
  ],
])('the API server, asked by %s', (_name, script, output, code) => {
  expect(reader.run(script)).toEqual([output, code]);
});

test.each<[string, string, number]>([
  ['get pods', 'NAME    READY   STATUS    RESTARTS   AGE\ntools   1/1     Running   0          20s\n', 0],
  ['get po -o name', 'pod/tools\n', 0],
  ['get po tools -o jsonpath={.status.phase}', 'Running', 0],
  ['get pods -l app=none', 'No resources found in default namespace.\n', 0],
  ['get pod nobody', 'Error from server (NotFound): pods "nobody" not found\n', 1],
  ['get pod nobody --ignore-not-found', '', 0],
  ['get secrets', `Error from server (Forbidden): secrets is forbidden: ${cannot('list', 'secrets')}\n`, 1],
  [
    'get pods -A',
    `Error from server (Forbidden): pods is forbidden: ${cannot('list', 'pods', 'at the cluster scope')}\n`,
    1,
  ],
  ['get nothing', 'error: the server doesn\'t have a resource type "nothing"\n', 1],
  ['--token=bad get pods', 'error: You must be logged in to the server (Unauthorized)\n', 1],
  ['delete pod nobody', 'Error from server (NotFound): pods "nobody" not found\n', 1],
  ['delete pod nobody --ignore-not-found', '', 0],
  ['delete pod', 'error: resource(s) were provided, but no name was specified\n', 1],
  [
    'delete node node01',
    `Error from server (Forbidden): nodes "node01" is forbidden: ${cannot('delete', 'nodes', 'at the cluster scope')}\n`,
    1,
  ],
  ['auth can-i list pods', 'yes\n', 0],
  ['auth can-i create deploy', 'no\n', 1],
  ['auth can-i list secrets -q', '', 1],
  ['auth can-i get /livez', 'yes\n', 0],
  ['auth can-i get nodes', "Warning: resource 'nodes' is not namespace scoped\n\nno\n", 1],
  ['auth can-i get nothing', "Warning: the server doesn't have a resource type 'nothing'\n\nno\n", 1],
  [
    'auth can-i get',
    "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.\n",
    1,
  ],
  ['version', 'Client Version: v1.35.4\nKustomize Version: v5.7.1\nServer Version: v1.35.4\n', 0],
  ['apply -f site.yaml', "kubectl: can't run that here: the simulated cluster has no such program\n", 126],
  ['frobnicate', 'error: unknown command "frobnicate" for "kubectl"\n', 1],
])('kubectl %s', (words, output, code) => {
  expect(reader.run(`kubectl ${words}`)).toEqual([output, code]);
});

test('kubectl deletes what its account may delete, and says where from', () => {
  const { run, client } = inside(['get', 'list', 'delete']);
  expect(run('kubectl delete pods --all')).toEqual(['pod "tools" deleted from default namespace\n', 0]);
  expect(client.get<Pod>('pods', 'default', 'tools')?.metadata.deletionTimestamp).toBeDefined();
});

test('without the variables of a pod there is no cluster', () => {
  const said = 'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n';
  expect(reader.run('KUBERNETES_SERVICE_HOST= kubectl get pods')).toEqual([said, 1]);
});
