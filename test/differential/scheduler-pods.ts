/** Random pods for walks of the scheduler, and changes of what is there. */
import type { KubeObject, Pod } from '#cluster/api/types.ts';
import type { Reader } from '#cluster/store/client.ts';
import { APPS, Chance, HOST, merge, NAMESPACES, POST, TIERS, ZONE, type Step } from './scheduler-chance.ts';
import { taintsOf } from './scheduler-setup.ts';

const selector = (chance: Chance) =>
  chance.of<object>([
    { matchLabels: { app: chance.of(APPS) } },
    { matchLabels: { app: chance.of(APPS), tier: chance.of(TIERS) } },
    { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] },
    { matchExpressions: [{ key: 'tier', operator: chance.of(['Exists', 'DoesNotExist']) }] },
    { matchExpressions: [{ key: 'app', operator: 'NotIn', values: [chance.of(APPS)] }] },
    {},
  ]);

const nodeExpression = (chance: Chance) =>
  chance.of<object>([
    { key: 'disk', operator: chance.of(['In', 'NotIn']), values: chance.of([['ssd'], ['ssd', 'hdd'], ['nvme']]) },
    { key: ZONE, operator: chance.of(['In', 'NotIn']), values: chance.of([['a'], ['a', 'b'], ['c']]) },
    { key: chance.of(['disk', 'rack', 'size']), operator: chance.of(['Exists', 'DoesNotExist']) },
    { key: 'size', operator: chance.of(['Gt', 'Lt']), values: [chance.of(['3', '7', '0', '-1'])] },
  ]);
const field = (chance: Chance) => ({
  key: 'metadata.name',
  operator: chance.of(['In', 'In', 'NotIn']),
  values: [`n${chance.below(5)}`],
});
const nodeTerm = (chance: Chance): object => ({
  ...chance.maybe(0.85, () => ({
    matchExpressions: chance.chance(0.3) ? [nodeExpression(chance), nodeExpression(chance)] : [nodeExpression(chance)],
  })),
  ...chance.maybe(0.2, () => ({ matchFields: [field(chance)] })),
});

const podTerm = (chance: Chance): object => ({
  topologyKey: chance.of([ZONE, HOST, HOST, 'rack']),
  ...chance.maybe(0.95, () => ({ labelSelector: selector(chance) })),
  ...chance.maybe(0.15, () => ({ namespaces: chance.some(NAMESPACES) })),
  ...chance.maybe(0.2, () => ({
    namespaceSelector: chance.of<object>([{}, { matchLabels: { team: 'red' } }, { matchLabels: { team: 'none' } }]),
  })),
  ...chance.maybe(0.1, () => ({ matchLabelKeys: ['tier'] })),
  ...chance.maybe(0.05, () => ({ mismatchLabelKeys: ['hash'] })),
});
const weighted = (chance: Chance): object => ({
  weight: chance.of([1, 10, 50, 100, 33]),
  podAffinityTerm: podTerm(chance),
});

const affinity = (chance: Chance): object => ({
  ...chance.maybe(0.4, () => ({
    nodeAffinity: {
      ...chance.maybe(0.6, () => ({
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: chance.chance(0.3) ? [nodeTerm(chance), nodeTerm(chance)] : [nodeTerm(chance)],
        },
      })),
      ...chance.maybe(0.6, () => ({
        preferredDuringSchedulingIgnoredDuringExecution: [1, 2]
          .slice(0, 1 + chance.below(2))
          .map(() => ({ weight: chance.of([1, 20, 77, 100]), preference: nodeTerm(chance) })),
      })),
    },
  })),
  ...chance.maybe(0.35, () => ({
    podAffinity: {
      ...chance.maybe(0.5, () => ({ requiredDuringSchedulingIgnoredDuringExecution: [podTerm(chance)] })),
      ...chance.maybe(0.6, () => ({ preferredDuringSchedulingIgnoredDuringExecution: [weighted(chance)] })),
    },
  })),
  ...chance.maybe(0.35, () => ({
    podAntiAffinity: {
      ...chance.maybe(0.5, () => ({ requiredDuringSchedulingIgnoredDuringExecution: [podTerm(chance)] })),
      ...chance.maybe(0.6, () => ({
        preferredDuringSchedulingIgnoredDuringExecution: [weighted(chance), weighted(chance)],
      })),
    },
  })),
});

