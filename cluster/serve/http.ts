/** HTTPS around the API: connections, bodies, streams. The only place of the cluster that waits. */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import type { UserInfo } from '../admission/plugin.ts';
import { entityTooLarge, StatusError, unauthorized, type Status } from '../api/status.ts';
import type { Cluster } from '../cluster.ts';
import { LIMITS } from '../limits.ts';
import { handle, type ApiRequest, type Reply } from './api.ts';
import type { Authority, KeyPair } from './certificates.ts';
import type { Driver } from './driver.ts';
import { encodeEvent, encodeReply } from './encode.ts';
import type { WatchEvent } from './watch.ts';

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
  /** Milliseconds a client may take to send its body. Default: LIMITS.bodyMs. */
  bodyMs?: number;
}

const ANONYMOUS: UserInfo = { username: 'system:anonymous', groups: ['system:unauthenticated'] };
/** Milliseconds a refused client gets to read why before its connection goes. */
const LINGER_MS = 500;
/** Bytes: smaller answers are not worth compressing (the real server's threshold is 128 KiB). */
const GZIP_FROM = 128 * 1024;

export interface HttpServer {
  server: Server;
  /** Ends the watches: their cluster is no more. */
  endWatches(): void;
  close(): Promise<void>;
}

function authenticate(request: IncomingMessage, options: HttpOptions): UserInfo {
  const bearer = /^Bearer\s+(\S+)/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer) {
    const user = options.tokenUser(bearer);
    if (!user) throw unauthorized();
    return user;
  }
  const socket = request.socket as TLSSocket;
  const subject = socket.authorized ? socket.getPeerCertificate().subject : undefined;
  if (!subject) return ANONYMOUS;
  const organizations = subject.O as string | string[] | undefined;
  const groups = organizations === undefined ? [] : [organizations].flat();
  return { username: [subject.CN].flat()[0] ?? '', groups: [...groups, 'system:authenticated'] };
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
  });
}

const statusReply = ({ status, code }: StatusError): Reply => ({
  kind: 'object',
  code,
  object: status,
  wanted: { encoding: 'json', as: '' },
  warnings: [],
});

/** RFC 7234: `299 - "text"`, quotes and backslashes escaped. */
const warningHeader = (sentence: string) => `299 - "${sentence.replace(/["\\]/g, '\\$&')}"`;

export function createHttpServer(options: HttpOptions): HttpServer {
  const { authority, server: credentials } = options;
  const watches = new Set<() => void>();

  function sendWatch(
    request: ApiRequest,
    response: ServerResponse,
    reply: Extract<Reply, { kind: 'watch' }>,
    { cluster }: Serving,
  ): void {
    if (watches.size >= LIMITS.watches) {
      send(
        request,
        response,
        statusReply(
          new StatusError({
            message: 'too many requests, please try again later',
            reason: 'TooManyRequests',
            code: 429,
          }),
        ),
        options.serving(),
      );
      return;
    }
    for (const sentence of reply.warnings) response.appendHeader('warning', warningHeader(sentence));
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
    let first = true;
    const write = (event: WatchEvent) => {
      response.write(encodeEvent(cluster, reply, event, first));
      first = false;
    };
    reply.watch.initial.forEach(write);
    const unfollow = reply.watch.follow(write);
    const timer = reply.watch.timeoutMs === undefined ? undefined : setTimeout(() => end(), reply.watch.timeoutMs);
    const end = () => {
      unfollow();
      clearTimeout(timer);
      watches.delete(end);
      response.end();
    };
    watches.add(end);
    response.on('close', end);
  }

  function send(request: ApiRequest, response: ServerResponse, reply: Reply, serving: Serving): void {
    if (reply.kind === 'watch') {
      sendWatch(request, response, reply, serving);
      return;
    }
    const code = reply.kind === 'list' ? 200 : reply.code;
    let body: { contentType: string; bytes: string | Uint8Array };
    if (reply.kind === 'bytes') body = reply;
    else {
      for (const sentence of reply.warnings) response.appendHeader('warning', warningHeader(sentence));
      if (reply.kind === 'object') {
        const retry = (reply.object as Status).details?.retryAfterSeconds;
        if (retry) response.setHeader('retry-after', retry);
      }
      body = encodeReply(serving.cluster, reply, request.query);
    }
    response.setHeader('content-type', body.contentType);
    response.setHeader('cache-control', 'no-cache, private');
    response.setHeader('audit-id', '00000000-0000-0000-0000-000000000000');
    const compress = body.bytes.length >= GZIP_FROM && (request.headers['accept-encoding'] ?? '').includes('gzip');
    if (compress) response.setHeader('content-encoding', 'gzip');
    response.writeHead(code);
    response.end(request.method === 'HEAD' ? undefined : compress ? gzipSync(body.bytes) : body.bytes);
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'https://cluster');
    const request: ApiRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers as Record<string, string | undefined>,
      body: new Uint8Array(),
      user: ANONYMOUS,
    };
    let reply: Reply;
    const serving = options.serving();
    try {
      request.user = authenticate(incoming, options);
      request.body = await readAll(incoming, options.bodyMs ?? LIMITS.bodyMs);
      serving.driver.catchUp();
      reply = handle(serving.cluster, request);
    } catch (error) {
      if (!(error instanceof StatusError)) {
        // the client went away in the middle of its request: nobody is left to answer
        response.destroy();
        return;
      }
      // the rest of a body that was refused is not wanted: the answer goes out, and then the connection
      if (!incoming.complete) {
        response.setHeader('connection', 'close');
        incoming.socket.setTimeout(LINGER_MS, () => incoming.socket.destroy());
      }
      reply = statusReply(error);
    }
    send(request, response, reply, serving);
    if (request.method !== 'GET') serving.driver.react();
  }

  const server = createServer(
    {
      cert: credentials.certificate,
      key: credentials.key,
      ca: authority.certificate,
      requestCert: true,
      // who has no certificate is anonymous, which RBAC then deals with
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
    },
    (incoming, response) => void answer(incoming, response),
  );
  const endWatches = () => {
    for (const end of Array.from(watches)) end();
  };
  return {
    server,
    endWatches,
    close: () =>
      new Promise((resolve) => {
        endWatches();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
