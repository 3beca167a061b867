import { expect, test } from '@jest/globals';
import type { Deployment, Secret, Service } from '../../api/types.ts';
import { GATEWAY_CLASSES, type GatewayClass, type Listener } from '../../network/http/gateway-types.ts';
import { base, gated, http, short } from './testing.ts';

test('a class is accepted by the controller that it names, if that is one we know', () => {
  const told = (name: string) => short(base.store.get<GatewayClass>(GATEWAY_CLASSES, '', name)?.status?.conditions);
  expect(told('nginx')).toEqual([
    'Accepted True Accepted: The GatewayClass is accepted',
    'SupportedVersion True SupportedVersion: The Gateway API CRD versions are supported',
  ]);
  expect(told('other')).toBeUndefined();
});

test('a Gateway gets a proxy, its address and conditions', () => {
  const { client, gateway } = gated([http]);
  const front = client.get<Service>('services', 'shop', 'gate-nginx');
  expect(front?.spec?.type).toBe('LoadBalancer');
  expect(front?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Gateway', name: 'gate', controller: true });
  expect(client.get<Deployment>('deployments.apps', 'shop', 'gate-nginx')?.spec?.replicas).toBe(1);
  expect(gateway()?.addresses).toEqual([{ type: 'IPAddress', value: front?.spec?.clusterIP }]);
  expect(short(gateway()?.conditions)).toEqual([
    'Accepted True Accepted: The Gateway is accepted',
    'Programmed True Programmed: The Gateway is programmed',
  ]);
  expect(gateway()?.listeners?.map(({ name, attachedRoutes }) => [name, attachedRoutes])).toEqual([['http', 0]]);
});

test.each(['other', 'nobodys'])('a Gateway of class %s is left alone', (name) => {
  const { client, gateway } = gated([http], name);
  expect(gateway()).toBeUndefined();
  expect(client.list('deployments.apps', 'shop')).toEqual([]);
});

const https = (name: string, namespace?: string): Listener => ({
  name: 'https',
  port: 443,
  protocol: 'HTTPS',
  tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name, ...(namespace && { namespace }) }] },
});
const opaque: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'plain', namespace: 'shop' },
  type: 'Opaque',
};
const NONE = 'Accepted False ListenersNotValid: The Gateway has no valid listeners';

test.each<[string, Listener[], string, string]>([
  [
    'a certificate that is missing',
    [https('cert')],
    NONE,
    'InvalidCertificateRef: tls.certificateRefs[0]: Invalid value: {"namespace":"shop","name":"cert"}: secret does not exist',
  ],
  [
    'a Secret of another type',
    [https('plain')],
    NONE,
    'InvalidCertificateRef: tls.certificateRefs[0]: Invalid value: {"namespace":"shop","name":"plain"}: unsupported secret type "Opaque"',
  ],
  [
    'a certificate of another namespace',
    [https('cert', 'lab')],
    NONE,
    'RefNotPermitted: Certificate ref to secret lab/cert not permitted by any ReferenceGrant',
  ],
  [
    'a protocol it does not speak',
    [{ name: 'udp', port: 53, protocol: 'UDP' }],
    NONE,
    'UnsupportedProtocol: protocol: Unsupported value: "UDP": supported values: "HTTP", "HTTPS", "TLS"',
  ],
  [
    'one bad listener of two',
    [https('cert'), http],
    'Accepted True ListenersNotValid: The Gateway has at least one valid listener',
    'InvalidCertificateRef: tls.certificateRefs[0]: Invalid value: {"namespace":"shop","name":"cert"}: secret does not exist',
  ],
])('a Gateway with %s', (_name, listeners, gatewayTold, listenerTold) => {
  const { gateway } = gated(listeners, 'nginx', [opaque]);
  expect(short(gateway()?.conditions)?.[0]).toBe(gatewayTold);
  expect(short(gateway()?.listeners?.[0]?.conditions)?.[0]).toBe(`Accepted False ${listenerTold}`);
});
