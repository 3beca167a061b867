/** Passes a request on to what listens in a pod, or to what a kubelet serves, and its answer back. */
import type { Pod } from '../../api/types.ts';
import type { Cluster } from '../../cluster.ts';
import type { ApiRequest, Reply } from '../api.ts';
import { unavailable, type ProxyRequest } from './proxy-target.ts';

/** Headers of the connection itself, and who asks, stay on this side. */
const OWN = new Set([
  'authorization',
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
  'date',
]);

/** @throws StatusError */
export function proxied(cluster: Cluster, request: ApiRequest, to: ProxyRequest): Extract<Reply, { kind: 'bytes' }> {
  if (to.redirect !== undefined)
    return { kind: 'bytes', code: 301, contentType: '', bytes: '', headers: { location: to.redirect } };
  if (to.node !== undefined) return kubelet(cluster, to);
  const where = `${to.address}:${to.port}`;
  const peer = to.uid === undefined ? undefined : cluster.runtime.dial(to.uid, to.port, '10.244.0.1');
  if (peer === undefined)
    throw unavailable(`error trying to reach service: dial tcp ${where}: connect: connection refused`);
  if (to.scheme === 'https')
    throw unavailable('error trying to reach service: tls: first record does not look like a TLS handshake');
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    OWN.has(name) || value === undefined ? [] : [`${name}: ${value}`],
  );
  const body = Buffer.from(request.body).toString('latin1');
  const lines = [
    `${request.method} ${to.path} HTTP/1.1`,
    `Host: ${request.headers['host'] ?? where}`,
    ...headers,
    'X-Forwarded-For: 127.0.0.1',
    `X-Forwarded-Uri: ${request.path}`,
    'Connection: close',
  ];
  if (body !== '') lines.push(`Content-Length: ${body.length}`);
  const said = peer.say(`${lines.join('\r\n')}\r\n\r\n${body}`);
  const end = said.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d+)/.exec(said)?.[1];
  if (end === -1 || status === undefined) throw unavailable('error trying to reach service: EOF');
  const answered: Record<string, string> = {};
  for (const line of said.slice(0, end).split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (!OWN.has(name)) answered[name] = line.slice(colon + 1).trim();
  }
  const { 'content-type': contentType = '', ...rest } = answered;
  return {
    kind: 'bytes',
    code: Number(status),
    contentType,
    bytes: Buffer.from(said.slice(end + 4), 'latin1'),
    headers: rest,
  };
}

/** What a kubelet answers to the API server. */
function kubelet(cluster: Cluster, { node = '', path }: ProxyRequest): Extract<Reply, { kind: 'bytes' }> {
  const text = (code: number, bytes: string, contentType = 'text/plain; charset=utf-8') => ({
    kind: 'bytes' as const,
    code,
    contentType,
    bytes,
  });
  const [plain = ''] = path.split('?');
  const pods = () => cluster.store.list<Pod>('pods').filter((pod) => pod.spec?.nodeName === node);
  if (plain === '/healthz' || plain === '/healthz/ping') return text(200, 'ok');
  if (plain === '/pods' || plain === '/pods/' || plain === '/runningpods/') {
    return text(
      200,
      `${JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods() })}\n`,
      'application/json',
    );
  }
  return text(404, '404 page not found\n');
}
