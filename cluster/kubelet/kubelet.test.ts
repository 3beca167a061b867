import { expect, jest, test } from '@jest/globals';
import type { ConfigMap, Pod } from '../api/types.ts';
import { bench, make, type Bench } from '../controllers/testing.ts';
import { makeKubelet } from './index.ts';
import { SimulatedRuntime } from './runtime/runtime.ts';

function running(spec: object, metadata: object = {}): Bench {
  const cluster = bench((parts) => [
    makeKubelet({ bare: false, runtime: new SimulatedRuntime({ ...parts, token: () => 'token' }) }),
  ]);
  const named = { name: 'web', namespace: 'default', ...metadata };
  cluster.client.create(
    'pods',
    make<Pod>('v1', 'Pod', 'web', {
      metadata: named,
      spec: { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...spec },
    }),
  );
  cluster.settle();
  return cluster;
}
const one = (container: object, spec: object = {}) =>
  running({
    containers: [{ name: 'web', image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent', ...container }],
    ...spec,
  });
const pod = ({ client }: Bench) => client.get<Pod>('pods', 'default', 'web');
const state = (cluster: Bench) => pod(cluster)?.status?.containerStatuses?.[0];
const conditions = (cluster: Bench) =>
  Object.fromEntries(
    (pod(cluster)?.status?.conditions ?? []).map(({ type, status, reason }) => [
      type,
      reason ? `${status} ${reason}` : status,
    ]),
  );

test('a web server is pulled, starts and gets ready', () => {
  const cluster = one({ image: 'nginx:1.29' });
  expect(state(cluster)?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
  expect(conditions(cluster)).toEqual({
    PodReadyToStartContainers: 'False',
    Initialized: 'True',
    Ready: 'False ContainersNotReady',
    ContainersReady: 'False ContainersNotReady',
    PodScheduled: 'True',
  });
  cluster.advance(5000);
  expect(pod(cluster)?.status).toMatchObject({ phase: 'Running', podIP: '10.244.0.2', hostIP: '172.30.1.2' });
  expect(state(cluster)).toMatchObject({
    ready: true,
    started: true,
    restartCount: 0,
    imageID: expect.stringMatching(/^docker.io\/library\/nginx@sha256:/),
  });
  expect(cluster.events()).toEqual([
    'Pulling: Pulling image "nginx:1.29"',
    expect.stringMatching(
      /^Pulled: Successfully pulled image "nginx:1.29" in \d+ms \(\d+ms including waiting\). Image size: \d+ bytes.$/,
    ),
    'Created: Container created',
    'Started: Container started',
  ]);
});

test('a container that fails is started again, later and later', () => {
  const cluster = one({ command: ['sh', '-c', 'echo fatal; exit 1'] });
  cluster.advance(5000);
  // why it waits is told with the look that ends the waiting
  expect(state(cluster)?.state?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  cluster.advance(9800);
  expect(state(cluster)).toMatchObject({
    restartCount: 1,
    state: {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off 10s restarting failed container=web pod=web_default(${pod(cluster)?.metadata.uid})`,
      },
    },
    lastState: { terminated: { exitCode: 1, reason: 'Error' } },
  });
  expect(pod(cluster)?.status?.phase).toBe('Running');
  cluster.advance(60_000);
  expect(state(cluster)?.restartCount).toBe(3);
});

test('a container that fails at an odd moment is looked at again at whole milliseconds', () => {
  const cluster = one({ command: ['sh', '-c', 'sleep 1.234; exit 1'] });
  const moved = jest.spyOn(cluster.clock, 'moveTo');
  cluster.advance(180_000);
  expect(moved.mock.calls.map(([at]) => at % 1).filter((rest) => rest !== 0)).toEqual([]);
});

test.each([
  {
    name: 'ends well',
    command: ['sh', '-c', 'echo done'],
    restartPolicy: 'Never',
    phase: 'Succeeded',
    code: 0,
    ready: 'False PodCompleted',
  },
  {
    name: 'ends badly',
    command: ['sh', '-c', 'echo bad; exit 42'],
    restartPolicy: 'Never',
    phase: 'Failed',
    code: 42,
    ready: 'False PodFailed',
  },
  {
    name: 'on failure, well',
    command: ['true'],
    restartPolicy: 'OnFailure',
    phase: 'Succeeded',
    code: 0,
    ready: 'False PodCompleted',
  },
  {
    name: 'no such command in the shell',
    command: ['sh', '-c', 'nosuch'],
    restartPolicy: 'Never',
    phase: 'Failed',
    code: 127,
    ready: 'False PodFailed',
  },
  {
    name: 'after a while',
    command: ['sh', '-c', 'sleep 3 && exit 2'],
    restartPolicy: 'Never',
    phase: 'Failed',
    code: 2,
    ready: 'False PodFailed',
  },
])('$name', ({ command, restartPolicy, phase, code, ready }) => {
  const cluster = one({ command }, { restartPolicy });
  cluster.advance(10_000);
  expect(pod(cluster)?.status?.phase).toBe(phase);
  expect(state(cluster)?.state?.terminated).toMatchObject({
    exitCode: code,
    reason: code === 0 ? 'Completed' : 'Error',
  });
  expect(conditions(cluster)).toMatchObject({ Ready: ready, PodReadyToStartContainers: 'False' });
});

test('an unknown command can not be started', () => {
  const cluster = one({ command: ['nosuch', '--flag'] });
  cluster.advance(5000);
  expect(state(cluster)?.lastState?.terminated).toMatchObject({
    exitCode: 128,
    reason: 'StartError',
    message:
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuch": executable file not found in $PATH: unknown',
  });
});

test('an image that is not there, and its correction', () => {
  const cluster = one({ image: 'nginx:1.99' });
  cluster.advance(1000);
  const why =
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.99": failed to resolve reference "docker.io/library/nginx:1.99": docker.io/library/nginx:1.99: not found';
  expect(state(cluster)?.state?.waiting).toEqual({ reason: 'ErrImagePull', message: why });
  cluster.advance(13_000);
  expect(state(cluster)?.state?.waiting).toEqual({
    reason: 'ImagePullBackOff',
    message: `Back-off pulling image "nginx:1.99": ErrImagePull: ${why}`,
  });
  // the look that shows the back-off tries once more
  expect(cluster.events()).toEqual([
    'BackOff: Back-off pulling image "nginx:1.99"',
    'Failed: Error: ImagePullBackOff',
    'Pulling: Pulling image "nginx:1.99"',
    `Failed: Failed to pull image "nginx:1.99": ${why}`,
    'Failed: Error: ErrImagePull',
  ]);
  expect(pod(cluster)?.status?.phase).toBe('Pending');
  const broken = pod(cluster)!;
  cluster.client.update<Pod>('pods', {
    ...broken,
    spec: { ...broken.spec, containers: [{ name: 'web', image: 'nginx:1.29' }] },
  });
  cluster.advance(3000);
  expect(state(cluster)).toMatchObject({ ready: true, image: 'docker.io/library/nginx:1.29', restartCount: 0 });
});

test.each([
  {
    name: 'not a name',
    container: { image: 'Nginx:1.29' },
    reason: 'InvalidImageName',
    message: `Failed to apply default image tag "Nginx:1.29": couldn't parse image name "Nginx:1.29": invalid reference format: repository name (library/Nginx) must be lowercase`,
  },
  {
    name: 'never pulled',
    container: { image: 'nginx:1.28', imagePullPolicy: 'Never' },
    reason: 'ErrImageNeverPull',
    message: 'Container image "nginx:1.28" is not present with pull policy of Never',
  },
  {
    name: 'a missing ConfigMap',
    container: { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } }] },
    reason: 'CreateContainerConfigError',
    message: 'configmap "settings" not found',
  },
  {
    name: 'a missing Secret',
    container: { envFrom: [{ secretRef: { name: 'login' } }] },
    reason: 'CreateContainerConfigError',
    message: 'secret "login" not found',
  },
  {
    name: 'root where it is forbidden',
    container: { securityContext: { runAsNonRoot: true } },
    reason: 'CreateContainerConfigError',
    message: expect.stringMatching(
      /^container has runAsNonRoot and image will run as root \(pod: "web_default\(.*\)", container: web\)$/,
    ),
  },
])('waiting: $name', ({ container, reason, message }) => {
  const cluster = one(container);
  cluster.advance(2000);
  expect(state(cluster)?.state?.waiting).toEqual({ reason, message });
  expect(pod(cluster)?.status?.phase).toBe('Pending');
});

test('a missing volume holds the pod until it is there', () => {
  const cluster = one({ command: ['sleep', '3600'] }, { volumes: [{ name: 'site', configMap: { name: 'site' } }] });
  cluster.advance(3000);
  expect(cluster.events()).toEqual([
    'FailedMount: MountVolume.SetUp failed for volume "site" : configmap "site" not found',
  ]);
  expect(conditions(cluster)).toMatchObject({ PodReadyToStartContainers: 'False' });
  expect(state(cluster)?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
  cluster.client.create('configmaps', make<ConfigMap>('v1', 'ConfigMap', 'site'));
  cluster.advance(20_000);
  expect(state(cluster)?.ready).toBe(true);
});

test('a pod that still waits for a volume goes at once when it is deleted', () => {
  const cluster = one({ command: ['sleep', '3600'] }, { volumes: [{ name: 'site', configMap: { name: 'site' } }] });
  cluster.advance(3000);
  cluster.client.delete('pods', 'default', 'web');
  cluster.advance(2000);
  expect(pod(cluster)).toBeUndefined();
});

test('init containers run in order, and one that fails holds the pod', () => {
  const init = (name: string, command: string[]) => ({ name, image: 'busybox:1.36', command });
  const spec = { containers: [{ name: 'web', image: 'nginx:1.29' }] };
  const fine = running({ ...spec, initContainers: [init('a', ['sleep', '3']), init('b', ['true'])] });
  fine.advance(2000);
  expect(conditions(fine)).toMatchObject({ Initialized: 'False ContainersNotInitialized' });
  expect(state(fine)?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
  fine.advance(10_000);
  expect(conditions(fine)).toMatchObject({ Initialized: 'True', Ready: 'True' });
  const failing = running({ ...spec, restartPolicy: 'Never', initContainers: [init('check', ['sh', '-c', 'exit 7'])] });
  failing.advance(3000);
  expect(pod(failing)?.status).toMatchObject({
    phase: 'Failed',
    initContainerStatuses: [{ state: { terminated: { exitCode: 7 } } }],
  });
});

test('a deleted pod goes when its containers have stopped', () => {
  const server = one({ image: 'nginx:1.29' });
  server.advance(5000);
  server.client.delete('pods', 'default', 'web');
  server.advance(1000);
  expect(pod(server)).toBeUndefined();
  expect(server.events().at(-1)).toBe('Killing: Stopping container web');

  const stubborn = one({ command: ['sleep', '3600'] });
  stubborn.advance(5000);
  stubborn.client.delete('pods', 'default', 'web');
  stubborn.advance(29_000);
  expect(pod(stubborn)).toBeDefined();
  stubborn.advance(2000);
  expect(pod(stubborn)).toBeUndefined();
});

test('readiness that is not met, and liveness that ends the container', () => {
  const readiness = one({
    image: 'nginx:1.29',
    readinessProbe: { httpGet: { path: '/healthz', port: 80 }, periodSeconds: 2, initialDelaySeconds: 2 },
  });
  readiness.advance(8000);
  expect(state(readiness)).toMatchObject({ ready: false, started: true });
  expect(readiness.events()).toContain('Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404');

  const liveness = one(
    {
      command: ['sh', '-c', 'touch /tmp/healthy; sleep 8; rm /tmp/healthy; sleep 600'],
      livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, periodSeconds: 1, failureThreshold: 3 },
    },
    { terminationGracePeriodSeconds: 1 },
  );
  liveness.advance(7000);
  expect(state(liveness)).toMatchObject({ ready: true, restartCount: 0 });
  liveness.advance(10_000);
  expect(state(liveness)).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 137 } } });
  expect(liveness.events()).toEqual(
    expect.arrayContaining([
      "Unhealthy: Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n",
      'Killing: Container web failed liveness probe, will be restarted',
    ]),
  );
});

