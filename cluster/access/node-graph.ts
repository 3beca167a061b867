/** Which objects a node has to do with: its pods, and what those mount, run as and are claimed by. */
import type { KubeObject, PersistentVolume, Pod } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import type { ResourceAttributes } from './attributes.ts';

const MIRROR = 'kubernetes.io/config.mirror';

type Value = unknown;
const entries = (value: Value): [string, Value][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const nameIn = (value: Value, field: string): string[] => {
  const name = (value as Record<string, unknown> | null)?.[field];
  return typeof name === 'string' ? [name] : [];
};

/** Wherever a spec speaks of a secret: of environments, volumes and their drivers. */
export function secretNames(value: Value): string[] {
  return entries(value).flatMap(([key, part]): string[] => {
    switch (key) {
      case 'secretKeyRef':
      case 'secretRef':
      case 'nodePublishSecretRef':
        return nameIn(part, 'name');
      case 'secret':
        return [...nameIn(part, 'secretName'), ...nameIn(part, 'name')];
      case 'azureFile':
        return nameIn(part, 'secretName');
      case 'imagePullSecrets':
        return Array.isArray(part) ? part.flatMap((one) => nameIn(one, 'name')) : [];
      default:
        return secretNames(part);
    }
  });
}

/** Wherever a spec speaks of a ConfigMap. */
export function configMapNames(value: Value): string[] {
  return entries(value).flatMap(([key, part]) =>
    key === 'configMapKeyRef' || key === 'configMapRef' || key === 'configMap'
      ? nameIn(part, 'name')
      : configMapNames(part),
  );
}

const claimNames = ({ metadata, spec }: Pod): string[] =>
  (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => [
    ...(persistentVolumeClaim ? [persistentVolumeClaim.claimName] : []),
    ...(ephemeral ? [`${metadata.name}-${name}`] : []),
  ]);

const resourceClaimNames = ({ spec, status }: Pod): string[] => [
  ...(spec?.resourceClaims ?? []).flatMap(({ resourceClaimName }) => resourceClaimName ?? []),
  ...(status?.resourceClaimStatuses ?? []).flatMap(({ resourceClaimName }) => resourceClaimName ?? []),
];

interface OnNode extends KubeObject {
  spec?: { nodeName?: string };
}

/** Whether the object asked for is on the way of `node`. */
export function isRelated(
  store: Reader,
  node: string,
  { group, resource, namespace, name }: ResourceAttributes,
): boolean {
  const podsOf = (inNamespace: string) =>
    store.list<Pod>('pods', inNamespace).filter(({ spec }) => spec?.nodeName === node);
  // a mirror pod needs nothing from the API: its kubelet has it from a file
  const needy = (inNamespace: string) =>
    podsOf(inNamespace).filter(({ metadata }) => metadata.annotations?.[MIRROR] === undefined);
  const claims = (inNamespace: string) => needy(inNamespace).flatMap(claimNames);
  const volumes = () =>
    store
      .list<PersistentVolume>('persistentvolumes')
      .filter(({ spec }) => spec?.claimRef && claims(spec.claimRef.namespace ?? '').includes(spec.claimRef.name ?? ''));
  const isOnNode = (full: string) => store.get<OnNode>(full, namespace, name)?.spec?.nodeName === node;
  switch (resource) {
    case 'pods':
      return podsOf(namespace).some(({ metadata }) => metadata.name === name);
    case 'secrets':
      return (
        needy(namespace).some(({ spec }) => secretNames(spec).includes(name)) ||
        volumes().some(({ spec }) => secretNames(spec).includes(name) && spec?.claimRef?.namespace === namespace)
      );
    case 'configmaps':
      return needy(namespace).some(({ spec }) => configMapNames(spec).includes(name));
    case 'serviceaccounts':
      return needy(namespace).some(({ spec }) => spec?.serviceAccountName === name);
    case 'persistentvolumeclaims':
      return claims(namespace).includes(name);
    case 'persistentvolumes':
      return volumes().some(({ metadata }) => metadata.name === name);
    case 'resourceclaims':
      return needy(namespace).some((pod) => resourceClaimNames(pod).includes(name));
    default:
      return isOnNode(`${resource}.${group}`);
  }
}
