/** HTTP/2, which kubectl and every Go client speak: many requests on one connection. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { LIMITS } from '../limits.ts';
import { serveCluster, type ServedCluster } from './served-cluster.ts';

let served: ServedCluster;
let session: ClientHttp2Session;

beforeAll(async () => {
  served = await serveCluster({
    start: { now: 1_780_000_000_000, bare: true, kubelet: 'stand-in' },
    listen: { host: '127.0.0.1', port: 0 },
    onFault: (what, fault) => {
      throw new Error(what, { cause: fault });
    },
  });
  const address = served.address();
  const { authority, admin } = served.credentials;
  session = connect(`https://127.0.0.1:${'port' in address ? address.port : 0}`, {
    ca: authority.certificate,
    cert: admin.certificate,
    key: admin.key,
  });
  await once(session, 'connect');
});
afterAll(async () => {
  session.close();
  await served.close();
});

async function ask(method: string, path: string, body?: Uint8Array) {
  const stream = session.request({ ':method': method, ':path': path, 'content-type': 'application/json' });
  stream.end(body);
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  const text = (await stream.setEncoding('utf8').toArray()).join('');
  return { status: headers[':status'], headers, text };
}

test('requests side by side', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      ask('POST', '/api/v1/namespaces/default/configmaps', Buffer.from(`{"metadata":{"name":"c${index}"}}`)),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
  const list = await ask('GET', '/api/v1/namespaces/default/configmaps?limit=500');
  expect((JSON.parse(list.text) as { items: unknown[] }).items).toHaveLength(21);
});

test('a watch and a write on the same connection', async () => {
  const watch = session.request({
    ':path': '/api/v1/namespaces/default/configmaps?watch=1&fieldSelector=metadata.name=w',
  });
  await once(watch, 'response');
  await ask('POST', '/api/v1/namespaces/default/configmaps', Buffer.from('{"metadata":{"name":"w"}}'));
  const [chunk] = (await once(watch, 'data')) as [Buffer];
  expect(JSON.parse(chunk.toString())).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'w' } } });
  watch.close();
});

test('a body that is too large ends its own request only', async () => {
  const { status, text } = await ask(
    'POST',
    '/api/v1/namespaces/default/configmaps',
    Buffer.alloc(LIMITS.bodyBytes + 1024, 0x20),
  );
  expect(status).toBe(413);
  expect(JSON.parse(text)).toMatchObject({ reason: 'RequestEntityTooLarge' });
  expect((await ask('GET', '/version')).status).toBe(200);
});
