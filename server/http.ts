/** The HTTP side: the gate first, then terminals, then Next's pages. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CLOSE } from '#app/_terminal/protocol.ts';
import { judge, readCookie, type Verdict } from './auth/gate.ts';
import { REFUSAL_CSP, refusalPage, refusalText } from './auth/refusal-page.ts';
import { isAppError, userError } from './errors.ts';
import type { App } from './handle.ts';
import { chooseLocale, LOCALE_COOKIE } from './locale.ts';
import type { Parts } from './ports.ts';
import { attachExam } from './exams/attach-exam.ts';
import { serveRecordings } from './recording/serve-recordings.ts';
import { attachTerminal } from './sessions/attach-terminal.ts';

/** Bytes of one message from a terminal; a paste is cut into smaller ones by the page. */
const MAX_MESSAGE = 1024 * 1024;
/** WebSocket's code for a server that stops. */
const GOING_AWAY = 1001;
/** Milliseconds that a stop waits for connections to end by themselves. */
const PATIENCE_MS = 500;
/** A practice session or an exam, its id, and which of its terminals; the first where none is named. */
const TERMINAL_PATH = /^\/ws\/(terminal|exam)\/([0-9a-f]{1,64})(?:\/([a-z0-9-]{1,32}))?$/;

/** How pages answer: Next's handlers, or a test's. */
export interface Pages {
  request(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface HttpOptions {
  app: App;
  attach: Parts['attach'];
  pages: Pages;
  allowedHosts: readonly string[];
  dev: boolean;
}

export interface HttpSide {
  server: Server;
  /** Stops listening and ends every connection; terminals are told "going away", so their pages reconnect until the server is back. */
  close(): Promise<void>;
}

export function createHttp(options: HttpOptions): HttpSide {
  const { app } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });

  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      app.log.error({ err: error, path: pathOf(request) }, 'request failed');
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`${userError(error, 'en').message}\n`);
    });
  });
  // Node forgets a connection once it is upgraded, and then waits for it at the end.
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    // A browser that goes away in the middle is no news.
    socket.on('error', () => socket.destroy());
    upgrade(request, socket, head, options, sockets).catch((error: unknown) => {
      if (!isAppError(error)) app.log.error({ err: error, path: pathOf(request) }, 'terminal failed');
      refuseUpgrade(socket, userError(error, 'en').status);
    });
  });
  return {
    server,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Drydock is stopping');
      sockets.close();
      server.closeIdleConnections();
      // Answers and farewells under way get a moment; connections kept alive do not hold the stop up.
      const impatience = setTimeout(() => {
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }, PATIENCE_MS);
      await closed;
      clearTimeout(impatience);
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: HttpOptions): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  // The link's token is in an address: addresses go nowhere.
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  const verdict = judgeRequest(request, options, false);
  if (verdict.verdict === 'redirect') {
    if (verdict.setCookie !== undefined) response.setHeader('Set-Cookie', verdict.setCookie);
    response.writeHead(303, { location: verdict.location, 'cache-control': 'no-store' }).end();
    return;
  }
  if (verdict.verdict === 'refuse') {
    refuse(request, response, verdict);
    return;
  }
  if (await serveRecordings(options.app, request, response)) return;
  // Next reads the nonce from the request's policy and puts it on its own scripts.
  const policy = contentSecurityPolicy(request, options.dev);
  request.headers['content-security-policy'] = policy;
  response.setHeader('Content-Security-Policy', policy);
  await options.pages.request(request, response);
}

/**
 * Scripts only with this answer's nonce. Styles may be inline: xterm.js writes its own style elements and takes no nonce.
 */
function contentSecurityPolicy(request: IncomingMessage, dev: boolean): string {
  const nonce = randomBytes(16).toString('base64');
  const host = request.headers.host ?? '';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // Older browsers do not count a WebSocket to the same host as 'self'.
    `connect-src 'self' ws://${host} wss://${host}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  verdict: Extract<Verdict, { verdict: 'refuse' }>,
): void {
  response.statusCode = verdict.status;
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', REFUSAL_CSP);
  if (request.headers.accept?.includes('text/html')) {
    const locale = chooseLocale(readCookie(request.headers.cookie, LOCALE_COOKIE), request.headers['accept-language']);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(refusalPage(verdict.reason, locale));
  } else {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end(refusalText(verdict.reason));
  }
}

async function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: HttpOptions,
  sockets: WebSocketServer,
): Promise<void> {
  const verdict = judgeRequest(request, options, true);
  if (verdict.verdict !== 'pass') {
    refuseUpgrade(socket, verdict.verdict === 'refuse' ? verdict.status : 400);
    return;
  }
  const [, area, id, terminal = '1'] = TERMINAL_PATH.exec(pathOf(request)) ?? [];
  if (id === undefined) {
    // The development server's reload channel; built pages have no sockets of their own.
    if (options.dev) options.pages.upgrade(request, socket, head);
    else refuseUpgrade(socket, 404);
    return;
  }
  const { app } = options;
  const attached = await (area === 'exam' ? attachExam : attachTerminal)(app, app.localUserId, id).catch(
    (error: unknown) => {
      if (!isAppError(error) || error.code !== 'attempt-over') throw error;
      // Its owner asks, whose page should not ask again: a browser says why a WebSocket was closed, not why it was not opened.
      sockets.handleUpgrade(request, socket, head, (webSocket) => webSocket.close(CLOSE.over, error.code));
      return undefined;
    },
  );
  if (attached === undefined) return;
  const { workspace, detach } = attached;
  socket.once('close', detach);
  if (socket.destroyed) {
    detach();
    return;
  }
  sockets.handleUpgrade(request, socket, head, (webSocket) => {
    app.terminals.add(id, webSocket);
    options.attach({ socket: webSocket, workspace, terminal });
  });
}

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  421: 'Misdirected Request',
  503: 'Service Unavailable',
};

function refuseUpgrade(socket: Duplex, status: number): void {
  if (socket.destroyed) return;
  socket.end(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function judgeRequest(request: IncomingMessage, options: HttpOptions, isUpgrade: boolean): Verdict {
  return judge(
    { method: request.method ?? '', url: request.url ?? '/', headers: request.headers, upgrade: isUpgrade },
    { signIn: options.app.signIn, allowedHosts: options.allowedHosts },
  );
}

/** Without the query: that may hold the token, and logs get this. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}
