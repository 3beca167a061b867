import { get, type IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { startAttempt } from './exams/start-attempt.ts';
import { submitAttempt } from './exams/submit-attempt.ts';
import { createHttp, type HttpSide } from './http.ts';
import { listen } from './listen.ts';
import { openSession } from './practice/open-session.ts';
import { type TestServer, withApp } from './testing/test-app.ts';

interface Served extends TestServer {
  port: number;
  cookie: string;
  http: HttpSide;
  /** Policies that the pages were given. */
  policies: string[];
}

/** The HTTP side on a free port, with pages that answer "page". */
async function withHttp(work: (served: Served) => Promise<void>): Promise<void> {
  await withApp(async (server) => {
    const policies: string[] = [];
    const http = createHttp({
      app: server.app,
      attach: ({ socket, terminal }) => socket.send(`attached ${terminal}`),
      pages: {
        request(request, response) {
          policies.push(String(request.headers['content-security-policy']));
          response.end('page');
          return Promise.resolve();
        },
        upgrade: (_request, socket) => void socket.destroy(),
      },
      allowedHosts: [],
      dev: false,
    });
    const port = await listen(http.server, '127.0.0.1', 0);
    const cookie = server.app.signIn.issueCookie().split(';')[0] ?? '';
    try {
      await work({ ...server, http, port, cookie, policies });
    } finally {
      await http.close();
    }
  });
}

function fetchPage(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<IncomingMessage & { body: string }> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(Object.assign(response, { body })));
    }).on('error', reject);
  });
}

/** What a terminal's WebSocket gets: its first message, or the status it is refused with. */
function dial(port: number, path: string, headers: Record<string, string>): Promise<string | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('message', (data: Buffer) => {
      resolve(data.toString());
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    // Also says so when a refused handshake is ended from here; the promise is settled by then.
    socket.on('error', reject);
  });
}

test('without a cookie a browser is told where the link is, in its language, and nothing of a page', async () => {
  await withHttp(async ({ port, policies }) => {
    const korean = await fetchPage(port, '/', { accept: 'text/html', 'accept-language': 'ko' });
    expect(korean.statusCode).toBe(401);
    expect(korean.body).toContain('<html lang="ko">');
    expect(korean.body).toContain('token=');
    expect(korean.headers['content-security-policy']).toContain("default-src 'none'");
    const plain = await fetchPage(port, '/_next/static/x.js', {});
    expect(plain).toMatchObject({ statusCode: 401 });
    expect(plain.headers['content-type']).toContain('text/plain');
    expect(policies).toEqual([]);
  });
});

test('with a cookie pages come with a new nonce each time, which Next finds in the request', async () => {
  await withHttp(async ({ port, cookie, policies }) => {
    const first = await fetchPage(port, '/', { cookie });
    const second = await fetchPage(port, '/', { cookie });
    expect(first.body).toBe('page');
    expect(policies).toEqual([first.headers['content-security-policy'], second.headers['content-security-policy']]);
    expect(policies[0]).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]+' 'strict-dynamic';/);
    expect(policies[0]).not.toBe(policies[1]);
    expect(policies[0]).not.toContain('unsafe-eval');
    expect(first.headers['referrer-policy']).toBe('no-referrer');
  });
});

test('a terminal is let in by cookie, origin and ownership together', async () => {
  await withHttp(async ({ app, userId, port, cookie }) => {
    const { sessionId } = await openSession(app, userId, 'core/one');
    const path = `/ws/terminal/${sessionId}`;
    const origin = `http://127.0.0.1:${port}`;
    await expect(dial(port, path, { cookie, origin })).resolves.toBe('attached 1');
    await expect(dial(port, `${path}/q3-2`, { cookie, origin })).resolves.toBe('attached q3-2');
    await expect(dial(port, `${path}/Q3`, { cookie, origin })).resolves.toBe(404);
    await expect(dial(port, `${path}/${'x'.repeat(33)}`, { cookie, origin })).resolves.toBe(404);
    await expect(dial(port, path, { origin })).resolves.toBe(401);
    await expect(dial(port, path, { cookie, origin: 'http://evil.example' })).resolves.toBe(403);
    await expect(dial(port, path, { cookie })).resolves.toBe(403);
    await expect(dial(port, '/ws/terminal/abc', { cookie, origin })).resolves.toBe(404);
    await expect(dial(port, '/ws/other', { cookie, origin })).resolves.toBe(404);
  });
});

test('the terminal of an exam that has ended is told so, and is not asked for again', async () => {
  await withHttp(async ({ app, userId, port, cookie, clock }) => {
    const { attemptId } = await startAttempt(app, userId);
    const headers = { cookie, origin: `http://127.0.0.1:${port}` };
    // These stand-ins have no hosts: the exam has no machine of its own, only one for each question.
    await expect(dial(port, `/ws/exam/${attemptId}/q1-1`, headers)).resolves.toBe(404);
    await expect(dial(port, '/ws/exam/abc/q1-1', headers)).resolves.toBe(404);
    const [first] = await app.db.attemptQuestion.findMany({
      orderBy: { position: 'asc' },
      select: { sessionId: true },
    });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/terminal/${first?.sessionId ?? ''}/1`, { headers });
    await new Promise((resolve) => socket.once('message', resolve));
    const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
    clock.now += 60 * 60_000;
    await submitAttempt(app, userId, attemptId);
    await expect(closed).resolves.toBe(4410);
    const late = new WebSocket(`ws://127.0.0.1:${port}/ws/exam/${attemptId}/q1-1`, { headers });
    await expect(new Promise((resolve) => late.once('close', (code) => resolve(code)))).resolves.toBe(4410);
  });
});

test('a stop tells terminals that it goes away and does not wait for them', async () => {
  await withHttp(async ({ app, userId, port, cookie, http }) => {
    const { sessionId } = await openSession(app, userId, 'core/one');
    const headers = { cookie, origin: `http://127.0.0.1:${port}` };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/terminal/${sessionId}`, { headers });
    await new Promise((resolve) => socket.once('message', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await http.close();
    await expect(closed).resolves.toBe(1001);
  });
});

test('a taken port: the next free one', async () => {
  await withHttp(async ({ app, port }) => {
    const other = createHttp({
      app,
      attach: () => undefined,
      pages: { request: () => Promise.resolve(), upgrade: () => undefined },
      allowedHosts: [],
      dev: false,
    });
    const taken = await listen(other.server, '127.0.0.1', port);
    expect(taken).toBeGreaterThan(port);
    await other.close();
  });
});
