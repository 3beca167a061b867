import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import { StatusError } from '../../../api/status.ts';
import type { KubeObject, Service } from '../../../api/types.ts';
import type { UpdateContext } from '../../kind.ts';
import type { ServiceSpec } from './cluster-ip-fields.ts';
import { service } from './index.ts';

/** A cluster with these Services; the random is always in the middle. */
const cluster = (...services: Service[]): UpdateContext => ({
  subresource: '',
  clock: { now: () => 0 },
  random: { next: () => 0.5, suffix: () => 'abcde', uuid: () => 'uid' },
  store: {
    get: () => undefined,
    list: <T extends KubeObject>(resource: string) =>
      (resource === 'services' ? services : []) as unknown as readonly T[],
  },
});
const svc = (spec: ServiceSpec, name = 'a'): Service => {
  const object: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'dev' },
    spec: structuredClone(spec),
  };
  service.defaults?.(object);
  return object;
};
const web: ServiceSpec = { ports: [{ port: 80 }], selector: { app: 'web' } };

/** As created: what it became, or why not. */
function create(spec: ServiceSpec, context = cluster()): Service | string[] {
  const object = svc(spec);
  try {
    service.prepareForCreate?.(object, context);
  } catch (error) {
    if (error instanceof StatusError) return [error.message];
    throw error;
  }
  const errors = service.validate?.(object, context) ?? [];
  return errors.length > 0 ? errors.map(printFieldError) : object;
}
const made = (spec: ServiceSpec, context = cluster()): Service => {
  const result = create(spec, context);
  if (Array.isArray(result)) throw new Error(result.join());
  return result;
};
function update(old: Service, spec: ServiceSpec, context = cluster(old)): Service | string[] {
  const object = svc(spec);
  service.prepareForUpdate?.(object, old, context);
  const errors = service.validateUpdate?.(object, old, context) ?? [];
  return errors.length > 0 ? errors.map(printFieldError) : object;
}

test('a cluster IP and a node port are drawn from what is free', () => {
  const first = made({ ...web, type: 'NodePort' });
  expect(first.spec).toMatchObject({
    type: 'NodePort',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    externalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
  });
  expect(first.spec?.clusterIP).toMatch(/^10\.(9[6-9]|10\d|11[01])\./);
  expect(first.spec?.clusterIPs).toEqual([first.spec?.clusterIP]);
  const other = { ...first, metadata: { ...first.metadata, name: 'other' } };
  const second = made({ ...web, type: 'NodePort' }, cluster(other));
  expect(second.spec?.clusterIP).not.toBe(first.spec?.clusterIP);
  expect(second.spec?.ports?.[0]?.nodePort).not.toBe(first.spec?.ports?.[0]?.nodePort);
});

test('the same port over TCP and UDP shares a node port', () => {
  const ports = [
    { name: 'tcp', port: 53 },
    { name: 'udp', port: 53, protocol: 'UDP' },
  ];
  const [tcp, udp] = made({ type: 'NodePort', ports }).spec?.ports ?? [];
  expect(tcp?.nodePort).toBe(udp?.nodePort);
});

const taken = { ...svc({ clusterIP: '10.96.0.77', clusterIPs: ['10.96.0.77'] }, 'b') };
const portTaken = svc({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }, 'b');

