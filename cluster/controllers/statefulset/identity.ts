/** A StatefulSet's pods have names, places in an order and claims of their own. */
import type { ControllerRevision, PersistentVolumeClaim, Pod, PodTemplateSpec, StatefulSet } from '../../api/types.ts';
import { podFromTemplate } from '../pod-control.ts';
import { REVISION_HASH_LABEL } from '../revisions.ts';

const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';

/** `web-2` is 2; -1 when the name is not one of the set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number {
  const match = /^(.*)-(\d+)$/.exec(pod.metadata.name);
  return match?.[1] === set.metadata.name ? Number(match[2]) : -1;
}
export const firstOrdinal = (set: StatefulSet): number => set.spec?.ordinals?.start ?? 0;
export const isInRange = (set: StatefulSet, pod: Pod): boolean => {
  const place = ordinalOf(set, pod) - firstOrdinal(set);
  return place >= 0 && place < (set.spec?.replicas ?? 1);
};
export const revisionNameOf = (pod: Pod): string => pod.metadata.labels?.[REVISION_HASH_LABEL] ?? '';

const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;
export const claimNames = (set: StatefulSet, ordinal: number): string[] =>
  claimTemplates(set).map((template) => `${template.metadata?.name ?? ''}-${podName(set, ordinal)}`);

const claimTemplates = (set: StatefulSet) => set.spec?.volumeClaimTemplates ?? [];

/** The template a revision kept. */
export function templateIn(set: StatefulSet, revision: ControllerRevision): PodTemplateSpec {
  const kept = (revision.data as { spec?: { template?: PodTemplateSpec & { $patch?: string } } } | undefined)?.spec
    ?.template;
  if (kept === undefined) return set.spec?.template ?? {};
  const { $patch: _directive, ...template } = kept;
  return template;
}

const identityLabels = (set: StatefulSet, ordinal: number) => ({
  [POD_NAME_LABEL]: podName(set, ordinal),
  [POD_INDEX_LABEL]: String(ordinal),
});

/** The claims' volumes, and those of the pod's own that don't go by the same names. */
function volumesOf(set: StatefulSet, pod: Pod, ordinal: number) {
  const templates = new Set(claimTemplates(set).map((template) => template.metadata?.name ?? ''));
  const own = [...templates].map((volume) => ({
    name: volume,
    persistentVolumeClaim: { claimName: `${volume}-${podName(set, ordinal)}` },
  }));
  return [...own, ...(pod.spec?.volumes ?? []).filter((volume) => !templates.has(volume.name))];
}

/** Only the label with the name is looked at, as the real controller does. */
export const hasIdentity = (pod: Pod): boolean => pod.metadata.labels?.[POD_NAME_LABEL] === pod.metadata.name;
export const hasStorage = (set: StatefulSet, pod: Pod): boolean =>
  claimTemplates(set).every((template) => {
    const volume = template.metadata?.name ?? '';
    const claimName = `${volume}-${pod.metadata.name}`;
    return pod.spec?.volumes?.find(({ name }) => name === volume)?.persistentVolumeClaim?.claimName === claimName;
  });

/** The pod with the labels and volumes that its place asks for. */
export function corrected(set: StatefulSet, pod: Pod): Pod {
  const ordinal = ordinalOf(set, pod);
  const labels = hasIdentity(pod) ? {} : identityLabels(set, ordinal);
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...labels } },
    spec: {
      ...(pod.spec ?? { containers: [] }),
      ...(hasStorage(set, pod) ? {} : { volumes: volumesOf(set, pod, ordinal) }),
    },
  };
}

export function newPod(set: StatefulSet, revision: ControllerRevision, ordinal: number): Pod {
  const name = podName(set, ordinal);
  const pod = podFromTemplate(templateIn(set, revision), set);
  pod.metadata = {
    ...pod.metadata,
    name,
    labels: { ...pod.metadata.labels, ...identityLabels(set, ordinal), [REVISION_HASH_LABEL]: revision.metadata.name },
  };
  const volumes = volumesOf(set, pod, ordinal);
  pod.spec = {
    ...(pod.spec ?? { containers: [] }),
    hostname: name,
    ...(set.spec?.serviceName ? { subdomain: set.spec.serviceName } : {}),
    ...(volumes.length === 0 ? {} : { volumes }),
  };
  return pod;
}

export const newClaims = (set: StatefulSet, ordinal: number): PersistentVolumeClaim[] =>
  claimTemplates(set).map((template) => {
    const { spec, metadata } = structuredClone(template);
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: `${metadata?.name ?? ''}-${podName(set, ordinal)}`,
        namespace: set.metadata.namespace ?? '',
        labels: { ...metadata?.labels, ...set.spec?.selector.matchLabels },
        ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      },
      ...(spec === undefined ? {} : { spec }),
    };
  });
