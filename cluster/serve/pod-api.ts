/** The API server as programs in containers reach it: HTTPS in name, a function call in truth. */
import { randomUUID } from 'node:crypto';
import type { UserInfo } from '../admission/plugin.ts';
import { internalError, StatusError, unauthorized } from '../api/status.ts';
import type { Cluster } from '../cluster.ts';
import { httpServer, type HttpRequest, type HttpResponse } from '../kubelet/daemons/http-server.ts';
import type { Server } from '../kubelet/shell/box.ts';
import { handle, type ApiRequest, type Reply } from './api.ts';
import { ANONYMOUS } from './authenticate.ts';
import { encodeReply, type Encoded } from './encode.ts';
import { statusReply } from './send.ts';
import { warningHeaders } from './warning-headers.ts';

export interface PodApiParts {
  cluster: Cluster;
  /** PEM of what the server shows. */
  certificate: string;
  tokenUser(token: string): UserInfo | undefined;
}

const PLAIN = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';
const BEARER = /^bearer +(\S+)$/i;

/** @throws StatusError 401 for a token that is no good */
function userOf(header: string | undefined, { tokenUser }: PodApiParts): UserInfo {
  const token = BEARER.exec(header?.trim() ?? '')?.[1];
  if (token === undefined) return ANONYMOUS;
  const user = tokenUser(token);
  if (user === undefined) throw unauthorized();
  return user;
}

function apiRequest({ method, path, headers, body }: HttpRequest): ApiRequest {
  const [bare = '/', query = ''] = path.split(/\?(.*)/s);
  return {
    method,
    path: bare,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers),
    body: Buffer.from(body, 'latin1'),
    user: ANONYMOUS,
  };
}

const REFUSED_STREAM: Encoded = {
  contentType: 'text/plain; charset=utf-8',
  bytes: 'unable to upgrade: connection lost\n',
};

function bytesOf(cluster: Cluster, request: ApiRequest, reply: Reply): Encoded & { code: number } {
  switch (reply.kind) {
    case 'bytes':
      return reply;
    case 'object':
      return { ...encodeReply(cluster, reply, request.query), code: reply.code };
    case 'list':
      return { ...encodeReply(cluster, reply, request.query), code: 200 };
    // nobody in a container reads what goes on and on
    case 'watch':
      return { contentType: 'application/json', bytes: '', code: 200 };
    default:
      return { ...REFUSED_STREAM, code: 400 };
  }
}

function respond(request: HttpRequest, parts: PodApiParts): HttpResponse {
  const { cluster } = parts;
  const asked = apiRequest(request);
  let reply: Reply;
  try {
    asked.user = userOf(request.headers.get('authorization'), parts);
    reply = handle(cluster, asked);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    reply = statusReply(error, asked);
  }
  let encoded: Encoded & { code: number };
  try {
    encoded = bytesOf(cluster, asked, reply);
  } catch (fault) {
    const error =
      fault instanceof StatusError ? fault : internalError(fault instanceof Error ? fault.message : String(fault));
    encoded = bytesOf(cluster, asked, statusReply(error, asked));
  }
  const { code, contentType, bytes } = encoded;
  const warnings = 'warnings' in reply ? warningHeaders(reply.warnings) : [];
  return {
    status: code,
    headers: {
      'Audit-Id': randomUUID(),
      'Cache-Control': 'no-cache, private',
      'Content-Type': contentType,
      ...(warnings.length > 0 ? { Warning: warnings.join(', ') } : {}),
    },
    body: Buffer.from(bytes).toString('latin1'),
  };
}

export function podApi(parts: PodApiParts): Server {
  const server = httpServer({
    name: '',
    style: 'go',
    now: () => parts.cluster.now,
    respond: (request) => respond(request, parts),
  });
  return (from) => {
    const peer = {
      closed: false,
      say: (bytes: string) => {
        if (bytes === '') return '';
        peer.closed = true;
        return PLAIN;
      },
      secure: () => ({ certificate: parts.certificate, peer: server(from) }),
    };
    return peer;
  };
}
