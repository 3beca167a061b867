import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { compare } from './compare.ts';
import { resourceOf, schemaOf } from './manifest.ts';

const of = (kind: string) => {
  const info = resourceOf(kind);
  if (!info) throw new Error(`no kind ${kind}`);
  return schemaOf(info);
};

interface Row {
  name: string;
  kind: string;
  expected: string;
  actual: string;
}

const same: Row[] = [
  {
    name: 'millis and a number',
    kind: 'ResourceQuota',
    expected: '{spec: {hard: {requests.cpu: 1}}}',
    actual: '{spec: {hard: {requests.cpu: 1000m}}}',
  },
  {
    name: 'Mi and Gi',
    kind: 'ResourceQuota',
    expected: '{spec: {hard: {limits.memory: 1Gi}}}',
    actual: '{spec: {hard: {limits.memory: 1024Mi}}}',
  },
  {
    name: 'a fraction',
    kind: 'PersistentVolumeClaim',
    expected: '{spec: {resources: {requests: {storage: 1.5Gi}}}}',
    actual: '{spec: {resources: {requests: {storage: 1536Mi}}}}',
  },
  {
    name: 'a quota of cpu is one of requests.cpu',
    kind: 'ResourceQuota',
    expected: '{spec: {hard: {requests.cpu: 2, requests.memory: 1Gi}}}',
    actual: '{spec: {hard: {cpu: "2", memory: 1Gi}}}',
  },
  {
    name: 'words in another order',
    kind: 'PersistentVolume',
    expected: '{spec: {accessModes: [ReadWriteOnce, ReadOnlyMany]}}',
    actual: '{spec: {accessModes: [ReadOnlyMany, ReadWriteOnce]}}',
  },
  {
    name: 'one entry among others',
    kind: 'Node',
    expected: '{spec: {taints: [{key: a, effect: NoSchedule}]}}',
    actual: '{spec: {taints: [{key: b, effect: NoExecute}, {key: a, value: x, effect: NoSchedule}]}}',
  },
  {
    name: 'entries that need to be paired with care',
    kind: 'Node',
    expected: '{spec: {taints: [{effect: NoSchedule}, {key: a}]}}',
    actual: '{spec: {taints: [{key: a, effect: NoSchedule}, {key: b, effect: NoSchedule}]}}',
  },
  {
    name: 'a port as text',
    kind: 'Service',
    expected: '{spec: {ports: [{targetPort: 80}]}}',
    actual: '{spec: {ports: [{port: 1, targetPort: "80"}]}}',
  },
  {
    name: 'a switch that was never set',
    kind: 'Node',
    expected: '{spec: {unschedulable: false}}',
    actual: '{spec: {}}',
  },
  {
    name: 'a status that counts nothing',
    kind: 'Deployment',
    expected: '{status: {readyReplicas: 0}}',
    actual: '{status: {}}',
  },
  {
    name: 'null and nothing there',
    kind: 'Pod',
    expected: '{spec: {nodeSelector: null}}',
    actual: '{spec: {nodeSelector: {}}}',
  },
  {
    name: 'a toleration whose operator is left out',
    kind: 'Pod',
    expected: '{spec: {tolerations: [{key: a, operator: Equal, value: b}]}}',
    actual: '{spec: {tolerations: [{key: a, value: b}]}}',
  },
  {
    name: 'matchLabels and matchExpressions',
    kind: 'Deployment',
    expected: '{spec: {selector: {matchLabels: {app: web}}}}',
    actual: '{spec: {selector: {matchExpressions: [{key: app, operator: In, values: [web]}]}}}',
  },
  {
    name: 'the same command',
    kind: 'Pod',
    expected: '{spec: {containers: [{name: a, command: [sh, -c, x]}]}}',
    actual: '{spec: {containers: [{name: a, command: [sh, -c, x]}]}}',
  },
];

test.each(same)('the same: $name', ({ kind, expected, actual }) => {
  expect(compare(parse(expected), parse(actual), of(kind))).toEqual([]);
});

