/** A cluster with the Gateway API's definitions, a class and Services in two namespaces, for tests. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { KubeObject, Service } from '../../api/types.ts';
import { Cluster } from '../../cluster.ts';
import {
  GATEWAY_CLASSES,
  GATEWAYS,
  GROUP,
  type Condition,
  type Gateway,
  type Listener,
} from '../../network/http/gateway-types.ts';
import { namespaceNamed } from '../testing.ts';

export const NGINX = 'gateway.nginx.org/nginx-gateway-controller';
const fixture = new URL('../../../test/conformance/fixtures/gateway-api.yaml', import.meta.url);
export const http: Listener = { name: 'http', port: 80, protocol: 'HTTP' };
export const v1 = (kind: string, name: string, namespace: string, spec: object): KubeObject =>
  ({ apiVersion: `${GROUP}/v1`, kind, metadata: { name, ...(namespace && { namespace }) }, spec }) as KubeObject;
const service = (name: string, namespace: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { ports: [{ port: 80, protocol: 'TCP' }] },
});

/** The API's definitions, a class and Services; each test forks it. */
export const base = Cluster.create({
  now: Date.UTC(2026, 4, 1, 10),
  bare: true,
  nodes: ['node01'],
  kubelet: 'stand-in',
});
{
  const client = base.client('admin');
  for (const document of parseAllDocuments(readFileSync(fixture, 'utf8')))
    client.create('customresourcedefinitions.apiextensions.k8s.io', document.toJS() as KubeObject);
  for (const name of ['shop', 'lab']) client.create('namespaces', namespaceNamed(name));
  base.settle();
  client.create(GATEWAY_CLASSES, v1('GatewayClass', 'nginx', '', { controllerName: NGINX }));
  client.create(GATEWAY_CLASSES, v1('GatewayClass', 'other', '', { controllerName: 'example.com/gateways' }));
  client.create('services', service('web', 'shop'));
  client.create('services', service('web', 'lab'));
  base.settle();
}

export const short = (conditions: readonly Condition[] | undefined): string[] | undefined =>
  conditions?.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`);

export function gated(listeners: Listener[], gatewayClassName = 'nginx', more: KubeObject[] = []) {
  const cluster = base.fork();
  const client = cluster.client('admin');
  for (const object of more) client.create('secrets', object);
  client.create(GATEWAYS, v1('Gateway', 'gate', 'shop', { gatewayClassName, listeners }));
  cluster.settle();
  const gateway = () => client.get<Gateway>(GATEWAYS, 'shop', 'gate')?.status;
  return { cluster, client, gateway };
}
