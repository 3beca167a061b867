/** Ways into containers as clients meet them: WebSocket channels by hand, and kubectl itself, which set-up brings. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import { serveCluster, type ServedCluster } from '#cluster/serve/served-cluster.ts';
import type { Pod } from '#cluster/api/types.ts';

const KUBECTL = new URL('../../../.cache/tools/kubectl', import.meta.url).pathname;

interface Kubeconfig {
  clusters: [{ cluster: { 'certificate-authority-data': string } }];
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
}
let served: ServedCluster;
let folder: string;
let port: number;
let admin: { ca: Buffer; cert: Buffer; key: Buffer };
const faults: string[] = [];

const pod = (name: string, container: object, rest: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name, ...container }], ...rest },
});

beforeAll(async () => {
  served = await serveCluster({
    start: { now: Date.now(), bare: true, nodes: ['node01'] },
    listen: { host: '127.0.0.1', port: 0 },
    onFault: (what, fault) => faults.push(`${what}: ${String(fault)}`),
  });
  const address = served.address();
  port = 'port' in address ? address.port : 0;
  const text = served.kubeconfig(`https://127.0.0.1:${port}`);
  const config = parse(text) as Kubeconfig;
  const decode = (value: string) => Buffer.from(value, 'base64');
  const { user } = config.users[0];
  admin = {
    ca: decode(config.clusters[0].cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  };
  folder = mkdtempSync(join(tmpdir(), 'streams-'));
  writeFileSync(join(folder, 'config'), text);
  const client = served.cluster.client('test');
  client.create('pods', pod('box', { image: 'busybox:1.36', command: ['sh', '-c', 'echo started; sleep 3600'] }));
  client.create('pods', pod('web', { image: 'nginx:1.29' }));
  client.create('pods', pod('far', { image: 'busybox:1.36' }, { nodeSelector: { disk: 'none' } }));
  client.create('pods', pod('bad', { image: 'busybox:0.0' }));
  served.pass(10_000);
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

interface Talk {
  protocol: string;
  messages: string[];
  code: number;
  refused?: { status: number; body: string };
}
async function talk(
  path: string,
  protocols: string[],
  say: (client: WebSocket) => void = () => undefined,
): Promise<Talk> {
  const client = new WebSocket(`wss://127.0.0.1:${port}${path}`, protocols, { ...admin, rejectUnauthorized: false });
  const messages: string[] = [];
  client.on('message', (data: Buffer) => messages.push(data.toString('latin1')));
  client.on('open', () => say(client));
  const refused = new Promise<Talk>((resolve) => {
    client.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        resolve({ protocol: '', messages, code: 0, refused: { status: response.statusCode ?? 0, body } }),
      );
    });
  });
  client.on('error', () => undefined);
  const closed = once(client, 'close').then(([code]) => ({
    protocol: client.protocol,
    messages,
    code: code as number,
  }));
  return Promise.race([refused, closed.then(async (end) => (end.code === 1006 ? await refused : end))]);
}
const exec = (name: string, query: string) => `/api/v1/namespaces/default/pods/${name}/exec?${query}`;
const V5 = ['v5.channel.k8s.io'];
const V4 = ['v4.channel.k8s.io'];

test.each([
  [
    'success',
    'command=echo&command=hi&stdout=1&stderr=1',
    V5,
    ['\x01', '\x01hi\n', '\x03{"metadata":{},"status":"Success"}'],
  ],
  [
    'base64',
    'command=echo&command=hi&stdout=1',
    ['v4.base64.channel.k8s.io'],
    ['1', '1aGkK', '3eyJtZXRhZGF0YSI6e30sInN0YXR1cyI6IlN1Y2Nlc3MifQ=='],
  ],
  [
    'an exit code, version 5',
    'command=sh&command=-c&command=exit+3&stdout=1',
    V5,
    [
      '\x01',
      '\x03{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: command terminated with exit code 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}',
    ],
  ],
  [
    'an exit code, version 4',
    'command=sh&command=-c&command=exit+3&stdout=1',
    V4,
    [
      '\x01',
      '\x03{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: error executing command [sh -c exit 3], exit code 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}',
    ],
  ],
  [
    'no stream at all',
    'command=ls',
    V5,
    [
      '\x03',
      '\x03{"metadata":{},"status":"Failure","message":"Internal error occurred: unable to upgrade connection: you must specify at least 1 of stdin, stdout, stderr","reason":"InternalError","details":{"causes":[{"message":"unable to upgrade connection: you must specify at least 1 of stdin, stdout, stderr"}]},"code":500}',
    ],
  ],
])('exec over a WebSocket: %s', async (_name, query, protocols, messages) => {
  expect(await talk(exec('box', query), protocols)).toEqual({ protocol: protocols[0], messages, code: 1000 });
});

test('what is typed reaches the command, and closing the channel ends its input', async () => {
  const said = await talk(exec('box', 'command=cat&stdin=1&stdout=1'), V5, (client) => {
    client.send(Buffer.from('\x00hello\n'));
    client.send(Buffer.from([255, 0]));
  });
  expect(said.messages).toEqual(['\x01', '\x01hello\n', '\x03{"metadata":{},"status":"Success"}']);
});

test.each([
  [
    'a container that is not there',
    exec('box', 'command=ls&stdout=1&container=zz'),
    V5,
    400,
    'container zz is not valid for pod box',
  ],
  ['a pod without a node', exec('far', 'command=ls&stdout=1'), V5, 400, 'pod far does not have a host assigned'],
  ['a pod that is not there', exec('ghost', 'command=ls&stdout=1'), V5, 404, 'pods \\"ghost\\" not found'],
  ['a container that does not run', exec('bad', 'command=ls&stdout=1'), V4, 500, 'container not found ("bad")'],
  ['an unknown protocol', exec('box', 'command=ls&stdout=1'), ['foo'], 403, ''],
  ['no port', '/api/v1/namespaces/default/pods/web/portforward', V4, 400, 'query parameter "port" is required'],
])('refused before the upgrade: %s', async (_name, path, protocols, status, text) => {
  const { refused } = await talk(path, protocols);
  expect(refused?.status).toBe(status);
  expect(refused?.body).toContain(text);
});

test('an endless loop in a container leaves the server free for others', async () => {
  const client = new WebSocket(
    `wss://127.0.0.1:${port}${exec('box', 'command=sh&command=-c&command=while+:;do+:;done&stdout=1')}`,
    V5,
    { ...admin, rejectUnauthorized: false },
  );
  await once(client, 'open');
  const other = await talk(exec('box', 'command=echo&command=hi&stdout=1'), V5);
  expect(other.messages[1]).toBe('\x01hi\n');
  client.terminate();
});

test('a client that never reads is not written to without end', async () => {
  const client = new WebSocket(`wss://127.0.0.1:${port}${exec('box', 'command=yes&stdout=1')}`, V5, {
    ...admin,
    rejectUnauthorized: false,
  });
  await once(client, 'open');
  client.pause();
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 20; round++) await talk(exec('box', 'command=true&stdout=1'), V5);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  client.terminate();
});

function kubectl(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      KUBECTL,
      args,
      { cwd: folder, env: { ...process.env, HOME: folder, KUBECONFIG: join(folder, 'config') }, timeout: 20_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test('kubectl runs commands, reads logs and copies files', async () => {
  expect(await kubectl('exec', 'box', '--', 'sh', '-c', 'echo out; echo err >&2; exit 4')).toEqual({
    code: 4,
    stdout: 'out\n',
    stderr: 'err\ncommand terminated with exit code 4\n',
  });
  expect(await kubectl('logs', 'box')).toEqual({ code: 0, stdout: 'started\n', stderr: '' });
  writeFileSync(join(folder, 'notes'), 'one\ntwo\n');
  expect(await kubectl('cp', 'notes', 'box:/tmp/notes')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((await kubectl('exec', 'box', '--', 'cat', '/tmp/notes')).stdout).toBe('one\ntwo\n');
});

test('kubectl logs says what a container waits for', async () => {
  const said = (why: string) => ({
    code: 1,
    stdout: '',
    stderr: `Error from server (BadRequest): container "bad" in pod "bad" is waiting to start: ${why}\n`,
  });
  const reason = () =>
    served.cluster.store.get<Pod>('pods', 'default', 'bad')?.status?.containerStatuses?.[0]?.state?.waiting?.reason;
  // time goes on meanwhile, and what it waits for with it: only an answer between two equal looks is sure
  for (let before = reason(), tries = 0; tries < 5; before = reason(), tries++) {
    const answer = await kubectl('logs', 'bad');
    if (reason() !== before) continue;
    const why = { ErrImagePull: "image can't be pulled", ImagePullBackOff: 'trying and failing to pull image' };
    expect(answer).toEqual(said(why[before as keyof typeof why]));
    return;
  }
  throw new Error('what the container waits for changed with every look');
});

test('kubectl forwards ports', async () => {
  const forward = spawn(KUBECTL, ['port-forward', 'pod/web', ':80'], {
    env: { ...process.env, KUBECONFIG: join(folder, 'config') },
  });
  try {
    const [line] = (await once(forward.stdout, 'data')) as [Buffer];
    const local = /127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1];
    const page = await new Promise<string>((resolve, reject) => {
      const asked = httpRequest({ host: '127.0.0.1', port: Number(local), path: '/' }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve(body));
      });
      asked.on('error', reject);
      asked.end();
    });
    expect(page).toContain('<title>Welcome to nginx!</title>');
  } finally {
    forward.kill();
    await once(forward, 'exit');
  }
});
