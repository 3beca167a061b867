/** What listens on a node itself: the kubelet, kube-proxy, and what load balancers ask before they send anything there. */
import type { Node, Service } from '../../api/types.ts';
import { proxyRuns } from '../../network/proxy.ts';
import { targetsOf } from '../../network/service-route.ts';
import type { Reader } from '../../store/client.ts';
import type { Server, TcpPeer } from '../shell/box.ts';

const KUBELET = 10_250;
const PROXY_HEALTH = 10_256;

const answer =
  (status: string, contentType: string, body: string): Server =>
  (): TcpPeer => {
    const peer = {
      closed: false,
      say: () => {
        peer.closed = true;
        return `HTTP/1.1 ${status}\r\nContent-Type: ${contentType}\r\nX-Content-Type-Options: nosniff\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
      },
    };
    return peer;
  };

/** TLS without a certificate that anybody knows; nobody gets in. */
const kubelet: Server = () => ({
  closed: false,
  say: () => 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n',
  secure: () => ({
    certificate: '',
    peer: answer('401 Unauthorized', 'text/plain; charset=utf-8', 'Unauthorized')(''),
  }),
});

/** How many endpoints of the Service this node has: with none, a load balancer leaves it out. */
function health(store: Reader, service: Service, nodeName: string): Server {
  const { name, namespace } = service.metadata;
  const local = new Set(
    (service.spec?.ports ?? []).flatMap(({ name: port }) =>
      targetsOf(store, service, port)
        .filter(({ endpoint }) => endpoint.nodeName === nodeName && endpoint.conditions?.ready !== false)
        .map(({ address }) => address),
    ),
  ).size;
  const body = `{\n\t"service": {\n\t\t"namespace": "${namespace}",\n\t\t"name": "${name}"\n\t},\n\t"localEndpoints": ${local},\n\t"serviceProxyHealthy": true\n}`;
  return answer(local > 0 ? '200 OK' : '503 Service Unavailable', 'application/json', body);
}

export function nodeServer(store: Reader, node: Node, port: number): Server | undefined {
  const { name } = node.metadata;
  if (port === KUBELET) return kubelet;
  if (port === PROXY_HEALTH && proxyRuns(store, name)) {
    return answer('200 OK', 'application/json', `{"lastUpdated": "","currentTime": "", "nodeEligible": true}`);
  }
  if (!proxyRuns(store, name)) return undefined;
  const service = store
    .list<Service>('services')
    .find(({ spec }) => spec?.healthCheckNodePort === port && spec.externalTrafficPolicy === 'Local');
  return service ? health(store, service, name) : undefined;
}
