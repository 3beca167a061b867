/**
 * Which schedulers run: a pod of the image kube-scheduler is one, the control plane's own or one that somebody has deployed beside
 * it, with the profiles that its configuration names. A cluster whose control plane is not made of pods has the default one.
 */
import type { ConfigMap, Container, Node, Pod } from '../api/types.ts';
import type { ControllerContext } from '../controllers/controller.ts';
import { namespacedKey, splitKey } from '../controllers/controller.ts';
import { controlPlaneNodes, nodeFiles } from '../node-files.ts';
import type { Reader } from '../store/client.ts';
import { ConfigurationError, DEFAULT_SCHEDULER, defaultProfile } from './configuration/profiles.ts';
import { readConfiguration } from './configuration/read.ts';
import type { SchedulerConfiguration } from './configuration/types.ts';
import type { Profile } from './profile.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const IMAGE = /(?:^|\/)kube-scheduler(?:[:@]|$)/;
/** The election that the control plane's own scheduler takes part in. */
const LEASE = { resourceName: 'kube-scheduler', resourceNamespace: 'kube-system' };

const containerOf = (pod: Pod): Container | undefined =>
  pod.spec?.containers.find(({ image = '' }) => IMAGE.test(image));

export const isSchedulerPod = (pod: Pod): boolean => containerOf(pod) !== undefined;

const isRunning = (pod: Pod): boolean =>
  !pod.metadata.deletionTimestamp &&
  (pod.status?.containerStatuses ?? []).some(({ image, state }) => IMAGE.test(image) && state?.running !== undefined);

/** The value of `--name=value` or `--name value`. */
function flagOf({ command = [], args = [] }: Container, name: string): string | undefined {
  const words = [...command, ...args];
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[at];
  return word === undefined ? undefined : word.includes('=') ? word.slice(name.length + 3) : words[at + 1];
}

/** The text of a file as the container sees it, of those volumes that a configuration comes in. */
function fileOf(pod: Pod, container: Container, path: string, reader: Reader): string | undefined {
  const mount = (container.volumeMounts ?? [])
    .filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, '')}/`))
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0];
  const volume = (pod.spec?.volumes ?? []).find(({ name }) => name === mount?.name);
  if (!mount || !volume) return undefined;
  const below = [mount.subPath, path.slice(mount.mountPath.length).replace(/^\//, '')].filter(Boolean).join('/');
  if (volume.hostPath) {
    const onHost = below === '' ? volume.hostPath.path : `${volume.hostPath.path.replace(/\/$/, '')}/${below}`;
    return nodeFiles(reader, pod.spec?.nodeName ?? '')[onHost];
  }
  const { name = '', items } = volume.configMap ?? {};
  const key = items?.find((item) => item.path === below)?.key ?? below;
  return reader.get<ConfigMap>('configmaps', pod.metadata.namespace ?? '', name)?.data?.[key];
}

interface Running {
  configuration: SchedulerConfiguration;
  profiles: readonly Profile[];
}
const PLAIN: Running = { configuration: {}, profiles: [defaultProfile] };

/** What a scheduler has read when it started. Lost with the process, which reads it again. */
interface Memory {
  /** Keys of pods that are schedulers. */
  pods: Set<string>;
  /** By container: its id and start. */
  started: Map<string, Running | undefined>;
}
const memories = new WeakMap<ControllerContext, Memory>();
function memoryOf(context: ControllerContext): Memory {
  const known = memories.get(context);
  if (known) return known;
  const none: Memory = { pods: new Set(), started: new Map() };
  memories.set(context, none);
  return none;
}

/** To be told of every pod that is a scheduler, when it comes and when it goes. */
export function noteSchedulerPod(pod: Pod, gone: boolean, context: ControllerContext): void {
  const { pods } = memoryOf(context);
  if (gone) pods.delete(namespacedKey(pod));
  else pods.add(namespacedKey(pod));
}

/** undefined: it does not come to scheduling. */
function runningOf(pod: Pod, context: ControllerContext): Running | undefined {
  const container = containerOf(pod);
  if (!container || !isRunning(pod)) return undefined;
  const { started } = memoryOf(context);
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container.name);
  const key = `${pod.metadata.uid} ${status?.containerID ?? ''} ${status?.restartCount ?? 0}`;
  if (!started.has(key)) started.set(key, readOf(pod, container, context.client));
  return started.get(key);
}

function readOf(pod: Pod, container: Container, reader: Reader): Running | undefined {
  const path = flagOf(container, 'config');
  if (path === undefined) return PLAIN;
  const text = fileOf(pod, container, path, reader);
  if (text === undefined) return undefined;
  try {
    return readConfiguration(text);
  } catch (error) {
    // its container says so and ends
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/** A second scheduler that stands for the election that the first has won waits for ever. */
function waitsForLease(pod: Pod, { configuration }: Running, isFirst: boolean): boolean {
  if (isFirst) return false;
  const container = containerOf(pod);
  const { leaderElect, resourceName, resourceNamespace } = { ...LEASE, ...configuration.leaderElection };
  const flag = container && flagOf(container, 'leader-elect');
  const elects = leaderElect ?? flag !== 'false';
  return elects && resourceName === LEASE.resourceName && resourceNamespace === LEASE.resourceNamespace;
}

/** The profile that places pods with this spec.schedulerName; undefined: nobody does. */
export function profileFor(schedulerName: string, context: ControllerContext): Profile | undefined {
  const { client } = context;
  const hosts = controlPlaneNodes(client);
  const { pods } = memoryOf(context);
  const named = ({ profiles }: Running) => profiles.find((profile) => profile.schedulerName === schedulerName);
  if (hosts.length === 0 && schedulerName === DEFAULT_SCHEDULER) return defaultProfile;
  let first = hosts.length > 0;
  for (const key of [...pods].sort((a, b) => Number(isOwn(b, hosts)) - Number(isOwn(a, hosts)) || (a < b ? -1 : 1))) {
    const { namespace, name } = splitKey(key);
    const pod = client.get<Pod>('pods', namespace, name);
    if (!pod || (isOwn(key, hosts) && !isMirror(pod, client))) continue;
    const running = runningOf(pod, context);
    if (!running || waitsForLease(pod, running, first && isOwn(key, hosts))) continue;
    if (isOwn(key, hosts)) first = false;
    const profile = named(running);
    if (profile) return profile;
  }
  return undefined;
}

/** One of the control plane's static pods. */
const isOwn = (key: string, hosts: readonly string[]): boolean =>
  hosts.some((host) => key === `kube-system/kube-scheduler-${host}`);

const isMirror = ({ metadata, spec }: Pod, reader: Reader): boolean =>
  metadata.annotations?.[MIRROR] !== undefined && reader.get<Node>('nodes', '', spec?.nodeName ?? '') !== undefined;
