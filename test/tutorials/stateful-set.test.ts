/** "StatefulSet Basics". */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Learner } from './learner.ts';

let learner: Learner;
beforeAll(async () => {
  learner = await Learner.begin();
}, 60_000);
afterAll(() => learner.leave());

const pods = "kubectl get pods -l app=nginx --no-headers | awk '{print $1, $2}'";
const both = (what: string) => `for i in 0 1; do ${what}; done`;

test('pods with names, addresses and volumes of their own', async () => {
  await learner.ok('kubectl apply -f web.yaml', 20_000);
  expect(await learner.ok(pods)).toBe('web-0 1/1\nweb-1 1/1\n');
  expect(await learner.ok(both(`kubectl exec "web-$i" -- sh -c 'hostname'`))).toBe('web-0\nweb-1\n');

  const { said } = await learner.converse('kubectl run -i --tty --image busybox:1.28 dns-test --restart=Never --rm', [
    ['try pressing enter.', '\r'],
    ['/ # ', 'nslookup web-0.nginx\r'],
    ['web-0.nginx.default.svc.cluster.local', ''],
    ['/ # ', 'nslookup web-9.nginx\r'],
    ['/ # ', 'exit\r'],
  ]);
  expect(said).toContain('Name:      web-0.nginx\nAddress 1: 10.244.');
  expect(said).toContain("nslookup: can't resolve 'web-9.nginx'\n");
  expect(said).toContain('pod "dns-test" deleted');

  await learner.ok(both(`kubectl exec "web-$i" -- sh -c 'echo "$(hostname)" > /usr/share/nginx/html/index.html'`));
  expect(await learner.ok(both('kubectl exec -i -t "web-$i" -- curl http://localhost/ 2>/dev/null'))).toBe(
    'web-0\nweb-1\n',
  );

  // the pods go, and come back with what they had
  await learner.ok('kubectl delete pod -l app=nginx', 25_000);
  expect(await learner.ok(both('kubectl exec "web-$i" -- curl -s http://localhost/'))).toBe('web-0\nweb-1\n');
}, 180_000);

test('scaling, updates, partitions and deletion', async () => {
  await learner.ok('kubectl scale sts web --replicas=4', 30_000);
  expect(await learner.ok(pods)).toBe('web-0 1/1\nweb-1 1/1\nweb-2 1/1\nweb-3 1/1\n');
  await learner.ok(`kubectl patch sts web -p '{"spec":{"replicas":3}}'`, 20_000);
  expect(await learner.ok(pods)).toBe('web-0 1/1\nweb-1 1/1\nweb-2 1/1\n');
  expect(await learner.ok("kubectl get pvc -l app=nginx --no-headers | awk '{print $1, $2}'")).toBe(
    'www-web-0 Bound\nwww-web-1 Bound\nwww-web-2 Bound\nwww-web-3 Bound\n',
  );
  await learner.ok(
    `kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}}}}'`,
  );
  await learner.ok('kubectl set image sts/web nginx=registry.k8s.io/nginx-slim:0.24', 25_000);
  const images =
    'kubectl get pods -l app=nginx -o jsonpath=\'{range .items[*]}{.spec.containers[0].image}{"\\n"}{end}\'';
  expect(await learner.ok(images)).toBe(
    'registry.k8s.io/nginx-slim:0.21\nregistry.k8s.io/nginx-slim:0.21\nregistry.k8s.io/nginx-slim:0.24\n',
  );
  await learner.ok(
    `kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'`,
    40_000,
  );
  expect(await learner.ok(`${images} | sort -u`)).toBe('registry.k8s.io/nginx-slim:0.24\n');
  await learner.ok('kubectl delete statefulset web --cascade=orphan', 3000);
  expect(await learner.ok(pods)).toBe('web-0 1/1\nweb-1 1/1\nweb-2 1/1\n');
  expect(learner.faults).toEqual([]);
}, 180_000);
