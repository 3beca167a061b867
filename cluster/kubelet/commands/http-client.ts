/** One HTTP request over the simulated network, as curl and wget make it. */
import type { Box } from '../shell/box.ts';

export interface Url {
  scheme: string;
  host: string;
  port: number;
  path: string;
}
export function parseUrl(text: string): Url | undefined {
  const match = /^(?:(https?):\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?([/?#].*)?$/.exec(text);
  if (match === null) return undefined;
  const scheme = match[1] ?? 'http';
  const path = (match[4] ?? '/').replace(/#.*$/, '');
  return {
    scheme,
    host: match[2] ?? '',
    port: Number(match[3] ?? (scheme === 'https' ? 443 : 80)),
    path: path.startsWith('/') ? path : `/${path}`,
  };
}

export interface Answer {
  status: number;
  reason: string;
  /** The head as it came. */
  head: string;
  headers: ReadonlyMap<string, string>;
  body: string;
  address: string;
}
export type Outcome =
  | { kind: 'answer'; answer: Answer }
  | { kind: 'refused' }
  | { kind: 'silent' }
  | { kind: 'unreachable' }
  /** It talks, and not HTTP. */
  | { kind: 'no http'; said: string };

export interface Asked {
  method: string;
  headers: readonly string[];
  body: string;
  agent: string;
}

/** `address`: what the host's name stands for. */
export function ask(box: Box, url: Url, address: string, { method, headers, body, agent }: Asked): Outcome {
  const dialled = box.network.dial(address, url.port);
  if (dialled.kind !== 'open') return dialled;
  const host = url.port === (url.scheme === 'https' ? 443 : 80) ? url.host : `${url.host}:${url.port}`;
  const lines = [
    `${method} ${url.path} HTTP/1.1`,
    `Host: ${host}`,
    `User-Agent: ${agent}`,
    'Accept: */*',
    ...headers,
    'Connection: close',
  ];
  if (body !== '') lines.push(`Content-Length: ${body.length}`);
  const said = dialled.peer.say(`${lines.join('\r\n')}\r\n\r\n${body}`);
  const end = said.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d+) ?([^\r\n]*)/.exec(said);
  if (end === -1 || status === null) return { kind: 'no http', said };
  const head = said.slice(0, end + 4);
  const parsed = new Map(
    head
      .split('\r\n')
      .slice(1)
      .flatMap((line): [string, string][] => {
        const colon = line.indexOf(':');
        return colon === -1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
      }),
  );
  return {
    kind: 'answer',
    answer: {
      status: Number(status[1]),
      reason: status[2] ?? '',
      head,
      headers: parsed,
      body: said.slice(end + 4),
      address,
    },
  };
}
