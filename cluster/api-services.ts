/** The APIServices that an API server keeps of what it serves itself: of each built-in group version, and of definitions. */
import type { KubeObject } from './api/types.ts';

export const API_SERVICES = 'apiservices.apiregistration.k8s.io';
export const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';

/** groupPriorityMinimum and versionPriority, as a real 1.35 server has them. */
const BUILT_IN: readonly (readonly [group: string, version: string, priority: number, versionPriority: number])[] = [
  ['', 'v1', 18000, 1],
  ['admissionregistration.k8s.io', 'v1', 16700, 15],
  ['apiextensions.k8s.io', 'v1', 16700, 15],
  ['apps', 'v1', 17800, 15],
  ['authentication.k8s.io', 'v1', 17700, 15],
  ['authorization.k8s.io', 'v1', 17600, 15],
  ['autoscaling', 'v1', 17500, 15],
  ['autoscaling', 'v2', 17500, 30],
  ['batch', 'v1', 17400, 15],
  ['certificates.k8s.io', 'v1', 17300, 15],
  ['coordination.k8s.io', 'v1', 16500, 15],
  ['discovery.k8s.io', 'v1', 16200, 15],
  ['events.k8s.io', 'v1', 17750, 15],
  ['flowcontrol.apiserver.k8s.io', 'v1', 16100, 21],
  ['networking.k8s.io', 'v1', 17200, 15],
  ['node.k8s.io', 'v1', 16300, 15],
  ['policy', 'v1', 17100, 15],
  ['rbac.authorization.k8s.io', 'v1', 17000, 15],
  ['resource.k8s.io', 'v1', 16200, 21],
  ['scheduling.k8s.io', 'v1', 16600, 15],
  ['storage.k8s.io', 'v1', 16800, 15],
];

/** Of definitions, all alike. */
const CUSTOM = [1000, 100] as const;

interface Priorities {
  priority: number;
  versionPriority: number;
  /** `onstart`: made once; `true`: kept as long as there is a definition. */
  managed: 'onstart' | 'true';
}

function localApiService(
  group: string,
  version: string,
  at: string,
  { priority, versionPriority, managed }: Priorities,
): KubeObject {
  const condition = {
    lastTransitionTime: at,
    message: 'Local APIServices are always available',
    reason: 'Local',
    status: 'True',
    type: 'Available',
  };
  const object = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}`, labels: { [MANAGED]: managed } },
    spec: { ...(group === '' ? {} : { group }), groupPriorityMinimum: priority, version, versionPriority },
    status: { conditions: [condition] },
  };
  return object;
}

/** `at`: RFC 3339. */
export const builtInApiServices = (at: string): KubeObject[] =>
  BUILT_IN.map(([group, version, priority, versionPriority]) =>
    localApiService(group, version, at, { priority, versionPriority, managed: 'onstart' }),
  );

export const customApiService = (group: string, version: string, at: string): KubeObject =>
  localApiService(group, version, at, { priority: CUSTOM[0], versionPriority: CUSTOM[1], managed: 'true' });