test('pods put on a node past the scheduler are rejected when they do not fit', () => {
  const big = one({ resources: { requests: { cpu: '2500m' } } });
  expect(pod(big)?.status).toMatchObject({
    phase: 'Failed',
    reason: 'OutOfcpu',
    message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 2500, used: 0, capacity: 2000",
  });
  const picky = one({}, { nodeSelector: { disk: 'ssd' } });
  expect(pod(picky)?.status).toMatchObject({ phase: 'Failed', reason: 'NodeAffinity' });
});

test.each([
  {
    name: 'written',
    command: "echo 'disk was full' > /dev/termination-log; exit 3",
    container: {},
    message: 'disk was full\n',
  },
  {
    name: 'elsewhere',
    command: "echo 'early' > /tmp/why",
    container: { terminationMessagePath: '/tmp/why' },
    message: 'early\n',
  },
  {
    name: 'from the logs',
    command: 'echo one; echo two; exit 1',
    container: { terminationMessagePolicy: 'FallbackToLogsOnError' },
    message: 'one\ntwo\n',
  },
])('last words: $name', ({ command, container, message }) => {
  const cluster = one({ command: ['sh', '-c', command], ...container }, { restartPolicy: 'Never' });
  cluster.advance(3000);
  expect(state(cluster)?.state?.terminated?.message).toBe(message);
});

