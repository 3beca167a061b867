/** Settings with which a container can't be made: missing keys, and users it may not run as. */
import type { ConfigMap, Container, Pod, Secret } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import type { Image } from './images/image.ts';

/** The reason in the kubelet's words; undefined when nothing is wrong. `podText`: the pod as messages name it. */
export function configProblem(
  store: Reader,
  pod: Pod,
  container: Container,
  image: Image,
  podText: string,
): string | undefined {
  return (
    environmentProblem(store, pod.metadata.namespace ?? '', container) ??
    pathProblem(store, pod.metadata.namespace ?? '', container) ??
    userProblem(pod, container, image, podText)
  );
}

function environmentProblem(store: Reader, namespace: string, container: Container): string | undefined {
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    const problem =
      (configMapRef && lacks(store, 'configmap', namespace, configMapRef)) ??
      (secretRef && lacks(store, 'secret', namespace, secretRef));
    if (problem !== undefined) return problem;
  }
  for (const { valueFrom } of container.env ?? []) {
    const problem =
      (valueFrom?.configMapKeyRef && lacks(store, 'configmap', namespace, valueFrom.configMapKeyRef)) ??
      (valueFrom?.secretKeyRef && lacks(store, 'secret', namespace, valueFrom.secretKeyRef));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A sub-path that is made of variables has all of them. */
function pathProblem(store: Reader, namespace: string, container: Container): string | undefined {
  const expressions = (container.volumeMounts ?? []).flatMap(({ subPathExpr }) => subPathExpr ?? []);
  if (expressions.length === 0) return undefined;
  const known = new Set((container.env ?? []).map(({ name }) => name));
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const source = configMapRef
      ? store.get<ConfigMap>('configmaps', namespace, configMapRef.name ?? '')
      : store.get<Secret>('secrets', namespace, secretRef?.name ?? '');
    for (const key of Object.keys(source?.data ?? {})) known.add(prefix + key);
  }
  const names = expressions.flatMap((text) =>
    [...text.matchAll(/(?<!\$)\$\(([^()]+)\)/g)].map((match) => match[1] ?? ''),
  );
  const absent = names.find((name) => !known.has(name) && !/_(SERVICE|PORT)(_|$)/.test(name));
  return absent === undefined ? undefined : `missing value for ${absent}`;
}

interface Reference {
  name?: string;
  key?: string;
  optional?: boolean;
}

function lacks(
  store: Reader,
  kind: 'configmap' | 'secret',
  namespace: string,
  { name = '', key, optional }: Reference,
): string | undefined {
  if (optional === true) return undefined;
  const object =
    kind === 'configmap'
      ? store.get<ConfigMap>('configmaps', namespace, name)
      : store.get<Secret>('secrets', namespace, name);
  if (object === undefined) return `${kind} "${name}" not found`;
  if (key === undefined || object.data?.[key] !== undefined) return undefined;
  return `couldn't find key ${key} in ${kind === 'configmap' ? 'ConfigMap' : 'Secret'} ${namespace}/${name}`;
}

function userProblem(pod: Pod, container: Container, image: Image, podText: string): string | undefined {
  const nonRoot = container.securityContext?.runAsNonRoot ?? pod.spec?.securityContext?.runAsNonRoot;
  if (nonRoot !== true) return undefined;
  const user = container.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser;
  const who = `(pod: "${podText}", container: ${container.name})`;
  if (user === 0) return `container's runAsUser breaks non-root policy ${who}`;
  if (user === undefined && image.user === 0) return `container has runAsNonRoot and image will run as root ${who}`;
  return undefined;
}
