/** On which nodes a DaemonSet's pods belong, and how they are bound there. */
import { nodeSelectorMatches } from '../../api/selector.ts';
import { findUntolerated } from '../../api/taints.ts';
import type { DaemonSet, Node, Pod, PodSpec, PodTemplateSpec, Toleration } from '../../api/types.ts';
import { REVISION_HASH_LABEL } from '../revisions.ts';

const GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation';
const GENERATION_LABEL = 'pod-template-generation';

/** Nodes in trouble, cordoned or new still run their daemons. */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const NETWORK_TOLERATION: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

function daemonTolerations(spec: PodSpec): Toleration[] {
  const own = spec.hostNetwork === true ? [...DAEMON_TOLERATIONS, NETWORK_TOLERATION] : DAEMON_TOLERATIONS;
  const same = (a: Toleration, b: Toleration) =>
    a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? '') === (b.value ?? '');
  const given = spec.tolerations ?? [];
  return [
    ...given.map((toleration) => own.find((one) => same(one, toleration)) ?? toleration),
    ...own.filter((one) => !given.some((toleration) => same(one, toleration))),
  ];
}

/** The generation by which pods were told apart before there were hashes; undefined when the set has none. */
const generationOf = (set: DaemonSet): string | undefined => {
  const text = set.metadata.annotations?.[GENERATION_ANNOTATION];
  return text !== undefined && /^\d+$/.test(text) ? text : undefined;
};

/** The template of the pod for one node. */
export function templateFor(set: DaemonSet, nodeName: string, hash: string): PodTemplateSpec {
  const template = structuredClone(set.spec?.template ?? {});
  const spec = template.spec ?? { containers: [] };
  const generation = generationOf(set);
  const { affinity } = spec;
  return {
    ...template,
    metadata: {
      ...template.metadata,
      labels: {
        ...template.metadata?.labels,
        ...(generation === undefined ? {} : { [GENERATION_LABEL]: generation }),
        [REVISION_HASH_LABEL]: hash,
      },
    },
    spec: {
      ...spec,
      tolerations: daemonTolerations(spec),
      affinity: {
        ...affinity,
        nodeAffinity: {
          ...affinity?.nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }],
          },
        },
      },
    },
  };
}

export function isUpdated(set: DaemonSet, pod: Pod, hash: string): boolean {
  const labels = pod.metadata.labels ?? {};
  const generation = generationOf(set);
  return labels[REVISION_HASH_LABEL] === hash || (generation !== undefined && labels[GENERATION_LABEL] === generation);
}

export interface Fit {
  /** A pod belongs on the node. */
  run: boolean;
  /** A pod that is there may stay. */
  stay: boolean;
}

export function fits(set: DaemonSet, node: Node): Fit {
  const spec = set.spec?.template.spec ?? { containers: [] };
  const labels = node.metadata.labels ?? {};
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const selected =
    (!spec.nodeName || spec.nodeName === node.metadata.name) &&
    Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
    nodeSelectorMatches(required, node);
  if (!selected) return { run: false, stay: false };
  const taints = node.spec?.taints ?? [];
  const tolerations = daemonTolerations(spec);
  if (findUntolerated(taints, tolerations, ['NoSchedule', 'NoExecute']) === undefined) return { run: true, stay: true };
  return { run: false, stay: findUntolerated(taints, tolerations, ['NoExecute']) === undefined };
}

/** The node a pod is on or is meant for. */
export function targetNode(pod: Pod): string | undefined {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const terms =
    pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const term of terms) {
    for (const field of term.matchFields ?? []) {
      if (field.key === 'metadata.name' && field.operator === 'In' && field.values?.length === 1)
        return field.values[0];
    }
  }
  return undefined;
}