test('a hook that fails ends the container', () => {
  const cluster = one(
    {
      command: ['sleep', '3600'],
      lifecycle: { postStart: { exec: { command: ['sh', '-c', 'echo no >&2; exit 9'] } } },
    },
    { terminationGracePeriodSeconds: 1 },
  );
  cluster.advance(1000);
  expect(state(cluster)?.state?.waiting?.reason).toBe('ContainerCreating');
  cluster.advance(3000);
  expect(state(cluster)?.state?.waiting).toEqual({
    reason: 'PostStartHookError',
    message: `Exec lifecycle hook ([sh -c echo no >&2; exit 9]) for Container "web" in Pod "web_default(${pod(cluster)?.metadata.uid})" failed - error: command 'sh -c echo no >&2; exit 9' exited with 9: no\n, message: "no\\n"`,
  });
  expect(cluster.events()).toEqual(
    expect.arrayContaining(['FailedPostStartHook: PostStartHook failed', 'Killing: FailedPostStartHook']),
  );
});

test('a read-only root takes no files', () => {
  const cluster = one({
    command: ['sh', '-c', 'touch /var/x && sleep 3600'],
    securityContext: { readOnlyRootFilesystem: true },
  });
  cluster.advance(5000);
  expect(state(cluster)?.lastState?.terminated?.exitCode).toBe(1);
});

