/** "Exposing an External IP Address", "Using a Service to Expose Your App", "Performing a Rolling Update", "Run a Stateless Application". */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Learner } from './learner.ts';

let learner: Learner;
beforeAll(async () => {
  learner = await Learner.begin();
}, 60_000);
afterAll(() => learner.leave());

const inside = (url: string) =>
  learner.ok(`kubectl run try-$RANDOM --rm -i -q --restart=Never --image=busybox:1.36 -- wget -qO- -T 5 ${url}`);

test('an application behind a Service of type LoadBalancer', async () => {
  await learner.ok('kubectl apply -f load-balancer-example.yaml', 8000);
  await learner.ok('kubectl expose deployment hello-world --type=LoadBalancer --name=my-service', 3000);
  expect(await learner.ok("kubectl get svc my-service --no-headers | awk '{print $2}'")).toBe('LoadBalancer\n');
  expect(await learner.ok('kubectl describe svc my-service | grep -c 8080')).toMatch(/^[1-9]/);
  expect(await inside('my-service:8080')).toMatch(/^Hello, world!\nVersion: 2\.0\.0\nHostname: hello-world-[\w-]+\n$/);
}, 120_000);

test('an application is found by labels, and updated without a gap', async () => {
  await learner.ok(
    'kubectl create deployment kubernetes-bootcamp --image=gcr.io/google-samples/kubernetes-bootcamp:v1',
    8000,
  );
  await learner.ok('kubectl expose deployment/kubernetes-bootcamp --type=NodePort --port 8080', 3000);
  expect(await inside('kubernetes-bootcamp:8080')).toMatch(
    /^Hello Kubernetes bootcamp! \| Running on: kubernetes-bootcamp-[\w-]+ \| v=1\n$/,
  );
  expect(await learner.ok('kubectl logs deployment/kubernetes-bootcamp | head -n 1')).toContain(
    'Kubernetes Bootcamp App Started At: ',
  );
  const { said } = await learner.converse('kubectl exec -ti deployment/kubernetes-bootcamp -- bash', [
    ['# ', 'curl http://localhost:8080\r'],
    ['v=1', ''],
    ['# ', 'exit\r'],
  ]);
  expect(said).toContain('Hello Kubernetes bootcamp! | Running on: ');
  await learner.ok('kubectl scale deployments/kubernetes-bootcamp --replicas=4', 6000);
  await learner.ok(
    'kubectl set image deployments/kubernetes-bootcamp kubernetes-bootcamp=docker.io/jocatalin/kubernetes-bootcamp:v2',
    60_000,
  );
  expect(await inside('kubernetes-bootcamp:8080')).toContain('| v=2');
  await learner.ok(
    'kubectl set image deployments/kubernetes-bootcamp kubernetes-bootcamp=gcr.io/google-samples/kubernetes-bootcamp:v10',
    30_000,
  );
  expect(
    await learner.ok(
      "kubectl get pods -l app=kubernetes-bootcamp --no-headers | awk '{print $3}' | grep -cE 'ImagePullBackOff|ErrImagePull'",
    ),
  ).toMatch(/^[12]\n$/);
  await learner.ok('kubectl rollout undo deployments/kubernetes-bootcamp', 20_000);
  expect(await inside('kubernetes-bootcamp:8080')).toContain('| v=2');
}, 180_000);

test('a stateless application of two nginx, another version, four of them', async () => {
  await learner.ok('kubectl create deployment nginx-deployment --image=nginx:1.14.2 --replicas=2', 8000);
  const server = (pod: string) => `kubectl exec ${pod} -- nginx -v`;
  expect(await learner.ok(server('deploy/nginx-deployment'))).toBe('nginx version: nginx/1.14.2\n');
  await learner.ok('kubectl set image deploy/nginx-deployment nginx=nginx:1.16.1', 20_000);
  expect(await learner.ok(server('deploy/nginx-deployment'))).toBe('nginx version: nginx/1.16.1\n');
  await learner.ok('kubectl scale deploy/nginx-deployment --replicas=4', 8000);
  expect(await learner.ok('kubectl get pods -l app=nginx-deployment --no-headers | grep -c Running')).toBe('4\n');
  expect(learner.faults).toEqual([]);
}, 120_000);
