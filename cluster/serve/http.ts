/** HTTPS around the API: connections, bodies, streams. The only place of the cluster that waits. */
import { randomUUID } from 'node:crypto';
import { ServerResponse, type IncomingMessage } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { UserInfo } from '../admission/plugin.ts';
import { entityTooLarge, internalError, StatusError } from '../api/status.ts';
import type { Cluster } from '../cluster.ts';
import { LIMITS } from '../limits.ts';
import { ANONYMOUS, makeAuthenticator } from './authenticate.ts';
import { handle, type ApiRequest, type Reply } from './api.ts';
import type { Authority, KeyPair } from './certificates.ts';
import type { Driver } from './driver.ts';
import { sendReply, sendTooMany, statusReply } from './send.ts';
import { sendLog } from './streams/log-stream.ts';
import { StreamHub } from './streams/upgrade.ts';
import { WatchStreams } from './watch-stream.ts';
import { needsEtcd, waitForEtcd } from './without-etcd.ts';

/** What is served: swapped as a whole when a cluster is reset. */
export interface Serving {
  cluster: Cluster;
  driver: Driver;
}

export interface HttpOptions {
  serving(): Serving;
  authority: Authority;
  server: KeyPair;
  /** Who a bearer token stands for; undefined: nobody. */
  tokenUser(token: string): UserInfo | undefined;
  /** Called when a request has changed something, before it is answered. */
  written?: (request: ApiRequest, reply: Reply) => void;
  /** Milliseconds a client may take to send its body. Default: LIMITS.bodyMs. */
  bodyMs?: number;
}

/** Of HTTP/1.1, which the types of HTTP/2's options leave out. */
const HEADER_LIMITS = { maxHeaderSize: LIMITS.headerBytes };

/** Milliseconds a refused client gets to read why before its connection goes. */
const LINGER_MS = 500;

export interface HttpServer {
  server: Http2SecureServer;
  /** Whether it takes connections: while it does not, they are refused, and those that there were are gone. */
  setListening(on: boolean): Promise<void>;
  /** Ends the watches: their cluster is no more. */
  endWatches(): void;
  close(): Promise<void>;
}

/** Reads the whole body, within the limits of size and time. @throws StatusError */
function readAll(request: IncomingMessage, bodyMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      reject(
        new StatusError({
          message: 'request did not complete within the allotted timeout',
          reason: 'Timeout',
          code: 504,
        }),
      );
    }, bodyMs);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LIMITS.bodyBytes) {
        clearTimeout(timer);
        request.removeAllListeners('data');
        request.resume();
        reject(entityTooLarge(`Request entity too large: limit is ${LIMITS.bodyBytes}`));
      } else chunks.push(chunk);
    });
    request.on('end', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // after the end of the body this changes nothing any more
    request.on('close', () => {
      clearTimeout(timer);
      reject(new Error('the client went away'));
    });
  });
}

/** Over HTTP/2 only this request ends; before, its connection does. */
function lingerAndClose(incoming: IncomingMessage, response: ServerResponse): void {
  if (incoming.httpVersionMajor >= 2) {
    response.on('finish', () => response.destroy());
    return;
  }
  response.setHeader('connection', 'close');
  incoming.socket.setTimeout(LINGER_MS, () => incoming.socket.destroy());
}

/** As it was sent: no `..` is resolved and no slash is dropped, which the real server does not do either. */
function targetOf(url: string): { path: string; query: URLSearchParams } {
  const local = url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  return { path: path === '' ? '/' : path, query: new URLSearchParams(mark < 0 ? '' : local.slice(mark + 1)) };
}