test('a pod that was active too long fails', () => {
  const cluster = one({ command: ['sleep', '3600'] }, { activeDeadlineSeconds: 3, terminationGracePeriodSeconds: 1 });
  cluster.advance(10_000);
  expect(pod(cluster)?.status).toMatchObject({
    phase: 'Failed',
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  });
  expect(state(cluster)?.state?.terminated?.exitCode).toBe(137);
});

test('a running container gets more, as far as the node has it', () => {
  const cluster = one({ command: ['sleep', '3600'], resources: { requests: { cpu: '100m' } } });
  cluster.advance(3000);
  const ask = (cpu: string) => {
    const current = pod(cluster)!;
    const containers = current.spec!.containers.map((container) => ({
      ...container,
      resources: { requests: { cpu } },
    }));
    cluster.client.update<Pod>('pods', { ...current, spec: { ...current.spec, containers } });
    cluster.advance(2000);
  };
  ask('300m');
  expect(state(cluster)?.resources).toEqual({ requests: { cpu: '300m' } });
  ask('90');
  expect(state(cluster)?.resources).toEqual({ requests: { cpu: '300m' } });
  expect(pod(cluster)?.status?.conditions?.find((condition) => condition.type === 'PodResizePending')).toMatchObject({
    reason: 'Infeasible',
    message: "Node didn't have enough capacity: cpu, requested: 90000, capacity: 2000",
  });
  expect(cluster.events().filter((event) => event.startsWith('Resize'))).toEqual([
    'ResizeStarted: Pod resize started: {"containers":[{"name":"web","resources":{"requests":{"cpu":"300m"}}}],"generation":3}',
    'ResizeCompleted: Pod resize completed: {"containers":[{"name":"web","resources":{"requests":{"cpu":"300m"}}}],"generation":3}',
    `ResizeInfeasible: Pod resize Infeasible: {"containers":[{"name":"web","resources":{"requests":{"cpu":"90"}}}],"generation":4,"error":"Node didn't have enough capacity: cpu, requested: 90000, capacity: 2000"}`,
  ]);
});
