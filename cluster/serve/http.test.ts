/** The edge as a client meets it: certificates, bodies that are too large or never end, watches, compression. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { serveCluster, type ServedCluster } from '#cluster/serve/served-cluster.ts';

interface Kubeconfig {
  clusters: [{ cluster: { 'certificate-authority-data': string } }];
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
}

let served: ServedCluster;
let port: number;
let admin: { ca: Buffer; cert: Buffer; key: Buffer };
const faults: string[] = [];

beforeAll(async () => {
  served = await serveCluster({
    start: { now: Date.now(), kubelet: 'stand-in' },
    listen: { host: '127.0.0.1', port: 0 },
    onFault: (what) => faults.push(what),
    bodyMs: 300,
  });
  const address = served.address();
  port = 'port' in address ? address.port : 0;
  const config = parse(served.kubeconfig(`https://127.0.0.1:${port}`)) as Kubeconfig;
  const decode = (text: string) => Buffer.from(text, 'base64');
  const { user } = config.users[0];
  admin = {
    ca: decode(config.clusters[0].cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  };
});

afterAll(async () => {
  await served.close();
  expect(faults).toEqual([]);
});

interface Answer {
  code: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

const json = (answer: Answer) =>
  JSON.parse(answer.body.toString()) as {
    message?: string;
    reason?: string;
    items?: unknown[];
    type?: string;
    object?: object;
  };

function ask(
  path: string,
  options: RequestOptions & { body?: string | Buffer; anonymous?: boolean } = {},
): Promise<Answer> {
  const { body, anonymous, ...rest } = options;
  const identity = anonymous ? { ca: admin.ca } : admin;
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, path, agent: false, ...identity, ...rest }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ code: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, data: Record<string, string>) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

describe('who asks', () => {
  test('without a certificate one is anonymous, and may see health and version only', async () => {
    expect((await ask('/healthz', { anonymous: true })).body.toString()).toBe('ok');
    const refused = await ask('/api/v1/namespaces/default/pods', { anonymous: true });
    expect(refused.code).toBe(403);
    expect(json(refused).message).toBe(
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
    );
  });

  test("a certificate of another cluster's authority is nobody's", async () => {
    const other = await serveCluster({
      start: { now: Date.now() },
      listen: { host: '127.0.0.1', port: 0 },
      onFault: () => {},
    });
    const config = parse(other.kubeconfig('https://127.0.0.1')) as Kubeconfig;
    await other.close();
    const { user } = config.users[0];
    const stranger = {
      cert: Buffer.from(user['client-certificate-data'], 'base64'),
      key: Buffer.from(user['client-key-data'], 'base64'),
    };
    expect((await ask('/api/v1/nodes', stranger)).code).toBe(401);
  });

  test('a bearer token that nobody gave out is refused', async () => {
    const answer = await ask('/api/v1/nodes', { anonymous: true, headers: { authorization: 'Bearer nonsense' } });
    expect([answer.code, json(answer).message]).toEqual([401, 'Unauthorized']);
  });

  test('the administrator may take on another identity', async () => {
    const answer = await ask('/api/v1/namespaces/default/secrets', { headers: { 'impersonate-user': 'jane' } });
    expect(json(answer).message).toContain('User "jane" cannot list resource "secrets"');
  });
});

describe('bodies', () => {
  test('over the limit of a request: refused, and the cluster goes on', async () => {
    const answer = await post(CONFIG_MAPS, Buffer.alloc(3 * 1024 * 1024 + 1, 'a'));
    expect([answer.code, json(answer).reason]).toEqual([413, 'RequestEntityTooLarge']);
    expect((await ask('/readyz')).body.toString()).toBe('ok');
  });

  test('over the size of an object: refused as etcd does', async () => {
    const annotations = { big: 'a'.repeat(200 * 1024) };
    const many = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'big', annotations },
      stringData: { k: 'a'.repeat(700 * 1024) },
    };
    expect((await post('/api/v1/namespaces/default/secrets', JSON.stringify(many))).code).toBe(201);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'huge' },
      spec: { containers: [{ name: 'c', image: 'nginx', env: [{ name: 'A', value: 'a'.repeat(1_600_000) }] }] },
    };
    const answer = await post('/api/v1/namespaces/default/pods', JSON.stringify(pod));
    expect([answer.code, json(answer).message]).toEqual([500, 'etcdserver: request is too large']);
  });

  test('a body that stalls is given up, with the real sentence, and holds nobody up', async () => {
    const socket = connect({ host: '127.0.0.1', port, ...admin });
    await once(socket, 'secureConnect');
    socket.write(
      `POST ${CONFIG_MAPS} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"api`,
    );
    expect((await ask('/readyz')).code).toBe(200);
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1.1 504 /);
    expect(text).toContain('request did not complete within the allotted timeout');
  });

  test('a client that goes away in the middle of its body harms nobody', async () => {
    const socket = connect({ host: '127.0.0.1', port, ...admin });
    await once(socket, 'secureConnect');
    socket.write(
      `POST ${CONFIG_MAPS} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"api`,
    );
    socket.destroy();
    expect((await ask('/readyz')).code).toBe(200);
  });

  test.each([
    ['no JSON', 'application/json', 'nonsense'],
    [
      'YAML that refers to itself many times over',
      'application/yaml',
      `a: &a [${'x,'.repeat(50)}]\nb: &b [${'*a,'.repeat(50)}]\nc: &c [${'*b,'.repeat(50)}]\nd: &d [${'*c,'.repeat(50)}]\ne: [${'*d,'.repeat(50)}]\n`,
    ],
    ['JSON of endless depth', 'application/json', '['.repeat(200_000)],
    ['protobuf that is none', 'application/vnd.kubernetes.protobuf', 'k8s\u0000\u00ff\u00ff'],
  ])('%s is a bad request', async (_name, contentType, body) => {
    const answer = await post(CONFIG_MAPS, body, { 'content-type': contentType });
    expect([answer.code, json(answer).reason]).toEqual([400, 'BadRequest']);
  });

  test('a form that is not read is an unsupported media type', async () => {
    expect((await post(CONFIG_MAPS, '<xml/>', { 'content-type': 'text/xml' })).code).toBe(415);
  });
});

describe('answers', () => {
  test('large ones are compressed for clients that say so', async () => {
    const plain = await ask('/apis/rbac.authorization.k8s.io/v1/clusterroles');
    const packed = await ask('/openapi/v3/api/v1', { headers: { 'accept-encoding': 'gzip' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(packed.body).toString())).toHaveProperty('components');
  });

  test('warnings travel in headers', async () => {
    const answer = await post(
      `${CONFIG_MAPS}?fieldValidation=Warn`,
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"warned"},"dta":{}}',
    );
    expect(answer.code).toBe(201);
    expect(answer.headers['warning']).toBe('299 - "unknown field \\"dta\\""');
  });

  test('chunks continue where they stopped, and count what is left', async () => {
    for (const name of ['chunk-a', 'chunk-b', 'chunk-c']) {
      const labelled = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-public' } };
      expect((await post('/api/v1/namespaces/kube-public/configmaps', JSON.stringify(labelled))).code).toBe(201);
    }
    interface Chunk {
      metadata: { continue?: string; remainingItemCount?: number };
      items: { metadata: { name: string } }[];
    }
    const names: string[] = [];
    const remaining: (number | undefined)[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const answer = await ask(`/api/v1/namespaces/kube-public/configmaps?limit=2&continue=${next}`);
      const chunk = JSON.parse(answer.body.toString()) as Chunk;
      names.push(...chunk.items.map(({ metadata }) => metadata.name));
      remaining.push(chunk.metadata.remainingItemCount);
      next = chunk.metadata.continue;
    }
    expect(names).toEqual(['chunk-a', 'chunk-b', 'chunk-c', 'cluster-info', 'kube-root-ca.crt']);
    expect(remaining).toEqual([3, 1, undefined]);
  });

  test('a continue token that is none is refused', async () => {
    const answer = await ask(`${CONFIG_MAPS}?limit=1&continue=nonsense`);
    expect([answer.code, json(answer).reason]).toEqual([400, 'BadRequest']);
  });
});

describe('watches', () => {
  /** The next events of a watch, one a line. */
  async function watch(
    query: string,
    count: number,
    act: () => Promise<unknown>,
  ): Promise<{ type: string; object: { metadata: { name: string } } }[]> {
    const request = httpsRequest({
      host: '127.0.0.1',
      port,
      path: `${CONFIG_MAPS}?watch=true&${query}`,
      agent: false,
      ...admin,
    });
    request.end();
    const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>];
    await act();
    let text = '';
    for await (const chunk of response) {
      text += chunk.toString();
      if (text.split('\n').length > count) break;
    }
    request.destroy();
    return text
      .trim()
      .split('\n')
      .slice(0, count)
      .map((line) => JSON.parse(line) as { type: string; object: { metadata: { name: string } } });
  }

  test('tells what happens, to those it concerns', async () => {
    const events = await watch('labelSelector=team%3Dblue', 3, async () => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'watched', labels: { team: 'blue' } } };
      await post(CONFIG_MAPS, configMap('unseen', {}));
      await post(CONFIG_MAPS, JSON.stringify(body));
      await ask(`${CONFIG_MAPS}/watched`, {
        method: 'PATCH',
        body: '{"data":{"k":"v"}}',
        headers: { 'content-type': 'application/merge-patch+json' },
      });
      // no longer matching is gone, for this watcher
      await ask(`${CONFIG_MAPS}/watched`, {
        method: 'PATCH',
        body: '{"metadata":{"labels":{"team":"red"}}}',
        headers: { 'content-type': 'application/merge-patch+json' },
      });
    });
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      'ADDED watched',
      'MODIFIED watched',
      'DELETED watched',
    ]);
  });

  test('a list as a stream ends with a bookmark that says so', async () => {
    const events = await watch(
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dkube-root-ca.crt',
      2,
      () => Promise.resolve(),
    );
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(events[1]?.object.metadata).toMatchObject({ annotations: { 'k8s.io/initial-events-end': 'true' } });
  });

  test('one that starts before the history is told to list again', async () => {
    const answer = await ask(`${CONFIG_MAPS}?watch=true&resourceVersion=1`);
    const { type, object } = json(answer) as { type: string; object: { code: number; reason: string } };
    expect([answer.code, type, object.code, object.reason]).toEqual([200, 'ERROR', 410, 'Expired']);
  });
});

test('a reset puts another state in place and ends the watches', async () => {
  const before = served.cluster.snapshot();
  await post(CONFIG_MAPS, configMap('after', {}));
  const request = httpsRequest({ host: '127.0.0.1', port, path: `${CONFIG_MAPS}?watch=true`, agent: false, ...admin });
  request.end();
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  const ended = once(response, 'end');
  served.reset(before);
  await ended;
  expect((await ask(`${CONFIG_MAPS}/after`)).code).toBe(404);
});
