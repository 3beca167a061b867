/** What answers on a container's ports: HTTP by hand, and a few words of other protocols. Text is byte strings. */
import type { Server, TcpPeer } from '../shell/box.ts';

export interface HttpRequest {
  method: string;
  path: string;
  headers: ReadonlyMap<string, string>;
  head: string;
  body: string;
  from: string;
}
export interface HttpResponse {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
}

const REASONS: Record<number, string> = {
  200: 'OK',
  301: 'Moved Permanently',
  304: 'Not Modified',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};
/** Bytes of a request that are kept until it is whole. */
const LARGEST = 1024 * 1024;

/** Serves HTTP/1.1 on every connection. */
export const httpServer =
  (name: string, respond: (request: HttpRequest) => HttpResponse, now: () => number): Server =>
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
          const [method = '', path = '/', version] = line.split(' ');
          const request = { method, path, headers, head, body: held.slice(end + 4, end + 4 + length), from };
          held = held.slice(end + 4 + length);
          const {
            status,
            headers: own = {},
            body,
          } = version === undefined ? { status: 400, body: 'Bad Request\n' } : respond(request);
          const keep = version === 'HTTP/1.1' && headers.get('connection')?.toLowerCase() !== 'close' && status !== 400;
          const lines = [
            `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`,
            ...(name === '' ? [] : [`Server: ${name}`]),
            `Date: ${new Date(now()).toUTCString()}`,
            ...Object.entries({ 'Content-Type': 'text/html', 'Content-Length': String(body.length), ...own }).map(
              ([key, value]) => `${key}: ${value}`,
            ),
            `Connection: ${keep ? 'keep-alive' : 'close'}`,
          ];
          out += `${lines.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}`;
          if (!keep) {
            peer.closed = true;
            return out;
          }
        }
      },
    };
    return peer;
  };

/** Redis, as far as a ping goes. */
export const redisServer: Server = () => ({
  closed: false,
  say: (bytes) => (/ping/i.test(bytes) ? '+PONG\r\n' : bytes.trim() === '' ? '' : '+OK\r\n'),
});
/** Takes connections and says nothing. */
export const mute: Server = () => ({ closed: false, say: () => '' });