function spread(chance: Chance): object {
  const hard = chance.chance(0.6);
  return {
    maxSkew: chance.of([1, 1, 2, 3]),
    topologyKey: chance.of([ZONE, HOST, 'rack']),
    whenUnsatisfiable: hard ? 'DoNotSchedule' : 'ScheduleAnyway',
    ...chance.maybe(0.95, () => ({ labelSelector: selector(chance) })),
    ...chance.maybe(hard ? 0.25 : 0, () => ({ minDomains: chance.of([1, 2, 4]) })),
    ...chance.maybe(0.25, () => ({ nodeAffinityPolicy: chance.of(['Honor', 'Ignore']) })),
    ...chance.maybe(0.25, () => ({ nodeTaintsPolicy: chance.of(['Honor', 'Ignore']) })),
    ...chance.maybe(0.15, () => ({ matchLabelKeys: ['hash'] })),
  };
}

const toleration = (chance: Chance): object =>
  chance.of<object>([
    { operator: 'Exists' },
    {
      key: chance.of(['dedicated', 'gpu', 'spot']),
      operator: 'Exists',
      ...chance.maybe(0.5, () => ({ effect: chance.of(['NoSchedule', 'NoExecute', 'PreferNoSchedule']) })),
    },
    {
      key: chance.of(['dedicated', 'gpu', 'spot']),
      ...chance.maybe(0.5, () => ({ operator: 'Equal' })),
      value: chance.of(['x', 'y']),
      ...chance.maybe(0.5, () => ({ effect: 'NoSchedule' })),
    },
    { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
  ]);

const amounts = (chance: Chance): object => ({
  ...chance.maybe(0.7, () => ({ cpu: chance.of(['100m', '250m', '500m', '900m', '1', '1500m', '3', '0']) })),
  ...chance.maybe(0.6, () => ({ memory: chance.of(['64Mi', '200Mi', '500M', '1Gi', '1500Mi', '8Gi']) })),
  ...chance.maybe(0.15, () => ({ 'ephemeral-storage': chance.of(['1Gi', '8Gi', '15Gi']) })),
});

function container(chance: Chance, name: string): object {
  const requests = chance.chance(0.75) ? amounts(chance) : {};
  const extended = chance.maybe(0.1, () => ({ 'example.com/gpu': chance.of(['1', '2', '4']) }));
  return {
    name,
    image: chance.of(['nginx', 'nginx:latest', 'big:1', 'busybox:1.36', 'registry.example.com:5000/app']),
    resources: {
      requests: { ...requests, ...extended },
      ...(Object.keys(extended).length > 0 ? { limits: extended } : {}),
    },
    ...chance.maybe(0.15, () => ({
      ports: [
        {
          containerPort: 80,
          hostPort: chance.of([8080, 8081]),
          ...chance.maybe(0.3, () => ({ hostIP: chance.of(['127.0.0.1', '10.0.0.1']) })),
          ...chance.maybe(0.3, () => ({ protocol: chance.of(['UDP', 'TCP']) })),
        },
      ],
    })),
  };
}

function spec(chance: Chance): object {
  const constraints = chance.chance(0.25) ? [spread(chance), ...(chance.chance(0.4) ? [spread(chance)] : [])] : [];
  const seen = new Set<string>();
  const unique = constraints.filter((one) => {
    const { topologyKey, whenUnsatisfiable } = one as { topologyKey: string; whenUnsatisfiable: string };
    return !seen.has(topologyKey + whenUnsatisfiable) && seen.add(topologyKey + whenUnsatisfiable);
  });
  return {
    containers: chance.chance(0.8)
      ? [container(chance, 'c')]
      : [container(chance, 'c'), { ...container(chance, 'd'), ports: [] }],
    terminationGracePeriodSeconds: 0,
    ...chance.maybe(0.15, () => ({
      initContainers: [
        { ...container(chance, 'i'), ports: [], ...chance.maybe(0.5, () => ({ restartPolicy: 'Always' })) },
      ],
    })),
    ...chance.maybe(0.08, () => ({
      resources: { requests: chance.of<object>([{ cpu: '1' }, { memory: '1Gi' }, { cpu: '800m', memory: '700Mi' }]) },
    })),
    ...chance.maybe(0.15, () => ({
      nodeSelector: chance.of<object>([{ disk: 'ssd' }, { [ZONE]: 'a' }, { [ZONE]: 'b', disk: 'hdd' }, { nope: 'x' }]),
    })),
    ...chance.maybe(0.45, () => ({ affinity: affinity(chance) })),
    ...(unique.length > 0 ? { topologySpreadConstraints: unique } : {}),
    ...chance.maybe(0.4, () => ({
      tolerations: [toleration(chance), toleration(chance)].slice(0, 1 + chance.below(2)),
    })),
    ...chance.maybe(0.3, () => ({ priorityClassName: chance.of(['high', 'mid', 'mid', 'polite']) })),
    ...chance.maybe(0.12, () => ({
      volumes: chance.of<object[]>([
        [{ name: 'v', persistentVolumeClaim: { claimName: `claim${chance.below(4)}` } }],
        [{ name: 'v', persistentVolumeClaim: { claimName: `claim${chance.below(3)}` } }],
        [{ name: 'v', gcePersistentDisk: { pdName: 'disk', readOnly: chance.chance(0.5) } }],
        [
          {
            name: 'v',
            iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn.2001-04.com.example:x', lun: 0, readOnly: chance.chance(0.5) },
          },
        ],
      ]),
    })),
  };
}

export function randomPod(chance: Chance, seed: number, step: number): Step {
  const namespace = chance.of(NAMESPACES);
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `p${seed}-${step}`,
      labels: {
        ...chance.maybe(0.85, () => ({ app: chance.of(APPS) })),
        ...chance.maybe(0.5, () => ({ tier: chance.of(TIERS) })),
        ...chance.maybe(0.3, () => ({ hash: chance.of(['1', '2']) })),
      },
      ...chance.maybe(0.08, () => ({ finalizers: ['example.com/stays'] })),
    },
    spec: spec(chance),
  };
  return { method: POST, path: `/api/v1/namespaces/${namespace}/pods`, body };
}

