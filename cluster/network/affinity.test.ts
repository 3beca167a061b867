import { expect, test } from '@jest/globals';
import { Affinity } from './affinity.ts';
import { connect } from './connect.ts';
import { TestNetwork } from './testing.ts';

const HTTP = { name: 'http', port: 80, protocol: 'TCP' };
const ready = { ready: true, serving: true, terminating: false };

test('a client stays with its endpoint until it has not come for the timeout', () => {
  const net = new TestNetwork();
  net.namespace('shop');
  let now = 0;
  const client = net.pod('shop/client', '10.244.1.3');
  const addresses = Array.from({ length: 8 }, (_, index) => `10.244.2.${10 + index}`);
  addresses.forEach((address, index) =>
    net.pod(`shop/web-${index}`, address, { node: 'node02', ports: [{ containerPort: 80 }] }),
  );
  net.service('shop/web', {
    clusterIP: '10.96.7.7',
    ports: [{ ...HTTP }],
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
  });
  net.endpoints(
    'shop/web',
    [HTTP],
    addresses.map((address) => ({ addresses: [address], conditions: ready })),
  );
  const affinity = new Affinity(() => now);
  let drawn = 0;
  const random = { next: () => (drawn++ % 8) / 8 };
  const go = () => {
    const outcome = connect(
      { pod: client },
      { address: '10.96.7.7', port: 80, protocol: 'TCP' },
      { ...net.context, random, affinity },
    );
    return outcome.kind === 'connected' && 'pod' in outcome ? outcome.pod.metadata.name : outcome.kind;
  };
  const first = go();
  const stays = Array.from({ length: 5 }, () => {
    now += 59_000;
    return go();
  });
  expect(new Set([first, ...stays]).size).toBe(1);
  const moves = Array.from({ length: 8 }, () => {
    now += 61_000;
    return go();
  });
  expect(new Set(moves).size).toBe(8);
});
