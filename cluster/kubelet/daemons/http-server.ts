/** What answers HTTP on a container's port. Text is byte strings. */
import type { Context, Server, TcpPeer } from '../shell/box.ts';

export interface HttpRequest {
  method: string;
  /** With its query. */
  path: string;
  version: string;
  /** By lower-case name. */
  headers: ReadonlyMap<string, string>;
  head: string;
  body: string;
  /** Address of the client. */
  from: string;
}
export interface HttpResponse {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
  /** Sent instead of all that: a proxy hands on what it was given. */
  raw?: string;
}

export const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  408: 'Request Time-out',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  418: "I'm a teapot",
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};
/** Go's own words, where they differ from nginx's. */
const GO_REASONS: Readonly<Record<number, string>> = {
  302: 'Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Bytes of a request that are kept until it is whole. */
const LARGEST = 1024 * 1024;

export interface HttpServing {
  /** As its Server header says; '' for none. */
  name?: string;
  /** Go's servers put their headers in another order and have other words. */
  style?: 'nginx' | 'apache' | 'go';
  now(): number;
  respond(request: HttpRequest): HttpResponse;
}

function answered(
  { name = '', style = 'nginx', now }: HttpServing,
  { status, headers: own = {}, body }: HttpResponse,
  request: { method: string; keep: boolean },
): string {
  const date = `Date: ${new Date(now()).toUTCString()}`;
  const reason = (style === 'nginx' ? undefined : GO_REASONS[status]) ?? REASONS[status] ?? '';
  const bodiless = status === 204 || status === 304;
  const given = new Map(Object.entries(own));
  const type = given.get('Content-Type');
  given.delete('Content-Type');
  const typeLine = type === '' ? [] : [`Content-Type: ${type ?? 'text/html'}`];
  const length = bodiless ? [] : [`Content-Length: ${body.length}`];
  const rest = [...given].map(([key, value]) => `${key}: ${value}`);
  const server = name === '' ? [] : [`Server: ${name}`];
  const connection = `Connection: ${request.keep ? 'keep-alive' : 'close'}`;
  const lines =
    style === 'go'
      ? [...rest, date, ...length, ...(bodiless ? [] : typeLine), ...(request.keep ? [] : [connection])]
      : style === 'apache'
        ? [date, ...server, ...rest, ...length, ...(request.keep ? [] : [connection]), ...typeLine]
        : [...server, date, ...(bodiless ? [] : typeLine), ...length, connection, ...rest];
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join('\r\n')}\r\n\r\n${request.method === 'HEAD' || bodiless ? '' : body}`;
}

/** Serves HTTP/1.1 on every connection. */
export const httpServer =
  (serving: HttpServing): Server =>
  (from): TcpPeer => {
    let held = '';
    const peer = {
      closed: false,
      say(bytes: string): string {
        held += bytes;
        let out = '';
        for (;;) {
          const end = held.indexOf('\r\n\r\n');
          if (end === -1) {
            if (held.length > LARGEST) peer.closed = true;
            return out;
          }
          const head = held.slice(0, end);
          const [line = '', ...rest] = head.split('\r\n');
          const headers = new Map(
            rest.map((one): [string, string] => [
              one.slice(0, one.indexOf(':')).toLowerCase(),
              one.slice(one.indexOf(':') + 1).trim(),
            ]),
          );
          const length = Number(headers.get('content-length') ?? 0);
          if (held.length < end + 4 + length && length < LARGEST) return out;
          const [method = '', path = '/', version = ''] = line.split(' ');
          const request = { method, path, version, headers, head, body: held.slice(end + 4, end + 4 + length), from };
          held = held.slice(end + 4 + length);
          const response: HttpResponse = /^HTTP\/1\.[01]$/.test(version)
            ? serving.respond(request)
            : { status: 400, body: 'Bad Request\n' };
          const keep =
            version === 'HTTP/1.1' && headers.get('connection')?.toLowerCase() !== 'close' && response.status !== 400;
          out += response.raw ?? answered(serving, response, { method, keep });
          if (!keep) {
            peer.closed = true;
            return out;
          }
        }
      },
    };
    return peer;
  };

/** Takes connections and says nothing. */
export const mute: Server = () => ({ closed: false, say: () => '' });

/** Opens a port that answers HTTP in the words of Go's standard library. */
export function serveGo(
  { box }: Pick<Context, 'box'>,
  port: number,
  respond: (request: HttpRequest) => HttpResponse,
): void {
  box.listen(port, httpServer({ style: 'go', now: () => box.now(), respond }));
}
export const plain = (body: string, status = 200): HttpResponse => ({
  status,
  body,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
});
export const json = (value: unknown, status = 200, indent = 2): HttpResponse => ({
  status,
  body: `${JSON.stringify(value, undefined, indent)}\n`,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
});
export const goNotFound: HttpResponse = {
  status: 404,
  body: '404 page not found\n',
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
};
