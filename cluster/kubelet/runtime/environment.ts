/** The variables a container starts with. */
import { parseQuantity } from '../../api/quantity.ts';
import type { ConfigMap, Container, Node, Pod, Secret, Service } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import { DEFAULT_PATH } from '../shell/programs.ts';
import type { Image } from '../images/image.ts';
import { toBytes } from '../files/file-tree.ts';

export interface PodPlace {
  store: Reader;
  pod: Pod;
  node: Node | undefined;
  podIP: string;
  hostIP: string;
}

const decode = (value: string): string => Buffer.from(value, 'base64').toString('utf8');

export function fieldValue({ pod, podIP, hostIP }: PodPlace, path: string): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  if (map === 'labels' || map === 'annotations') return pod.metadata[map]?.[key ?? ''] ?? '';
  const lines = (values: Record<string, string> | undefined) =>
    Object.entries(values ?? {})
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join('\n');
  const values: Record<string, () => string> = {
    'metadata.name': () => pod.metadata.name,
    'metadata.namespace': () => pod.metadata.namespace ?? '',
    'metadata.uid': () => pod.metadata.uid ?? '',
    'metadata.labels': () => lines(pod.metadata.labels),
    'metadata.annotations': () => lines(pod.metadata.annotations),
    'spec.nodeName': () => pod.spec?.nodeName ?? '',
    'spec.serviceAccountName': () => pod.spec?.serviceAccountName ?? 'default',
    'status.podIP': () => podIP,
    'status.podIPs': () => podIP,
    'status.hostIP': () => hostIP,
    'status.hostIPs': () => hostIP,
  };
  return values[path]?.() ?? '';
}

/** A container's request or limit, divided and rounded up; a limit that is not set is the node's. */
export function resourceValue(
  { pod, node }: PodPlace,
  own: string,
  source: { containerName?: string; resource: string; divisor?: string | number },
): string {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const container = containers.find((one) => one.name === (source.containerName ?? own));
  const [kind = '', ...rest] = source.resource.split('.');
  const name = rest.join('.');
  const { requests, limits } = container?.resources ?? {};
  const text = kind === 'limits' ? (limits?.[name] ?? node?.status?.allocatable?.[name]) : requests?.[name];
  const amount = parseQuantity(text ?? '0');
  const divisorText = String(source.divisor ?? '0');
  const divisor = parseQuantity(divisorText === '0' ? '1' : divisorText);
  if (amount === undefined || divisor === undefined) return '0';
  return String(
    Math.ceil(name === 'cpu' ? amount.milliValue() / divisor.milliValue() : amount.value() / divisor.value()),
  );
}

/** `$(NAME)` by what is known so far; `$$(NAME)` stays as `$(NAME)`. */
export const substituted = (text: string, known: ReadonlyMap<string, string>): string =>
  text.replace(/\$\$|\$\(([^()]*)\)/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (known.get(name) ?? all),
  );

function serviceVariables(store: Reader, pod: Pod): [string, string][] {
  const own =
    pod.spec?.enableServiceLinks === false ? [] : store.list<Service>('services', pod.metadata.namespace ?? '');
  const kubernetes = store.get<Service>('services', 'default', 'kubernetes');
  const services = [
    ...(kubernetes === undefined ? [] : [kubernetes]),
    ...own.filter((service) => service.metadata.uid !== kubernetes?.metadata.uid),
  ];
  return services.flatMap((service): [string, string][] => {
    const { clusterIP = 'None', ports = [] } = service.spec ?? {};
    const [first] = ports;
    if (clusterIP === 'None' || clusterIP === '' || first === undefined) return [];
    const prefix = service.metadata.name.toUpperCase().replace(/-/g, '_');
    const variables: [string, string][] = [
      [`${prefix}_SERVICE_HOST`, clusterIP],
      [`${prefix}_SERVICE_PORT`, String(first.port)],
    ];
    for (const { name, port } of ports)
      if (name) variables.push([`${prefix}_SERVICE_PORT_${name.toUpperCase().replace(/-/g, '_')}`, String(port)]);
    const url = (port: number, protocol = 'TCP') => `${protocol.toLowerCase()}://${clusterIP}:${port}`;
    variables.push([`${prefix}_PORT`, url(first.port, first.protocol)]);
    for (const { port, protocol = 'TCP' } of ports) {
      const base = `${prefix}_PORT_${port}_${protocol}`;
      variables.push(
        [base, url(port, protocol)],
        [`${base}_PROTO`, protocol.toLowerCase()],
        [`${base}_PORT`, String(port)],
        [`${base}_ADDR`, clusterIP],
      );
    }
    return variables;
  });
}

/** In the order in which they are set. */
export function environmentOf(
  place: PodPlace,
  container: Container,
  image: Image,
  { hostname, home }: { hostname: string; home: string },
): Map<string, string> {
  const { store, pod } = place;
  const namespace = pod.metadata.namespace ?? '';
  const own = new Map<string, string>();
  const services = serviceVariables(store, pod);
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const map = configMapRef && store.get<ConfigMap>('configmaps', namespace, configMapRef.name ?? '');
    const secret = secretRef && store.get<Secret>('secrets', namespace, secretRef.name ?? '');
    for (const [key, value] of Object.entries(map?.data ?? {})) own.set(prefix + key, value);
    for (const [key, value] of Object.entries(secret?.data ?? {})) own.set(prefix + key, decode(value));
  }
  const { env: asked = [] } = container;
  // only those that are asked for one by one may name others
  const known = new Map<string, string>(asked.length === 0 ? [] : [...services, ...own]);
  for (const { name, value, valueFrom } of asked) {
    let text: string | undefined = value === undefined ? '' : substituted(value, known);
    if (valueFrom?.fieldRef) text = fieldValue(place, valueFrom.fieldRef.fieldPath ?? '');
    else if (valueFrom?.resourceFieldRef) text = resourceValue(place, container.name, valueFrom.resourceFieldRef);
    else if (valueFrom?.configMapKeyRef)
      text = store.get<ConfigMap>('configmaps', namespace, valueFrom.configMapKeyRef.name ?? '')?.data?.[
        valueFrom.configMapKeyRef.key ?? ''
      ];
    else if (valueFrom?.secretKeyRef) {
      const found = store.get<Secret>('secrets', namespace, valueFrom.secretKeyRef.name ?? '')?.data?.[
        valueFrom.secretKeyRef.key ?? ''
      ];
      text = found === undefined ? undefined : decode(found);
    }
    if (text === undefined) continue;
    own.set(name, text);
    known.set(name, text);
  }
  const env = new Map<string, string>([['PATH', DEFAULT_PATH], ['HOSTNAME', hostname], ...Object.entries(image.env)]);
  if (container.tty === true) env.set('TERM', 'xterm');
  for (const [name, value] of own) env.set(name, value);
  for (const [name, value] of services) if (!own.has(name)) env.set(name, value);
  if (!env.has('HOME')) env.set('HOME', home);
  const bytes = new Map<string, string>();
  for (const [name, value] of env) bytes.set(toBytes(name), toBytes(value));
  return bytes;
}
