/** Attempts on the terminal's WebSocket from outside: tokens, origins, sessions of others, and frames that are too big, too many, or half. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { encodeFrame } from '#app/_terminal/protocol.ts';
import { createHttp, type HttpSide } from '#server/http.ts';
import { listen } from '#server/listen.ts';
import { openSession } from '#server/practice/open-session.ts';
import { handleTerminal } from '#server/sockets/terminal.ts';
import { type TestServer, withApp } from '#server/testing/test-app.ts';
import { testMachines } from '#workspace/test-machine.ts';

jest.setTimeout(60_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
let server: TestServer;
let http: HttpSide;
let port: number;
let sessionId: string;
let end: () => void;
let ended: Promise<void>;

beforeAll(async () => {
  machines = await testMachines();
  const workspace = await machines.open({ id: 'terminal' });
  await new Promise<void>((ready) => {
    ended = withApp(async (made) => {
      server = made;
      http = createHttp({
        app: made.app,
        attach: ({ socket }) => handleTerminal({ socket, workspace }),
        pages: {
          request: (_request, response) => Promise.resolve(void response.end('page')),
          upgrade: (_request, socket) => void socket.destroy(),
        },
        allowedHosts: [],
        dev: false,
      });
      port = await listen(http.server, '127.0.0.1', 0);
      ({ sessionId } = await openSession(made.app, made.userId, 'core/one'));
      const stop = new Promise<void>((resolve) => {
        end = resolve;
      });
      ready();
      await stop;
      await http.close();
    });
  });
});
afterAll(async () => {
  end();
  await ended;
  await machines.close();
});

const goodCookie = (): string => server.app.signIn.issueCookie().split(';')[0] ?? '';
const origin = (): string => `http://127.0.0.1:${port}`;

/** `open`, or the status with which the handshake was refused. */
function dial(path: string, headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

const sign = (body: string, secret: Buffer): string =>
  `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;

test.each<{ name: string; status: number; heldBy: string; headers: () => Record<string, string>; path?: string }>([
  { name: 'no cookie', heldBy: 'the gate', status: 401, headers: () => ({ origin: origin() }) },
  {
    name: 'a cookie signed with another key',
    heldBy: 'its signature',
    status: 401,
    headers: () => ({
      origin: origin(),
      cookie: `drydock=${sign(`${server.clock.now.toString(36)}.abc`, Buffer.alloc(32))}`,
    }),
  },
  {
    name: 'a cookie with its date put forward',
    heldBy: 'its signature',
    status: 401,
    headers: () => ({ origin: origin(), cookie: goodCookie().replace(/=[0-9a-z]+\./, '=zzzzzzzz.') }),
  },
  {
    name: 'a cookie without a signature',
    heldBy: 'its form',
    status: 401,
    headers: () => ({ origin: origin(), cookie: goodCookie().replace(/\.[^.]*$/, '.') }),
  },
  {
    name: 'the link’s token in a header',
    heldBy: 'the gate: the token is only taken from the link',
    status: 401,
    headers: () => ({
      origin: origin(),
      authorization: `Bearer ${server.app.signIn.token}`,
      cookie: `drydock=${server.app.signIn.token}`,
    }),
  },
  {
    name: 'a foreign origin',
    heldBy: 'the gate',
    status: 403,
    headers: () => ({ origin: 'http://evil.example', cookie: goodCookie() }),
  },
  {
    name: 'the same host on another port',
    heldBy: 'the gate',
    status: 403,
    headers: () => ({ origin: 'http://127.0.0.1:1', cookie: goodCookie() }),
  },
  { name: 'no origin', heldBy: 'the gate', status: 403, headers: () => ({ cookie: goodCookie() }) },
  {
    name: 'a host name rebound to this address',
    heldBy: 'the gate',
    status: 421,
    headers: () => ({ host: 'rebound.example', origin: 'http://rebound.example', cookie: goodCookie() }),
  },
  {
    name: 'a session that does not exist',
    heldBy: 'ownership is part of the question to the database',
    status: 404,
    headers: () => ({ origin: origin(), cookie: goodCookie() }),
    path: '/ws/terminal/0123456789abcdef0123',
  },
  {
    name: 'a path in the session’s id',
    heldBy: 'the form of ids',
    status: 404,
    headers: () => ({ origin: origin(), cookie: goodCookie() }),
    path: '/ws/terminal/..%2f..%2fetc',
  },
])('refused, held by $heldBy: $name', async ({ status, headers, path }) => {
  await expect(dial(path ?? `/ws/terminal/${sessionId}`, headers())).resolves.toBe(status);
});

test('refused, held by its date: a cookie of last month, replayed', async () => {
  const cookie = goodCookie();
  server.clock.now += 31 * 24 * 60 * 60 * 1000;
  try {
    await expect(dial(`/ws/terminal/${sessionId}`, { origin: origin(), cookie })).resolves.toBe(401);
  } finally {
    server.clock.now -= 31 * 24 * 60 * 60 * 1000;
  }
});

test('refused, held by ownership: another user’s session', async () => {
  const { db } = server.app;
  await db.user.create({ data: { id: 'other', name: 'Other', createdAt: new Date(0) } });
  await db.session.update({ where: { id: sessionId }, data: { userId: 'other' } });
  try {
    await expect(dial(`/ws/terminal/${sessionId}`, { origin: origin(), cookie: goodCookie() })).resolves.toBe(404);
  } finally {
    await db.session.update({ where: { id: sessionId }, data: { userId: server.userId } });
  }
});

async function page(): Promise<WebSocket> {
  const socket = await dial(`/ws/terminal/${sessionId}`, { origin: origin(), cookie: goodCookie() });
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  socket.binaryType = 'nodebuffer';
  return socket;
}
const size = encodeFrame({ type: 'resize', cols: 80, rows: 24 });

/** A page beside the attack types and reads. */
async function neighbourWorks(): Promise<void> {
  const socket = await page();
  let seen = '';
  const answered = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      seen += data.subarray(1).toString();
      if (seen.includes('still-here')) resolve();
    });
  });
  socket.send(size);
  socket.send(encodeFrame({ type: 'input', data: Buffer.from('echo still-"here"\r') }));
  await answered;
  socket.close();
}

test.each<{ name: string; send: (socket: WebSocket) => void; code: number }>([
  { name: 'a message of 2 MB', send: (socket) => socket.send(Buffer.alloc(2 * 1024 * 1024, 1)), code: 1009 },
  {
    name: 'a message of 2 MB in fragments',
    send: (socket) => {
      for (let sent = 0; sent < 33; sent += 1) socket.send(Buffer.alloc(65_536, 1), { fin: false });
    },
    code: 1009,
  },
  { name: 'a frame of 70 KB', send: (socket) => socket.send(Buffer.alloc(70_000, 1)), code: 4400 },
  {
    name: 'ten thousand frames at once',
    send: (socket) => {
      for (let sent = 0; sent < 10_000; sent += 1) socket.send(encodeFrame({ type: 'ack', bytes: 1 }));
    },
    code: 4429,
  },
  {
    name: 'a flood of sizes',
    send: (socket) => {
      for (let sent = 0; sent < 10_000; sent += 1)
        socket.send(encodeFrame({ type: 'resize', cols: 1 + (sent % 500), rows: 1 + (sent % 300) }));
    },
    code: 4429,
  },
  {
    name: 'JSON nested without end',
    send: (socket) => socket.send(Buffer.from(`\u0002${'['.repeat(60_000)}`)),
    code: 4400,
  },
  {
    name: 'prototype keys',
    send: (socket) => socket.send(Buffer.from('\u0002{"__proto__":{"cols":80,"rows":24}}')),
    code: 4400,
  },
])('closed with a code: $name', async ({ send, code }) => {
  const socket = await page();
  socket.on('error', () => undefined);
  socket.send(size);
  const closed = once(socket, 'close') as Promise<[number, Buffer]>;
  send(socket);
  expect((await closed)[0]).toBe(code);
  await neighbourWorks();
});

test('held by MAX_SCREENS: one session open in seventeen places', async () => {
  const pages = await Promise.all(Array.from({ length: 16 }, page));
  for (const each of pages) each.send(size);
  await Promise.all(pages.map((each) => once(each, 'message')));
  const last = await page();
  const closed = once(last, 'close') as Promise<[number, Buffer]>;
  last.send(size);
  const [code, reason] = await closed;
  expect([code, reason.toString()]).toEqual([4429, 'this terminal is open in 16 places already']);
  for (const each of pages) each.terminate();
});

test('half a frame, half a handshake and bytes of no protocol hold nobody else up', async () => {
  const open: ReturnType<typeof connect>[] = [];
  const raw = (text: string | Buffer): void => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', () => undefined);
    open.push(socket);
  };
  const handshake = `GET /ws/terminal/${sessionId} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin()}\r\nCookie: ${goodCookie()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
  for (let count = 0; count < 50; count += 1) {
    raw('GET /ws/terminal/');
    raw(handshake.slice(0, -2));
    // A masked frame that says 125 bytes and brings one.
    raw(Buffer.concat([Buffer.from(handshake), Buffer.from([0x82, 0xfd, 0, 0, 0, 0, 1])]));
    // Unmasked, which a page may not send.
    raw(Buffer.concat([Buffer.from(handshake), Buffer.from([0x82, 0x01, 0x04])]));
    raw(Buffer.from([0x16, 3, 1, 0, 0]));
  }
  await neighbourWorks();
  for (const socket of open) socket.destroy();
});