// as recorded from 1.35.4
const refused: [string, ServiceSpec, string[], UpdateContext?][] = [
  ['no ports', { selector: { app: 'a' } }, ['spec.ports: Required value']],
  [
    'two ports without names',
    { ports: [{ port: 80 }, { port: 81 }] },
    ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
  ],
  [
    'the same port twice',
    {
      ports: [
        { name: 'web', port: 80, targetPort: 'too-long-port-name-x' },
        { name: 'web', port: 80 },
      ],
    },
    [
      'spec.ports[0].targetPort: Invalid value: "too-long-port-name-x": must be no more than 15 characters',
      'spec.ports[1].name: Duplicate value: "web"',
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    'a node port inside',
    { ports: [{ port: 80, nodePort: 30080 }] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    'an unknown type',
    { ...web, type: 'NodePorts' },
    [
      'spec.type: Unsupported value: "NodePorts": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  ['nowhere', { type: 'ExternalName' }, ['spec.externalName: Required value']],
  [
    'two stacks on a cluster of one',
    { ...web, ipFamilyPolicy: 'RequireDualStack' },
    [
      'Service "a" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": ' +
        'this cluster is not configured for dual-stack services',
    ],
  ],
  [
    'an address outside',
    { ...web, clusterIP: '192.168.1.1' },
    [
      'Service "a" is invalid: spec.clusterIPs: Invalid value: ["192.168.1.1"]: ' +
        'failed to allocate IP 192.168.1.1: the provided network does not match the current range',
    ],
  ],
  [
    'an address in use',
    { ...web, clusterIP: '10.96.0.77' },
    [
      'Service "a" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.77"]: ' +
        'failed to allocate IP 10.96.0.77: provided IP is already allocated',
    ],
    cluster(taken),
  ],
  [
    'a node port in use',
    { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
    ['Service "a" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated'],
    cluster(portTaken),
  ],
  [
    'a node port out of range',
    { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
    [
      'Service "a" is invalid: spec.ports[0].nodePort: Invalid value: 80: ' +
        'provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  ],
  [
    'an affinity that lasts too long',
    {
      ...web,
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 100_000 } },
      externalTrafficPolicy: 'Local',
    },
    [
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 100000: must be greater than 0 and less than 86400',
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
    ],
  ],
];
test.each(refused.map(([name, ...row]) => ({ name, row })))('refused: $name', ({ row: [spec, sentences, context] }) => {
  expect(create(spec, context)).toEqual(sentences);
});

test('headless without a selector is dual', () => {
  const { spec } = made({ clusterIP: 'None' });
  expect(spec).toMatchObject({
    clusterIPs: ['None'],
    ipFamilies: ['IPv4', 'IPv6'],
    ipFamilyPolicy: 'RequireDualStack',
  });
});

test('what an update leaves out is carried over', () => {
  const old = made({ ...web, type: 'NodePort' });
  const updated = update(old, { ...web, type: 'NodePort' }) as Service;
  expect(updated.spec).toMatchObject({ clusterIP: old.spec?.clusterIP, ports: old.spec?.ports });
});

test('a change of type drops what the new type does not have', () => {
  const old = made({ ...web, type: 'NodePort' });
  const inside = update(old, { ...old.spec, type: 'ClusterIP' }) as Service;
  expect(inside.spec?.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
  expect(inside.spec).not.toHaveProperty('externalTrafficPolicy');
  const outside = update(old, { ...old.spec, type: 'ExternalName', externalName: 'x.example.com' }) as Service;
  expect(outside.spec).toEqual({
    externalName: 'x.example.com',
    ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    selector: { app: 'web' },
    sessionAffinity: 'None',
    type: 'ExternalName',
  });
});

test.each<[string, ServiceSpec, string[]]>([
  [
    'another address',
    { clusterIP: '10.96.0.9' },
    ['spec.clusterIPs[0]: Invalid value: ["10.96.0.9"]: may not change once set'],
  ],
  [
    'no address at all, with a node port',
    { clusterIP: 'None', clusterIPs: ['None'] },
    [
      'spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set',
      'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services',
    ],
  ],
])('an update to %s is refused', (_case, change, sentences) => {
  const old = made({ ...web, type: 'NodePort' });
  expect(update(old, { ...old.spec, ...change })).toEqual(sentences);
});

test.each<[string, ServiceSpec, unknown[]]>([
  ['inside', web, ['ClusterIP', '10.99.0.1', '<none>', '80/TCP', null, 'app=web']],
  ['headless', { clusterIP: 'None', clusterIPs: ['None'] }, ['ClusterIP', 'None', '<none>', '<none>', null, '<none>']],
  [
    'balanced',
    { ...web, type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30001 }] },
    ['LoadBalancer', '10.99.0.1', '<pending>', '80:30001/TCP', null, 'app=web'],
  ],
  [
    'elsewhere',
    { type: 'ExternalName', externalName: 'x.example.com', clusterIPs: [] },
    ['ExternalName', '<none>', 'x.example.com', '<none>', null, '<none>'],
  ],
])('kubectl prints: %s', (_case, spec, cells) => {
  const object = svc({ clusterIPs: ['10.99.0.1'], ...spec });
  expect(service.cells?.(object, cluster())).toEqual(['a', ...cells]);
});
