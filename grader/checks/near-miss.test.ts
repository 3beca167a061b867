import { expect, test } from '@jest/globals';
import { EMPTY, object, state } from '../testing.ts';
import type { ClusterState } from '../types.ts';
import type { CheckInput } from './check.ts';
import { makeCheck, runCheck } from './index.ts';

type Source = Record<string, unknown>;
const one = (yaml: string) => object(`{apiVersion: v1, ${yaml}}`);
const web = (spec: string, status = '{}') =>
  object(
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: ${spec}, status: ${status}}`,
  );
const pod = (name: string, labels: string, status = '{phase: Running}') =>
  one(
    `kind: Pod, metadata: {name: ${name}, namespace: shop, labels: ${labels}}, spec: {containers: []}, status: ${status}`,
  );
const deployment = { kind: 'Deployment', name: 'web', namespace: 'shop' };
const containers = (resources: string) =>
  `{replicas: 2, template: {spec: {containers: [{name: web, image: 'nginx:1.29', resources: ${resources}}]}}}`;
const wants = (resources: unknown) => ({
  object: deployment,
  expect: { spec: { template: { spec: { containers: [{ name: 'web', resources }] } } } },
});
const service = (selector: string) =>
  one(`kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: ${selector}, ports: [{port: 80}]}`);
const namespaces = (...names: string[]) =>
  state(...names.map((name) => one(`kind: Namespace, metadata: {name: ${name}}`)));

const rows: { name: string; check: Source; now: ClusterState; more?: Partial<CheckInput>; en: string; ko: string }[] = [
  {
    name: 'the right value in another field',
    check: wants({ requests: { memory: '128Mi' } }),
    now: state(web(containers('{limits: {memory: 128Mi}}'))),
    en: '"{memory: 128Mi}" stands at spec.template.spec.containers[0].resources.limits; it belongs at spec.template.spec.containers[name=web].resources.requests.',
    ko: '"{memory: 128Mi}" 값이 spec.template.spec.containers[0].resources.limits에 있습니다. spec.template.spec.containers[name=web].resources.requests에 있어야 합니다.',
  },
  {
    name: 'a unit',
    check: wants({ requests: { memory: '100Mi' } }),
    now: state(web(containers('{requests: {memory: 100m}}'))),
    en: 'The number in spec.template.spec.containers[name=web].resources.requests.memory is right, its unit is not: "100m" should be "100Mi".',
    ko: 'spec.template.spec.containers[name=web].resources.requests.memory: 숫자는 맞지만 단위가 다릅니다. "100m" 대신 "100Mi" 값이어야 합니다.',
  },
  {
    name: 'right and not yet rolled out',
    check: { object: deployment, expect: { spec: { replicas: 2 }, status: { readyReplicas: 2 } } },
    now: state(web(containers('{}'), '{readyReplicas: 1}')),
    en: 'Deployment shop/web is written as it should be; what it asks for has not come about yet. If it is still so in a minute, look at its pods and events.',
    ko: 'Deployment shop/web: 내용은 맞지만 아직 그 상태에 이르지 못했습니다. 1분 뒤에도 그대로라면 파드와 이벤트를 살펴보세요.',
  },
  {
    name: 'pods of a list that do not run yet',
    check: {
      list: { kind: 'Pod', namespace: 'shop', selector: 'app=web', where: { status: { phase: 'Running' } } },
      count: 1,
    },
    now: state(pod('web-1', '{app: web}', '{phase: Pending}')),
    en: 'Pod shop/web-1 is written as it should be; what it asks for has not come about yet. If it is still so in a minute, look at its pods and events.',
    ko: 'Pod shop/web-1: 내용은 맞지만 아직 그 상태에 이르지 못했습니다. 1분 뒤에도 그대로라면 파드와 이벤트를 살펴보세요.',
  },
  {
    name: 'a selector that selects nothing',
    check: {
      object: { kind: 'Service', name: 'web', namespace: 'shop' },
      expect: { spec: { selector: { app: 'web' } } },
    },
    now: state(service('{app: wbe}'), pod('web-1', '{app: web}')),
    en: 'The selector of Service "web" fits no pod in namespace "shop".',
    ko: 'Service "web"의 셀렉터와 맞는 파드가 네임스페이스 "shop"에 없습니다.',
  },
  {
    name: 'objects without the labels of a list',
    check: { list: { kind: 'Pod', namespace: 'shop', selector: 'tier=front' }, count: 1 },
    now: state(pod('web-1', '{app: web}')),
    en: '1 × Pod in namespace "shop" would do, but for the labels: none has tier=front.',
    ko: '네임스페이스 "shop"에 조건에 맞는 Pod 1개가 있지만 레이블 tier=front이(가) 없습니다.',
  },
  {
    name: 'the neighbour deleted instead',
    check: { missing: { kind: 'Namespace', name: 'harbor' } },
    now: namespaces('harbor'),
    more: { before: namespaces('harbor', 'harbour') },
    en: 'Namespace "harbour" is gone instead; it was to stay.',
    ko: 'Namespace "harbour": 지워야 할 것이 아닌데 대신 삭제되었습니다.',
  },
  {
    name: 'in the cluster of another question',
    check: { object: deployment },
    now: EMPTY,
    more: { others: { cka7051: { now: state(web('{}')), before: EMPTY } } },
    en: 'Deployment "web" is in the cluster of the host "cka7051"; this task has another.',
    ko: 'Deployment "web": 호스트 "cka7051"의 클러스터에 있습니다. 이 과제의 클러스터는 다릅니다.',
  },
  {
    name: 'what an expression needs, under another name',
    check: {
      cel: 'quota.spec.hard["pods"] == "4"',
      with: { quota: { kind: 'ResourceQuota', name: 'compute', namespace: 'shop', at: 'now' } },
    },
    now: state(one('kind: ResourceQuota, metadata: {name: computes, namespace: shop}')),
    en: 'There is a ResourceQuota "computes"; its name has to be "compute".',
    ko: '비슷한 이름의 ResourceQuota "computes" 발견: 올바른 이름은 "compute"입니다.',
  },
];

const near = (check: Source, input: CheckInput) => {
  // of the shapes that the schema knows
  const source = { id: 'a', points: 1, sentence: { en: 'x', ko: 'y' }, ...check } as Parameters<typeof makeCheck>[0];
  const result = runCheck(makeCheck(source).spec, input);
  return result.outcome === 'failed' ? result.nearMiss : result;
};

test.each(rows)('near: $name', ({ check, now, more, en, ko }) => {
  expect(near(check, { now, before: EMPTY, ...more })).toEqual({ en, ko });
});

test.each<{ name: string; check: Source; now: ClusterState; before?: ClusterState }>([
  {
    name: 'a value that was there before',
    check: wants({ requests: { memory: '128Mi' } }),
    now: state(web(containers('{limits: {memory: 128Mi}}'))),
    before: state(web(containers('{limits: {memory: 128Mi}}'))),
  },
  {
    name: 'a number that stands everywhere',
    check: { object: deployment, expect: { spec: { minReadySeconds: 2 } } },
    now: state(web(containers('{}'))),
  },
  { name: 'an object of another question that was there from the start', check: { object: deployment }, now: EMPTY },
])('far: $name', ({ check, now, before = EMPTY }) => {
  const others = { cka7051: { now: state(web('{}')), before: state(web('{}')) } };
  expect(near(check, { now, before, others })).toBeUndefined();
});
