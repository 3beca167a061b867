/** Asking a container's web server, as Go's client does it for probes and hooks. */
import type { Container } from '../../api/types.ts';
import type { Dialled } from '../shell/box.ts';
import { fails, PASSES, portOf, type Finding } from './finding.ts';

export type HttpGet = NonNullable<NonNullable<Container['readinessProbe']>['httpGet']>;
type Dial = (address: string, port: number) => Dialled;

/** Kubernetes 1.35. */
const AGENT = '1.35';
const MAX_REDIRECTS = 10;
/** Ports on which servers in the catalogue speak TLS. */
const TLS_PORTS = new Set([443, 2379, 2380, 6443, 8443, 9443, 10250, 10257, 10259]);
/** Bytes of a body that is told. */
const LONGEST_BODY = 10 * 1024;

export type Answer = { status: number; body: string; location: string | undefined } | { problem: string; ms: number };

/** `http://10.244.0.5:80/healthz?full`; a text is what is wrong with the port. */
export function urlOf(asked: HttpGet, container: Container, podIP: string): { url: string } | { problem: string } {
  const port = portOf(asked.port, container);
  if (typeof port === 'string') return { problem: port };
  const path = asked.path ?? '/';
  const host = asked.host || podIP;
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${(asked.scheme ?? 'HTTP').toLowerCase()}://${shown}:${port}${path.startsWith('/') ? path : `/${path}`}`,
  };
}

const parts = (url: string): { scheme: string; host: string; port: number; path: string } => {
  const [, scheme = 'http', host = '', port, path = '/'] =
    /^(https?):\/\/([^/:?]+)(?::(\d+))?([/?].*)?$/.exec(url) ?? [];
  return { scheme, host, port: Number(port ?? (scheme === 'https' ? 443 : 80)), path };
};

/** One request and its answer. Problems in the client's words, after `Get "...": `. */
function askOnce(url: string, headers: HttpGet['httpHeaders'], agent: string, limitMs: number, dial: Dial): Answer {
  const { scheme, host, port, path } = parts(url);
  const timeout = {
    problem: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ms: limitMs,
  };
  const dialled = dial(host, port);
  if (dialled.kind === 'silent') return timeout;
  if (dialled.kind !== 'open') {
    const why = dialled.kind === 'refused' ? 'connection refused' : 'no route to host';
    return {
      problem: `dial tcp ${host}:${port}: connect: ${why}`,
      ms: dialled.kind === 'refused' ? 0 : Math.min(limitMs, 3000),
    };
  }
  const given = new Map((headers ?? []).map(({ name, value }) => [name.toLowerCase(), { name, value: value ?? '' }]));
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${given.get('host')?.value ?? `${host}:${port}`}`,
    `User-Agent: ${given.get('user-agent')?.value ?? `kube-${agent}/${AGENT}`}`,
    ...(given.get('accept')?.value === '' ? [] : [`Accept: ${given.get('accept')?.value ?? '*/*'}`]),
    ...[...given.entries()]
      .filter(([key]) => !['host', 'user-agent', 'accept'].includes(key))
      .map(([, { name, value }]) => `${name}: ${value}`),
    'Connection: close',
  ];
  const { peer } = dialled;
  const text = peer.say(`${lines.join('\r\n')}\r\n\r\n`);
  const speaksTls = TLS_PORTS.has(port);
  if (text === '') return peer.closed ? { problem: 'EOF', ms: 0 } : speaksTls ? OPENED : timeout;
  const [first = ''] = text.split(/\r?\n/);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1];
  if (scheme === 'https' && !speaksTls) {
    const http = status !== undefined || first.startsWith('HTTP/');
    return {
      problem: http
        ? 'http: server gave HTTP response to HTTPS client'
        : 'tls: first record does not look like a TLS handshake',
      ms: 0,
    };
  }
  if (status === undefined) {
    const what = `malformed HTTP ${first.startsWith('HTTP/') ? 'version' : 'response'} ${JSON.stringify(first)}`;
    return { problem: `net/http: HTTP/1.x transport connection broken: ${what}`, ms: 0 };
  }
  const end = text.indexOf('\r\n\r\n');
  const head = end === -1 ? text : text.slice(0, end);
  const body = end === -1 ? '' : text.slice(end + 4, end + 4 + LONGEST_BODY);
  return { status: Number(status), body, location: /^location: *(.*)$/im.exec(head)?.[1]?.trim() };
}
/** A server of which no more is known than that it listens. */
const OPENED: Answer = { status: 200, body: '', location: undefined };

export interface Request {
  url: string;
  headers: HttpGet['httpHeaders'];
  /** `probe` or `lifecycle`. */
  agent: string;
  /** Milliseconds. */
  limitMs: number;
  dial: Dial;
}

/** Follows redirects on the same host. A problem is a whole sentence. */
export function get({ url, headers, agent, limitMs, dial }: Request): Answer {
  let current = url;
  for (let redirects = 0; ; redirects++) {
    const answer = askOnce(current, headers, agent, limitMs, dial);
    if ('problem' in answer) return { ...answer, problem: `Get "${current}": ${answer.problem}` };
    const { status, location } = answer;
    const redirect = [301, 302, 303, 307, 308].includes(status) && location !== undefined;
    if (!redirect || !URL.canParse(location, current)) return answer;
    const next = new URL(location, current);
    if (next.hostname !== parts(url).host) return answer;
    current = next.href;
    if (redirects + 1 >= MAX_REDIRECTS) return { problem: `Get "${current}": stopped after 10 redirects`, ms: 0 };
  }
}

export function probeHttp(request: Request): Finding {
  const answer = get(request);
  if ('problem' in answer) return fails(answer.problem, answer.ms);
  const { status, body } = answer;
  if (status >= 400 || status < 200) return fails(`HTTP probe failed with statuscode: ${status}`);
  if (status < 300) return PASSES;
  return { kind: 'warns', ms: 0, message: `Probe terminated redirects, Response body: ${body}` };
}