export function createHttpServer(options: HttpOptions): HttpServer {
  const { authority, server: credentials } = options;
  const streams = new WatchStreams();
  const authenticate = makeAuthenticator({
    authority: authority.certificate,
    tokenUser: (token) => options.tokenUser(token),
    now: () => options.serving().cluster.now,
  });

  const hub = new StreamHub({
    cluster: () => options.serving().cluster,
    catchUp: () => options.serving().driver.catchUp(),
    react: () => options.serving().driver.react(),
  });

  /** Requests whose bodies are on their way: all that can be in flight at once, the rest of a request takes no time. */
  let reading = 0;

  /** @throws StatusError */
  function stream(
    incoming: IncomingMessage,
    response: ServerResponse,
    { stream: wanted }: Extract<Reply, { kind: 'stream' }>,
    head: Buffer | undefined,
  ): void {
    if (hub.full) sendTooMany(response);
    else if (wanted.kind === 'log') {
      const catchUp = () => options.serving().driver.catchUp();
      sendLog(response, wanted, { catchUp, opened: (end) => hub.opened(end) });
    } else hub.upgrade(incoming, response, head ?? Buffer.alloc(0), wanted);
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse, head?: Buffer): Promise<void> {
    const { path, query } = targetOf(incoming.url ?? '/');
    if (/%(?![0-9a-f]{2})/i.test(path)) {
      response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end('400 Bad Request');
      return;
    }
    // HTTP/2 names the host in a field of its own
    const authority = String(incoming.headers[':authority'] ?? '');
    const request: ApiRequest = {
      method: incoming.method ?? 'GET',
      path,
      query,
      headers: { host: authority, ...(incoming.headers as Record<string, string | undefined>) },
      body: new Uint8Array(),
      user: ANONYMOUS,
    };
    let reply: Exclude<Reply, { kind: 'stream' }>;
    const serving = options.serving();
    try {
      const { user, warning } = authenticate(incoming);
      request.user = user;
      if (warning !== undefined) response.appendHeader('warning', `299 - "${warning}"`);
      // what follows an upgrade is no body
      if (head === undefined) {
        if (reading >= LIMITS.inFlight) {
          sendTooMany(response);
          return;
        }
        reading++;
        try {
          request.body = await readAll(incoming, options.bodyMs ?? LIMITS.bodyMs);
        } finally {
          reading--;
        }
      }
      serving.driver.catchUp();
      if (serving.cluster.api === 'no-etcd' && needsEtcd(request) && !(await waitForEtcd(serving, request, response))) {
        return;
      }
      const { revision } = serving.cluster.store;
      const handled = handle(serving.cluster, request);
      if (handled.kind === 'stream') {
        response.setHeader('audit-id', randomUUID());
        stream(incoming, response, handled, head);
        return;
      }
      if (serving.cluster.store.revision !== revision) options.written?.(request, handled);
      reply = handled;
    } catch (error) {
      if (!(error instanceof StatusError)) {
        // the client went away in the middle of its request: nobody is left to answer
        response.destroy();
        return;
      }
      // the rest of a body that was refused is not wanted: the answer goes out, and then the connection
      if (!incoming.complete) {
        lingerAndClose(incoming, response);
      }
      reply = statusReply(error, request);
    }
    try {
      sendReply(response, request, reply, serving.cluster, streams);
    } catch (fault) {
      // our own mistake, or a form that the answer does not have: one request's trouble, nobody else's
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const error =
        fault instanceof StatusError ? fault : internalError(fault instanceof Error ? fault.message : String(fault));
      const plain = { ...request, headers: { ...request.headers, accept: 'application/json' } };
      sendReply(response, plain, statusReply(error, plain), serving.cluster, streams);
    }
    if (request.method !== 'GET') serving.driver.react();
  }

  const server = createSecureServer(
    {
      cert: credentials.certificate,
      key: credentials.key,
      ca: authority.certificate,
      requestCert: true,
      // who has no certificate is anonymous, which RBAC then deals with
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ...HEADER_LIMITS,
      // kubectl speaks HTTP/2; who wants to upgrade a connection asks for HTTP/1.1
      allowHTTP1: true,
      settings: { maxConcurrentStreams: LIMITS.streamsOfConnection, maxHeaderListSize: LIMITS.headerBytes },
    },
    // in what is used of them here, requests and responses of both versions are the same
    (incoming, response) => void answer(incoming as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // a request to become something else; what does not become it is answered like any other
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const response = new ServerResponse(incoming);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on('finish', () => socket.end());
    socket.on('error', () => socket.destroy());
    void answer(incoming, response, head);
  });
  const endWatches = () => {
    streams.endAll();
    hub.endAll();
  };
  const switched = listeningSwitch(server, () => {
    endWatches();
    for (const socket of sockets) socket.destroy();
  });
  return {
    server,
    endWatches,
    setListening: switched,
    close: () =>
      new Promise((resolve) => {
        endWatches();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Closes the server's port and opens it again, one after the other however fast it is asked. */
function listeningSwitch(server: Http2SecureServer, cut: () => void): (on: boolean) => Promise<void> {
  let before: Promise<void> = Promise.resolve();
  let at: string | AddressInfo | null = null;
  const turn = (on: boolean) =>
    new Promise<void>((resolve, reject) => {
      if (server.listening === on) resolve();
      else if (on) {
        server.once('error', reject);
        server.listen(typeof at === 'string' ? { path: at } : { host: at?.address, port: at?.port }, () => {
          server.off('error', reject);
          resolve();
        });
      } else {
        at = server.address();
        server.close(() => resolve());
        cut();
      }
    });
  return (on) => (before = before.then(() => turn(on)));
}