/** A change of something that is there. */
export function randomChange(chance: Chance, state: Reader): Step | undefined {
  const nodes = state.list<KubeObject>('nodes');
  const pods = state.list<Pod>('pods');
  const name = nodes[chance.below(nodes.length)]?.metadata.name ?? '';
  const patch = (path: string, body: object): Step => ({ method: 'PATCH', path, body, type: merge });
  const nodePath = `/api/v1/nodes/${name}`;
  const pod = pods[chance.below(pods.length)];
  const podPath = pod && `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`;
  return chance.of<() => Step | undefined>([
    () => patch(nodePath, { spec: { taints: taintsOf(chance) } }),
    () => patch(nodePath, { spec: { unschedulable: chance.chance(0.3) } }),
    () => patch(nodePath, { metadata: { labels: { disk: chance.of(['ssd', 'hdd']), [ZONE]: chance.of(['a', 'b']) } } }),
    () =>
      patch(`${nodePath}/status`, {
        status: { allocatable: { cpu: chance.of(['1', '3']), pods: chance.of(['2', '110']) } },
      }),
    () => (podPath === undefined ? undefined : { method: 'DELETE', path: podPath }),
    () => (podPath === undefined ? undefined : { method: 'DELETE', path: podPath }),
    () => (podPath === undefined ? undefined : patch(podPath, { metadata: { labels: { app: chance.of(APPS) } } })),
    () => patch('/api/v1/namespaces/walk-b', { metadata: { labels: { team: chance.of(['red', 'blue']) } } }),
  ])();
}
