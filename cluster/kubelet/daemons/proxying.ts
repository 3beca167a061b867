/** What the HTTP proxies of ingress controllers and gateways share: choosing an endpoint and passing a request on. */
import type { Secret, Service } from '../../api/types.ts';
import { targetsOf } from '../../network/service-route.ts';
import type { Reader } from '../../store/client.ts';
import type { Box } from '../shell/box.ts';
import type { HttpRequest, HttpResponse } from './http-server.ts';

export interface Upstream {
  address: string;
  port: number;
}

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** The ready endpoints of a Service's port: these proxies go past its own address. */
export function upstreamsOf(store: Reader, service: Service, port: ServicePort): Upstream[] {
  if (service.spec?.type === 'ExternalName') return [];
  return targetsOf(store, service, port.name)
    .filter(({ endpoint }) => endpoint.conditions?.ready !== false)
    .map(({ address, port: number }) => ({ address, port: number }));
}

export const drawn = <T>(choices: readonly T[], box: Box): T | undefined =>
  choices[Math.floor(box.random() * choices.length)];

/** PEM of a Secret of type kubernetes.io/tls; undefined: there is none. */
export function certificateOf(store: Reader, namespace: string, name: string): string | undefined {
  const secret = store.get<Secret>('secrets', namespace, name);
  const data = secret?.data?.['tls.crt'];
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString('latin1');
}

const OWN = /^(host|connection|content-length|x-forwarded-[a-z-]+|x-real-ip|x-request-id|x-scheme|keep-alive)$/i;

export interface Passed {
  method?: string;
  /** With the query. */
  path: string;
  host: string;
  /** Added to those of the request, or in their place. */
  set?: readonly (readonly [string, string])[];
  add?: readonly (readonly [string, string])[];
  remove?: readonly string[];
  https?: boolean;
}

export type PassedOn =
  | { kind: 'answer'; status: number; head: string; body: string }
  /** Nobody is there, or what is there does not speak HTTP. */
  | { kind: 'failed'; why: 'refused' | 'timeout' | 'reset' };

export function passOn(box: Box, request: HttpRequest, to: Upstream, passed: Passed): PassedOn {
  const dialled = box.network.dial(to.address, to.port);
  if (dialled.kind === 'refused' || dialled.kind === 'unreachable') return { kind: 'failed', why: 'refused' };
  if (dialled.kind === 'silent') return { kind: 'failed', why: 'timeout' };
  const peer = passed.https === true ? dialled.peer.secure?.(passed.host).peer : dialled.peer;
  if (peer === undefined) return { kind: 'failed', why: 'reset' };
  const removed = new Set(
    [...(passed.remove ?? []), ...(passed.set ?? []).map(([name]) => name)].map((one) => one.toLowerCase()),
  );
  const given = request.head
    .split('\r\n')
    .slice(1)
    .filter((line) => {
      const name = line.slice(0, line.indexOf(':'));
      return !OWN.test(name) && !removed.has(name.toLowerCase());
    });
  const added = [...(passed.set ?? []), ...(passed.add ?? [])].map(([name, value]) => `${name}: ${value}`);
  const lines = [
    `${passed.method ?? request.method} ${passed.path} HTTP/1.1`,
    `Host: ${passed.host}`,
    ...added,
    ...given,
    ...(request.body === '' ? [] : [`Content-Length: ${request.body.length}`]),
    'Connection: close',
  ];
  const said = peer.say(`${lines.join('\r\n')}\r\n\r\n${request.body}`);
  const end = said.indexOf('\r\n\r\n');
  const status = /^HTTP\/[\d.]+ (\d+)/.exec(said)?.[1];
  if (end === -1 || status === undefined) return { kind: 'failed', why: 'reset' };
  return { kind: 'answer', status: Number(status), head: said.slice(0, end), body: said.slice(end + 4) };
}

/** The answer of a backend as the proxy's own: without what was said about that connection. */
export function handedOn(
  { status, head, body }: Extract<PassedOn, { kind: 'answer' }>,
  { now, keep = true }: { now: number; keep?: boolean },
  change: (headers: [string, string][]) => [string, string][] = (headers) => headers,
): HttpResponse {
  const [line = '', ...rest] = head.split('\r\n');
  const headers = rest
    .map((one): [string, string] => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1).trim()])
    .filter(([name]) => !/^(connection|server|date|keep-alive|transfer-encoding)$/i.test(name));
  const lines = change([
    ['Date', new Date(now).toUTCString()],
    ...headers,
    ['Connection', keep ? 'keep-alive' : 'close'],
  ]).map(([name, value]) => `${name}: ${value}`);
  const plain = line.replace(/^HTTP\/[\d.]+/, 'HTTP/1.1');
  return { status, body, raw: `${plain}\r\n${lines.join('\r\n')}\r\n\r\n${body}` };
}
