import { expect, test } from '@jest/globals';
import { printFieldError } from '../../api/field.ts';
import type { Endpoints, EndpointSlice } from '../../api/types.ts';
import { endpoints } from '../core/endpoints/index.ts';
import type { KindContext } from '../kind.ts';
import { endpointSlice } from './endpoint-slice.ts';

const context = {} as unknown as KindContext;
const slice = (rest: Partial<EndpointSlice>): EndpointSlice => {
  const object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-abcde', namespace: 'dev' },
    addressType: 'IPv4',
    endpoints: [],
    ...structuredClone(rest),
  };
  endpointSlice.defaults?.(object);
  return object;
};
const at = (...addresses: string[]) => addresses.map((address) => ({ addresses: [address] }));

test.each<[string, Partial<EndpointSlice>, string, string]>([
  ['nothing', {}, '<unset>', '<unset>'],
  ['one', { ports: [{ port: 80 }], endpoints: at('10.0.0.1') }, '80', '10.0.0.1'],
  [
    'many',
    { ports: [{ name: 'web' }], endpoints: at('1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4') },
    'web',
    '1.1.1.1,1.1.1.2,1.1.1.3 + 1 more...',
  ],
])('kubectl prints a slice of %s', (_case, rest, ports, list) => {
  expect(endpointSlice.cells?.(slice(rest), context)).toEqual(['web-abcde', 'IPv4', ports, list, null]);
});

test("addresses are of the slice's type", () => {
  expect(endpointSlice.validate?.(slice({ endpoints: at('::1', 'web') }), context).map(printFieldError)).toEqual([
    'endpoints[0].addresses: Invalid value: "::1": must be an IPv4 address',
    'endpoints[0].addresses[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    'endpoints[1].addresses[0]: Invalid value: "web": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]);
});

const listed = (subsets: Endpoints['subsets']): Endpoints => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'web', namespace: 'dev' },
  ...(subsets ? { subsets } : {}),
});
test.each<[string, Endpoints['subsets'], string]>([
  ['none', undefined, '<none>'],
  ['two', [{ addresses: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }], ports: [{ port: 80 }] }], '10.0.0.1:80,10.0.0.2:80'],
  [
    'four',
    [{ addresses: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }], ports: [{ port: 80 }, { port: 443 }] }],
    '10.0.0.1:80,10.0.0.2:80,10.0.0.1:443 + 1 more...',
  ],
])('kubectl prints %s', (_case, subsets, text) => {
  expect(endpoints.cells?.(listed(subsets), context)).toEqual(['web', text, null]);
});
test('endpoints lead somewhere', () => {
  const subsets = [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port: 80, protocol: 'TCP' }] }, {}];
  expect(endpoints.validate?.(listed(subsets), context).map(printFieldError)).toEqual([
    'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    'subsets[1]: Required value: must specify `addresses` or `notReadyAddresses`',
  ]);
});
