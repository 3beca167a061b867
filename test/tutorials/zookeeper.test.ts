/** "Running ZooKeeper, A Distributed System Coordinator". */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Learner } from './learner.ts';

let learner: Learner;
beforeAll(async () => {
  learner = await Learner.begin(['controlplane', 'node01', 'node02', 'node03', 'node04']);
}, 60_000);
afterAll(() => learner.leave());

const each = (what: string) => `for i in 0 1 2; do ${what}; done`;
const rows = (columns: string) => `kubectl get pods -l app=zk --no-headers | awk '{print ${columns}}'`;

test('an ensemble starts in order, and keeps what it was told', async () => {
  // the tutorial wants a class that provisions
  await learner.ok(
    `kubectl patch storageclass local-path -p '{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}'`,
  );
  await learner.ok('kubectl apply -f zookeeper.yaml', 12_000);
  expect(await learner.ok(rows('$1, $2'))).toBe('zk-0 0/1\n');
  learner.pass(90_000);
  expect(await learner.ok(rows('$1, $2, $3'))).toBe('zk-0 1/1 Running\nzk-1 1/1 Running\nzk-2 1/1 Running\n');
  expect(await learner.ok(each('kubectl exec zk-$i -- hostname'))).toBe('zk-0\nzk-1\nzk-2\n');
  expect(await learner.ok(each('kubectl exec zk-$i -- cat /var/lib/zookeeper/data/myid'))).toBe('1\n2\n3\n');
  expect(await learner.ok(each('kubectl exec zk-$i -- hostname -f'))).toBe(
    [0, 1, 2].map((index) => `zk-${index}.zk-hs.default.svc.cluster.local\n`).join(''),
  );
  expect(await learner.ok('kubectl exec zk-0 -- cat /opt/zookeeper/conf/zoo.cfg | tail -n 3')).toBe(
    [1, 2, 3].map((id) => `server.${id}=zk-${id - 1}.zk-hs.default.svc.cluster.local:2888:3888\n`).join(''),
  );
  expect(await learner.ok('kubectl exec zk-0 -- zkCli.sh create /hello world | tail -n 1')).toBe('Created /hello\n');
  expect(await learner.ok('kubectl exec zk-1 -- zkCli.sh get /hello | sed -n "6p"')).toBe('world\n');

  // the set goes and comes again, and its volumes have kept what was written
  await learner.ok('kubectl delete statefulset zk', 40_000);
  expect(await learner.ok('kubectl get pods -l app=zk')).toBe('No resources found in default namespace.\n');
  await learner.ok('kubectl apply -f zookeeper.yaml', 100_000);
  expect(await learner.ok('kubectl exec zk-2 -- zkCli.sh get /hello | sed -n "6p"')).toBe('world\n');
  expect(await learner.ok("kubectl get pvc -l app=zk --no-headers | awk '{print $1, $2}'")).toBe(
    'datadir-zk-0 Bound\ndatadir-zk-1 Bound\ndatadir-zk-2 Bound\n',
  );
  expect(await learner.ok('kubectl get sts zk -o yaml | grep -c -- --max_client_cnxns=60')).toMatch(/^[1-9]/);
  expect(await learner.ok('kubectl logs zk-0 --tail 20 | wc -l')).not.toBe('0\n');
  expect(await learner.ok('kubectl exec zk-0 -- id -u')).toBe('1000\n');
  expect(await learner.ok('kubectl exec -ti zk-0 -- ls -ld /var/lib/zookeeper/data 2>/dev/null | cut -c1-25')).toMatch(
    /^drwx.* zookeeper|^drwx.* 1000/,
  );
}, 240_000);

