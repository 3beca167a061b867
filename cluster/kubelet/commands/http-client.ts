/** HTTP requests over the simulated network, as curl and wget make them. */
import type { Box, TcpPeer } from '../shell/box.ts';
import { certificateProblem, type Trust } from './tls-client.ts';

export interface Url {
  scheme: string;
  host: string;
  port: number;
  /** With the query. */
  path: string;
  user?: string;
}
const PORTS: Record<string, number> = { http: 80, https: 443, ftp: 21, telnet: 23, ws: 80, wss: 443 };

export function parseUrl(text: string): Url | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^@/]*)@)?(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?([/?#].*)?$/i.exec(text);
  if (match === null) return undefined;
  const scheme = (match[1] ?? 'http').toLowerCase();
  const path = (match[5] ?? '/').replace(/#.*$/, '');
  const port = Number(match[4] ?? PORTS[scheme] ?? 80);
  if (port > 65_535) return undefined;
  return {
    scheme,
    host: match[3] ?? '',
    port,
    path: path.startsWith('/') ? path : `/${path}`,
    ...(match[2] === undefined ? {} : { user: decodeURIComponent(match[2]) }),
  };
}

/** What a redirect leads to. */
export function resolveUrl(from: Url, location: string): Url | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return parseUrl(location);
  if (location.startsWith('//')) return parseUrl(`${from.scheme}:${location}`);
  const folder = from.path.replace(/\?.*$/, '').replace(/[^/]*$/, '');
  return { ...from, path: location.startsWith('/') ? location : `${folder}${location}` };
}

export interface Answer {
  status: number;
  reason: string;
  /** The head as it came. */
  head: string;
  headers: ReadonlyMap<string, string>;
  body: string;
  address: string;
  /** PEM, when it came over TLS. */
  certificate?: string;
}
export type Outcome =
  | { kind: 'answer'; answer: Answer; request: string }
  | { kind: 'refused' }
  | { kind: 'silent' }
  | { kind: 'unreachable' }
  /** Connected, and then nothing is ever said. */
  | { kind: 'hangs' }
  /** It talks, and not HTTP. */
  | { kind: 'no http'; said: string }
  /** It speaks no TLS. */
  | { kind: 'no tls' }
  | { kind: 'distrusted'; problem: string; certificate: string };

export interface Asked {
  method: string;
  /** Without the Host, which is made of the URL where none is given. */
  headers: readonly string[];
  body: string;
  /** The Content-Type, where none of the headers says it. */
  type?: string;
  agent: string;
  /** Where TLS is spoken: whom the client believes. Absent: everybody. */
  trust?: Trust;
}

const hasHeader = (headers: readonly string[], name: string): boolean =>
  headers.some((line) => line.toLowerCase().startsWith(`${name}:`));

/** The request as it goes out. */
export function requestText(url: Url, { method, headers, body, agent, type }: Asked): string {
  const host = url.port === PORTS[url.scheme] ? url.host : `${url.host}:${url.port}`;
  const own = (name: string, value: string) => (hasHeader(headers, name.toLowerCase()) ? [] : [`${name}: ${value}`]);
  const given = headers.filter((line) => !/^[^:]+:\s*$/.test(line));
  const isHost = (line: string) => /^host:/i.test(line);
  const auth = (line: string) => /^authorization:/i.test(line);
  return `${[
    `${method} ${url.path} HTTP/1.1`,
    ...(hasHeader(headers, 'host') ? given.filter(isHost) : [`Host: ${host}`]),
    ...given.filter(auth),
    ...own('User-Agent', agent),
    ...own('Accept', '*/*'),
    ...given.filter((line) => !isHost(line) && !auth(line)),
    ...(body === '' ? [] : own('Content-Length', String(body.length))),
    ...(type === undefined ? [] : own('Content-Type', type)),
  ].join('\r\n')}\r\n\r\n`;
}

/** A body in pieces, put together. */
function dechunked(text: string): string {
  let out = '';
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, Math.max(end, 0)), 16);
    if (end === -1 || !(size > 0)) return out;
    out += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 4 + size);
  }
}

function parsed(said: string, address: string): Answer | undefined {
  const end = said.indexOf('\r\n\r\n');
  const status = /^HTTP\/[\d.]+ (\d+) ?([^\r\n]*)/.exec(said);
  if (end === -1 || status === null) return undefined;
  const head = said.slice(0, end + 4);
  const headers = new Map(
    head
      .split('\r\n')
      .slice(1)
      .flatMap((line): [string, string][] => {
        const colon = line.indexOf(':');
        return colon === -1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
      }),
  );
  const body = said.slice(end + 4);
  return {
    status: Number(status[1]),
    reason: status[2] ?? '',
    head,
    headers,
    body: headers.get('transfer-encoding') === 'chunked' ? dechunked(body) : body,
    address,
  };
}

/** `address`: what the host's name stands for. */
export function ask(box: Box, url: Url, address: string, asked: Asked): Outcome {
  const dialled = box.network.dial(address, url.port);
  if (dialled.kind !== 'open') return dialled;
  let peer: TcpPeer = dialled.peer;
  let certificate: string | undefined;
  if (url.scheme === 'https') {
    const host = url.host.replace(/^\[(.*)\]$/, '$1');
    const secured = peer.secure?.(host);
    if (secured === undefined) return { kind: 'no tls' };
    ({ certificate, peer } = secured);
    const problem = asked.trust && certificateProblem(certificate, host, asked.trust, box.now());
    if (problem !== undefined) return { kind: 'distrusted', problem, certificate };
  }
  const request = requestText(url, asked);
  const said = peer.say(`${request}${asked.body}`);
  const answer = parsed(said, address);
  if (answer)
    return { kind: 'answer', answer: certificate === undefined ? answer : { ...answer, certificate }, request };
  return said === '' && !peer.closed ? { kind: 'hangs' } : { kind: 'no http', said };
}