const different: (Row & { found: [path: string, expected: string, actual: string][] })[] = [
  {
    name: 'mega for mebi',
    kind: 'ResourceQuota',
    expected: '{spec: {hard: {requests.memory: 2Gi}}}',
    actual: '{spec: {hard: {requests.memory: 2G}}}',
    found: [['spec.hard["requests.memory"]', '2Gi', '2G']],
  },
  {
    name: 'nothing there',
    kind: 'ResourceQuota',
    expected: '{spec: {hard: {pods: 4}}}',
    actual: '{spec: {hard: {}}}',
    found: [['spec.hard.pods', '4', '']],
  },
  {
    name: 'a word too many',
    kind: 'PersistentVolume',
    expected: '{spec: {accessModes: [ReadWriteOnce]}}',
    actual: '{spec: {accessModes: [ReadWriteOnce, ReadOnlyMany]}}',
    found: [['spec.accessModes', '[ReadWriteOnce]', '[ReadWriteOnce, ReadOnlyMany]']],
  },
  {
    name: 'a word twice is not two words',
    kind: 'PersistentVolume',
    expected: '{spec: {accessModes: [ReadWriteOnce, ReadOnlyMany]}}',
    actual: '{spec: {accessModes: [ReadWriteOnce, ReadWriteOnce]}}',
    found: [['spec.accessModes', '[ReadWriteOnce, ReadOnlyMany]', '[ReadWriteOnce, ReadWriteOnce]']],
  },
  {
    name: 'the effect of the taint that was meant',
    kind: 'Node',
    expected: '{spec: {taints: [{key: a, value: x, effect: NoSchedule}]}}',
    actual: '{spec: {taints: [{key: b, value: y, effect: NoExecute}, {key: a, value: x, effect: NoExecute}]}}',
    found: [['spec.taints[1].effect', 'NoSchedule', 'NoExecute']],
  },
  {
    name: 'no taint that could be meant',
    kind: 'Node',
    expected: '{spec: {taints: [{key: a, effect: NoSchedule}]}}',
    actual: '{spec: {}}',
    found: [['spec.taints', '{key: a, effect: NoSchedule}', '']],
  },
  {
    name: 'a container by its name',
    kind: 'Pod',
    expected: '{spec: {containers: [{name: web, image: "nginx:1.29"}]}}',
    actual: '{spec: {containers: [{name: log, image: busybox}, {name: web, image: nginx}]}}',
    found: [['spec.containers[name=web].image', 'nginx:1.29', 'nginx']],
  },
  {
    name: 'a wider selector',
    kind: 'Deployment',
    expected: '{spec: {selector: {matchLabels: {app: web, tier: front}}}}',
    actual: '{spec: {selector: {matchLabels: {app: web}}}}',
    found: [['spec.selector', '{matchLabels: {app: web, tier: front}}', '{matchLabels: {app: web}}']],
  },
  {
    name: 'an empty selector selects everything',
    kind: 'NetworkPolicy',
    expected: '{spec: {podSelector: {}}}',
    actual: '{spec: {podSelector: {matchLabels: {app: web}}}}',
    found: [['spec.podSelector', '{}', '{matchLabels: {app: web}}']],
  },
  {
    name: 'a volume of another kind',
    kind: 'Pod',
    expected: '{spec: {volumes: [{name: data, emptyDir: {}}]}}',
    actual: '{spec: {volumes: [{name: data, hostPath: {path: /x}}]}}',
    found: [['spec.volumes[name=data].emptyDir', '{}', '']],
  },
  {
    name: 'no class is not the empty class',
    kind: 'PersistentVolumeClaim',
    expected: '{spec: {storageClassName: ""}}',
    actual: '{spec: {}}',
    found: [['spec.storageClassName', '""', '']],
  },
  {
    name: 'null and something there',
    kind: 'Pod',
    expected: '{spec: {nodeSelector: null}}',
    actual: '{spec: {nodeSelector: {disk: ssd}}}',
    found: [['spec.nodeSelector', '', '{disk: ssd}']],
  },
  {
    name: 'a command in another order',
    kind: 'Pod',
    expected: '{spec: {containers: [{name: a, args: [x, y]}]}}',
    actual: '{spec: {containers: [{name: a, args: [y, x]}]}}',
    found: [['spec.containers[name=a].args', '[x, y]', '[y, x]']],
  },
  {
    name: 'a label with an empty value is a label',
    kind: 'Node',
    expected: '{metadata: {labels: {a: ""}}}',
    actual: '{metadata: {labels: {b: ""}}}',
    found: [['metadata.labels.a', '""', '']],
  },
  {
    name: 'a key named like a built-in',
    kind: 'Node',
    expected: '{metadata: {labels: {constructor: x}}}',
    actual: '{metadata: {labels: {}}}',
    found: [['metadata.labels.constructor', 'x', '']],
  },
];

describe('different', () => {
  test.each(different)('$name', ({ kind, expected, actual, found }) => {
    expect(compare(parse(expected), parse(actual), of(kind))).toEqual(
      found.map(([path, wanted, is]) => ({ path, expected: wanted, actual: is })),
    );
  });
});