test('an update rolls from the last to the first, and can be undone', async () => {
  await learner.ok(
    `kubectl patch sts zk --type='json' -p='[{"op": "replace", "path": "/spec/template/spec/containers/0/resources/requests/cpu", "value":"0.2"}]'`,
    1000,
  );
  expect(await learner.ok('kubectl rollout status sts/zk | tail -n 1')).toMatch(
    /^statefulset rolling update complete 3 pods at revision zk-\w+\.\.\.\n$/,
  );
  expect(await learner.ok('kubectl rollout history sts/zk')).toBe(
    'statefulset.apps/zk \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n',
  );
  expect(await learner.ok('kubectl rollout undo sts/zk')).toBe('statefulset.apps/zk rolled back\n');
  learner.pass(150_000);
  expect(
    await learner.ok("kubectl get sts zk -o jsonpath='{.spec.template.spec.containers[0].resources.requests.cpu}'"),
  ).toBe('300m');
}, 180_000);

test('a process that fails is restarted, and so is a server whose check is gone', async () => {
  expect(await learner.ok('kubectl exec zk-0 -- ps -ef | grep -c java')).toMatch(/^[1-9]/);
  await learner.ok('kubectl exec zk-0 -- pkill java', 20_000);
  expect(await learner.ok(rows('$1, $2, $4'))).toBe('zk-0 1/1 1\nzk-1 1/1 0\nzk-2 1/1 0\n');
  await learner.ok('kubectl exec zk-0 -- rm /opt/zookeeper/bin/zookeeper-ready', 60_000);
  expect(await learner.ok("kubectl get pod zk-0 --no-headers | awk '{print $2, $3, $4}'")).toBe('1/1 Running 2\n');
  expect(
    await learner.ok(
      'kubectl describe pod zk-0 | grep -o "Container kubernetes-zookeeper failed liveness probe, will be restarted"',
    ),
  ).toBe('Container kubernetes-zookeeper failed liveness probe, will be restarted\n');
}, 120_000);

test('nodes are drained as far as the budget allows', async () => {
  expect(
    await learner.ok(each('kubectl get pod zk-$i --template \'{{.spec.nodeName}}{{"\\n"}}\'') + ' | sort -u | wc -l'),
  ).toBe('3\n');
  expect(await learner.ok("kubectl get pdb zk-pdb --no-headers | awk '{print $1, $2, $3, $4}'")).toBe(
    'zk-pdb N/A 1 1\n',
  );
  await learner.ok(
    'kubectl cordon $(kubectl get nodes --no-headers | awk \'{print $1}\' | grep node0 | grep -vxF "$(kubectl get pods -l app=zk -o jsonpath=\'{range .items[*]}{.spec.nodeName}{"\\n"}{end}\')")',
  );
  const nodeOf = "$(kubectl get pod zk-1 --template '{{.spec.nodeName}}')";
  await learner.ok(
    "kubectl drain $(kubectl get pod zk-0 --template '{{.spec.nodeName}}') --ignore-daemonsets --force --delete-emptydir-data",
    10_000,
  );
  expect(await learner.ok("kubectl get pod zk-0 --no-headers | awk '{print $2, $3}'")).toBe('0/1 Pending\n');
  const blocked = await learner.run(
    `kubectl drain ${nodeOf} --ignore-daemonsets --force --delete-emptydir-data --timeout=7s`,
  );
  expect(blocked.exit).toBe(1);
  expect(blocked.said).toContain(
    `error when evicting pods/"zk-1" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.`,
  );
  expect(await learner.ok('kubectl exec zk-1 -- zkCli.sh get /hello | sed -n "6p"')).toBe('world\n');
  await learner.ok('kubectl uncordon node01 node02 node03 node04', 60_000);
  expect(await learner.ok(rows('$1, $2, $3'))).toBe('zk-0 1/1 Running\nzk-1 1/1 Running\nzk-2 1/1 Running\n');
  await learner.ok(`kubectl drain ${nodeOf} --ignore-daemonsets --force --delete-emptydir-data`, 60_000);
  expect(learner.faults).toEqual([]);
}, 240_000);
