/** "Configuring Redis using a ConfigMap", "HorizontalPodAutoscaler Walkthrough", Jobs, probes, "Debugging DNS Resolution". */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Learner } from './learner.ts';

let learner: Learner;
beforeAll(async () => {
  learner = await Learner.begin();
}, 60_000);
afterAll(() => learner.leave());

test('Redis takes its configuration from a ConfigMap when it starts', async () => {
  await learner.ok('kubectl apply -f redis-pod.yaml', 8000);
  const first = await learner.converse('kubectl exec -it pod/redis -- redis-cli', [
    ['127.0.0.1:6379> ', 'CONFIG GET maxmemory\r'],
    ['127.0.0.1:6379> ', 'CONFIG GET maxmemory-policy\r'],
    ['127.0.0.1:6379> ', 'exit\r'],
  ]);
  expect(first.said).toContain('1) "maxmemory"\n2) "0"\n');
  expect(first.said).toContain('1) "maxmemory-policy"\n2) "noeviction"\n');
  await learner.ok(
    `kubectl patch configmap example-redis-config -p '{"data":{"redis-config":"maxmemory 2mb\\nmaxmemory-policy allkeys-lru\\n"}}'`,
    90_000,
  );
  expect(await learner.ok('kubectl exec redis -- redis-cli CONFIG GET maxmemory')).toBe('maxmemory\n0\n');
  // only a new process reads it
  await learner.ok('kubectl delete pod redis');
  await learner.run('kubectl create -f redis-pod.yaml', 8000);
  expect(await learner.ok('kubectl exec redis -- redis-cli CONFIG GET maxmemory')).toBe('maxmemory\n2097152\n');
  expect(await learner.ok('kubectl exec redis -- redis-cli CONFIG GET maxmemory-policy')).toBe(
    'maxmemory-policy\nallkeys-lru\n',
  );
}, 180_000);

test('load makes more of a deployment', async () => {
  await learner.ok('kubectl create deployment php-apache --image=registry.k8s.io/hpa-example --port=80');
  await learner.ok(
    'kubectl set resources deployment php-apache --requests=cpu=200m --limits=cpu=500m && kubectl expose deployment php-apache',
    10_000,
  );
  await learner.ok('kubectl autoscale deployment php-apache --cpu=50% --min=1 --max=10', 90_000);
  await learner.ok(
    'kubectl run load-generator --image=busybox:1.28 --restart=Never -- /bin/sh -c "while sleep 0.01; do wget -q -O- http://php-apache; done"',
    180_000,
  );
  expect(Number(await learner.ok("kubectl get deployment php-apache -o jsonpath='{.spec.replicas}'"))).toBeGreaterThan(
    1,
  );
  expect(await learner.ok('kubectl logs load-generator --limit-bytes=9')).toBe('OK!OK!OK!');
  await learner.ok('kubectl delete pod load-generator --grace-period=1', 420_000);
  expect(await learner.ok("kubectl get deployment php-apache -o jsonpath='{.spec.replicas}'")).toBe('1');
}, 240_000);

test('jobs: pi, and an index for each part of the work', async () => {
  await learner.ok(`kubectl create job pi --image=perl:5.34.0 -- perl -Mbignum=bpi -wle 'print bpi(2000)'`, 15_000);
  const pi = await learner.ok('kubectl logs jobs/pi');
  expect(pi.slice(0, 32)).toBe('3.141592653589793238462643383279');
  expect(pi.trimEnd()).toHaveLength(2001);
  await learner.ok('kubectl apply -f indexed-job.yaml', 40_000);
  expect(
    await learner.ok("kubectl get job indexed-job -o jsonpath='{.status.succeeded} {.status.completedIndexes}'"),
  ).toBe('5 0-4');
  expect(
    await learner.ok(
      'kubectl logs -c worker $(kubectl get pods -l batch.kubernetes.io/job-completion-index=3 -o name)',
    ),
  ).toBe('xuq\n');
}, 120_000);

test('probes: a file that goes, a path that fails, a port', async () => {
  await learner.ok('kubectl apply -f probes.yaml', 70_000);
  const restarts = (pod: string) =>
    learner.ok(`kubectl get pod ${pod} -o jsonpath='{.status.containerStatuses[0].restartCount}'`);
  expect(await learner.ok('kubectl describe pod liveness-exec')).toContain(
    "Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory",
  );
  expect(Number(await restarts('liveness-http'))).toBeGreaterThan(0);
  expect(await learner.ok('kubectl describe pod liveness-http')).toContain(
    'Liveness probe failed: HTTP probe failed with statuscode: 500',
  );
  expect(await learner.ok("kubectl get pod goproxy --no-headers | awk '{print $2, $4}'")).toBe('1/1 0\n');
}, 120_000);

test('DNS is looked at from a pod', async () => {
  await learner.ok('kubectl run dnsutils --image=registry.k8s.io/e2e-test-images/agnhost:2.39', 5000);
  expect(await learner.ok('kubectl exec -i -t dnsutils -- nslookup kubernetes.default 2>/dev/null')).toContain(
    'Name:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n',
  );
  expect(await learner.ok('kubectl exec dnsutils -- cat /etc/resolv.conf')).toBe(
    'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
  );
  expect(await learner.ok('kubectl get pods --namespace=kube-system -l k8s-app=kube-dns --no-headers | wc -l')).toBe(
    '2\n',
  );
  await learner.ok('kubectl scale deployment coredns -n kube-system --replicas=0', 5000);
  const { said, exit } = await learner.run('kubectl exec dnsutils -- nslookup kubernetes.default');
  expect(exit).toBe(1);
  expect(said).toContain(';; ');
  expect(learner.faults).toEqual([]);
}, 120_000);
