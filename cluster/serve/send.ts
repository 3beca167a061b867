/** A reply on the wire: headers, encoding, compression. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { StatusError, type Status } from '../api/status.ts';
import type { Cluster } from '../cluster.ts';
import type { ApiRequest, Reply } from './api.ts';
import { encodeReply, include, type Encoded } from './encode.ts';
import { refusalWantedBy } from './negotiate.ts';
import { warningHeaders } from './warning-headers.ts';
import type { WatchStreams } from './watch-stream.ts';

/** Bytes: smaller answers are not worth compressing. The real server's threshold. */
const GZIP_FROM = 128 * 1024;
/** Fast rather than small, as the real server. */
const GZIP_LEVEL = 1;
/** Bytes up to which Go's server knows an answer's length before it starts to send. */
const COUNTED = 2048;

export const statusReply = (
  { status, code }: StatusError,
  request: ApiRequest,
): Extract<Reply, { kind: 'object' }> => ({
  kind: 'object',
  code,
  object: status,
  wanted: refusalWantedBy(request),
  warnings: [],
});

/** What the server says when it has enough to do already: text, with when to come back. */
export function sendTooMany(response: ServerResponse): void {
  response.writeHead(429, {
    'cache-control': 'no-cache, private',
    'content-type': 'text/plain; charset=utf-8',
    'retry-after': '1',
    'x-content-type-options': 'nosniff',
  });
  response.end('Too many requests, please try again later.\n');
}

type Whole = Extract<Reply, { kind: 'object' | 'list' }>;

/** A form that the answer turns out not to have is a refusal of its own. */
function encoded(cluster: Cluster, reply: Whole, request: ApiRequest): Encoded & { code: number; told: Whole } {
  try {
    const code = reply.kind === 'list' ? 200 : reply.code;
    return { ...encodeReply(cluster, reply, request.query), code, told: reply };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const refusal = statusReply(error, request);
    return { ...encodeReply(cluster, refusal, request.query), code: error.code, told: refusal };
  }
}

const acceptsGzip = (header: string | undefined): boolean =>
  (header ?? '').split(',').some((token) => token.trim() === 'gzip');

export function sendReply(
  response: ServerResponse,
  request: ApiRequest,
  reply: Exclude<Reply, { kind: 'stream' }>,
  cluster: Cluster,
  streams: WatchStreams,
): void {
  response.setHeader('audit-id', randomUUID());
  response.setHeader('cache-control', 'no-cache, private');
  if (reply.kind === 'watch') {
    if (streams.full) {
      sendTooMany(response);
      return;
    }
    try {
      if (reply.wanted.as === 'Table') include(request.query);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      sendReply(response, request, statusReply(error, request), cluster, streams);
      return;
    }
    for (const header of warningHeaders(reply.warnings)) response.appendHeader('warning', header);
    streams.open(response, cluster, reply);
    return;
  }
  let code: number;
  let body: Encoded;
  if (reply.kind === 'bytes') {
    ({ code } = reply);
    body = reply;
    for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  } else {
    for (const header of warningHeaders(reply.warnings)) response.appendHeader('warning', header);
    const { told, ...rest } = encoded(cluster, reply, request);
    ({ code } = rest);
    body = rest;
    const retry = told.kind === 'object' ? (told.object as Status).details?.retryAfterSeconds : undefined;
    if (retry) response.setHeader('retry-after', retry);
  }
  if (body.contentType !== '') response.setHeader('content-type', body.contentType);
  let bytes = typeof body.bytes === 'string' ? Buffer.from(body.bytes) : body.bytes;
  if (bytes.length > GZIP_FROM && acceptsGzip(request.headers['accept-encoding'])) {
    bytes = gzipSync(bytes, { level: GZIP_LEVEL });
    response.setHeader('content-encoding', 'gzip');
    response.setHeader('vary', 'Accept-Encoding');
  } else if (bytes.length <= COUNTED || response.hasHeader('accept-ranges'))
    response.setHeader('content-length', bytes.length);
  response.writeHead(code);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
