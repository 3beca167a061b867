/** What a walk of the scheduler begins with: nodes, volumes and what pods refer to. */
import { APPS, Chance, created, HOST, MI, NAMESPACES, ZONE, ZONES, type Step } from './scheduler-chance.ts';

const taint = (chance: Chance) => ({
  key: chance.of(['dedicated', 'gpu', 'spot']),
  ...chance.maybe(0.7, () => ({ value: chance.of(['x', 'y', '5', '10']) })),
  effect: chance.of(['NoSchedule', 'NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

export const taintsOf = (chance: Chance) => {
  const taints = [taint(chance), taint(chance)].slice(0, chance.of([0, 0, 1, 1, 2]));
  const seen = new Set<string>();
  return taints.filter(({ key, effect }) => !seen.has(key + effect) && seen.add(key + effect));
};

function node(chance: Chance, index: number): object {
  const name = `n${index}`;
  const amounts = {
    cpu: chance.of(['1', '2', '2500m', '4']),
    memory: chance.of(['1Gi', '2Gi', '4026032Ki', '3500M']),
    'ephemeral-storage': chance.of(['10Gi', '20134592Ki']),
    pods: chance.of(['110', '110', '3', '6']),
    ...chance.maybe(0.3, () => ({ 'example.com/gpu': chance.of(['1', '2']) })),
    ...chance.maybe(0.2, () => ({ 'hugepages-2Mi': '64Mi' })),
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        ...chance.maybe(0.95, () => ({ [HOST]: name })),
        ...chance.maybe(0.8, () => ({ [ZONE]: chance.of(ZONES) })),
        ...chance.maybe(0.5, () => ({ disk: chance.of(['ssd', 'hdd']) })),
        ...chance.maybe(0.5, () => ({ size: chance.of(['1', '5', '10', 'big']) })),
        ...chance.maybe(0.3, () => ({ rack: chance.of(['r1', 'r2']) })),
      },
    },
    spec: { taints: taintsOf(chance), ...chance.maybe(0.12, () => ({ unschedulable: true })) },
    status: {
      capacity: amounts,
      allocatable: amounts,
      addresses: [{ type: 'InternalIP', address: `172.30.9.${index + 1}` }],
      nodeInfo: {
        architecture: 'amd64',
        bootID: '',
        containerRuntimeVersion: 'containerd://2.1.4',
        kernelVersion: '6.8',
        kubeProxyVersion: '',
        kubeletVersion: 'v1.35.4',
        machineID: '',
        operatingSystem: 'linux',
        osImage: 'Ubuntu',
        systemUUID: '',
      },
      images: chance.some(
        [
          { names: ['docker.io/library/nginx:latest', 'nginx:latest'], sizeBytes: 190 * MI },
          { names: ['big:1'], sizeBytes: 900 * MI },
          { names: ['busybox:1.36'], sizeBytes: 4 * MI },
        ],
        0.4,
      ),
    },
  };
}

function volumes(chance: Chance): Step[] {
  const steps: Step[] = [];
  const storage = '/apis/storage.k8s.io/v1';
  const storageClass = (name: string, more: object) =>
    created(`${storage}/storageclasses`, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      ...more,
    });
  steps.push(
    storageClass('wait', { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' }),
    storageClass('dynamic', {
      provisioner: 'csi.example.com',
      volumeBindingMode: 'WaitForFirstConsumer',
      ...chance.maybe(0.5, () => ({
        allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: ['a', 'b'] }] }],
      })),
    }),
    storageClass('now', { provisioner: 'csi.example.com', volumeBindingMode: 'Immediate' }),
  );
  for (let index = 0; index < 4; index++) {
    const onNode = chance.chance(0.6);
    steps.push(
      created('/api/v1/persistentvolumes', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `pv${index}`, labels: chance.maybe(0.3, () => ({ [ZONE]: chance.of(['a', 'b__c']) })) },
        spec: {
          capacity: { storage: chance.of(['1Gi', '2Gi', '5Gi']) },
          accessModes: [chance.of(['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'])],
          storageClassName: chance.of(['wait', 'wait', 'static']),
          ...(onNode
            ? {
                local: { path: '/mnt' },
                nodeAffinity: {
                  required: {
                    nodeSelectorTerms: [
                      { matchExpressions: [{ key: HOST, operator: 'In', values: [`n${chance.below(4)}`] }] },
                    ],
                  },
                },
              }
            : { csi: { driver: 'csi.example.com', volumeHandle: `h${index}` } }),
        },
      }),
    );
  }
  for (const namespace of NAMESPACES) {
    for (let index = 0; index < 3; index++) {
      steps.push(
        created(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: `claim${index}` },
          spec: {
            accessModes: [chance.of(['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'])],
            resources: { requests: { storage: chance.of(['1Gi', '2Gi']) } },
            storageClassName: chance.of(['wait', 'static', 'now', 'missing', '']),
          },
        }),
      );
    }
  }
  for (let index = 0; index < 3; index++) {
    if (chance.chance(0.4))
      steps.push(
        created(`${storage}/csinodes`, {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'CSINode',
          metadata: { name: `n${index}` },
          spec: {
            drivers: [{ name: 'csi.example.com', nodeID: `n${index}`, allocatable: { count: chance.of([0, 1, 2]) } }],
          },
        }),
      );
  }
  return steps;
}

/** What a round starts with. */
export function roundSetup(chance: Chance): Step[] {
  const steps: Step[] = NAMESPACES.map((name, index) =>
    created('/api/v1/namespaces', { metadata: { name, labels: { team: index === 0 ? 'red' : 'blue' } } }),
  );
  const nodes = 2 + chance.below(5);
  for (let index = 0; index < nodes; index++) steps.push(created('/api/v1/nodes', node(chance, index)));
  steps.push(...volumes(chance));
  for (const namespace of NAMESPACES) {
    if (chance.chance(0.4))
      steps.push(
        created(`/api/v1/namespaces/${namespace}/services`, {
          metadata: { name: 'svc' },
          spec: { selector: { app: chance.of(APPS) }, ports: [{ port: 80 }] },
        }),
      );
    if (chance.chance(0.5))
      steps.push(
        created(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, {
          metadata: { name: 'pdb' },
          spec: {
            selector: { matchLabels: { app: chance.of(APPS) } },
            ...(chance.chance(0.5)
              ? { minAvailable: chance.of([1, 2, '100%']) }
              : { maxUnavailable: chance.of([0, 1]) }),
          },
        }),
      );
  }
  for (const [name, value, more] of [
    ['high', 1000, {}],
    ['mid', 100, {}],
    ['polite', 2000, { preemptionPolicy: 'Never' }],
  ] as const)
    steps.push(created('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, value, ...more }));
  return steps;
}
