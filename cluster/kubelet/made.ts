/** The containers a pod has had, as the runtime knows them: told again from its status after a restart, and seen to end. */
import { timeText } from '../api/time.ts';
import type { Container, ContainerStatus, Pod } from '../api/types.ts';
import { hostAddress } from './address.ts';
import { toText } from './files/file-tree.ts';
import { lookUpImage } from './images/lookup.ts';
import type { Instance } from './runtime/instance.ts';
import { noticedAt, nowOf, type ContainerRole, type Life, type Made, type Terminated, type Work } from './work.ts';

/** Shown as the start of a container that could not be started. */
export const EPOCH = '1970-01-01T00:00:00Z';
/** Bytes of a termination message, and lines and bytes of output in its place. */
const LONGEST_MESSAGE = 4096;
const FALLBACK_LINES = 80;
const FALLBACK_BYTES = 2048;
/** The one that is, perhaps not yet to be seen, and two before. */
const KEPT = 3;

export const ROLES: readonly (readonly [ContainerRole, keyof NonNullable<Pod['status']>])[] = [
  ['initContainers', 'initContainerStatuses'],
  ['containers', 'containerStatuses'],
  ['ephemeralContainers', 'ephemeralContainerStatuses'],
];

export const containersIn = (pod: Pod, role: ContainerRole): readonly Container[] => pod.spec?.[role] ?? [];
export function findContainer(pod: Pod, name: string): Container | undefined {
  for (const [role] of ROLES) {
    const found = containersIn(pod, role).find((one) => one.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const bareId = (id: string): string => id.replace('containerd://', '');

/** The newest of that name that is to be seen. */
export const newest = (life: Life, name: string): Made | undefined => life.made.get(name)?.[0];
export const visible = (life: Life, name: string, now: number): Made[] =>
  (life.made.get(name) ?? []).filter((one) => one.visibleAt <= now);
export type Running = Made & { exit?: undefined };
export const runs = (made: Made | undefined): made is Running => made !== undefined && made.exit === undefined;
export const allRunning = (life: Life): Made[] =>
  [...life.made.values()].flatMap(([made]) => (runs(made) ? [made] : []));

/** The spec names another image than the container was made from. */
export function isOtherThanAsked(made: Made, container: Container): boolean {
  return made.asked !== (container.image ?? '');
}

export function remember(life: Life, made: Made): void {
  life.made.set(made.name, [made, ...(life.made.get(made.name) ?? [])].slice(0, KEPT));
}

/** What the pod's status says of its containers: all that is known after a restart. */
export function recall(life: Life, pod: Pod): void {
  for (const [role, field] of ROLES) {
    for (const status of (pod.status?.[field] ?? []) as readonly ContainerStatus[]) {
      const container = containersIn(pod, role).find((one) => one.name === status.name);
      const list = container === undefined ? [] : recalled(role, container, status);
      if (list.length > 0) life.made.set(status.name, list);
    }
  }
}

function recalled(role: ContainerRole, container: Container, status: ContainerStatus): Made[] {
  const wanted = lookUpImage(container.image ?? '');
  const same = wanted.kind === 'found' ? wanted.image.reference === status.image : container.image === status.image;
  const base = {
    name: status.name,
    role,
    image: status.image,
    imageID: status.imageID,
    asked: same ? (container.image ?? '') : status.image,
    visibleAt: 0,
    seen: true,
    resources: status.resources ?? container.resources ?? {},
  };
  const ended = (exit: Terminated, restartCount: number): Made => ({
    ...base,
    id: exit.containerID ?? '',
    restartCount,
    startedAt: Date.parse(exit.startedAt ?? EPOCH),
    exit,
  });
  const last = status.lastState?.terminated;
  const { running, terminated } = status.state ?? {};
  const older = last === undefined ? [] : [ended(last, Math.max(0, status.restartCount - 1))];
  if (running !== undefined) {
    const startedAt = Date.parse(running.startedAt ?? EPOCH);
    return [{ ...base, id: status.containerID ?? '', restartCount: status.restartCount, startedAt }, ...older];
  }
  if (terminated !== undefined) return [ended(terminated, status.restartCount), ...older];
  return last === undefined ? [] : [ended(last, status.restartCount)];
}

/** The processes behind a container; one that the runtime has lost (a restored cluster) lives through its life again. */
export function instanceOf(work: Work, made: Made): Instance | undefined {
  const id = bareId(made.id);
  const known = work.runtime.get(id);
  if (known !== undefined || id === '' || made.exit !== undefined) return known;
  const { pod, node, life } = work;
  const looked = lookUpImage(made.asked);
  const container = findContainer(pod, made.name);
  if (looked.kind !== 'found' || container === undefined) return undefined;
  const asked = {
    pod,
    node,
    podIP: life.sandbox?.address ?? '',
    hostIP: hostAddress(node),
    container,
    image: looked.image,
    id,
    startedAt: made.startedAt,
  };
  const revived = work.runtime.revive(nowOf(work), () => work.runtime.start(asked));
  return typeof revived === 'string' ? undefined : revived;
}

/** Looks whether containers have ended. Returns whether one is seen to have, and when to look again. */
export function notice(work: Work): { changed: boolean; again: number } {
  const { life } = work;
  const now = nowOf(work);
  let changed = false;
  let again = Infinity;
  for (const made of allRunning(life)) {
    const instance = instanceOf(work, made);
    const ended = instance?.process.ended;
    if (instance === undefined || ended === undefined) continue;
    const at = Math.max(noticedAt(ended.at), made.visibleAt);
    if (at <= now) {
      close(work, made);
      changed = true;
    } else again = Math.min(again, at);
  }
  return { changed, again };
}

/** The container is over: what its end was. `lost`: its exit code, where there is no process left to ask. */
export function close(work: Work, made: Made, lost = 137): void {
  const instance = work.runtime.get(bareId(made.id));
  const { at, code, reason } = instance?.process.ended ?? { at: nowOf(work), code: lost, reason: undefined };
  work.runtime.stop(bareId(made.id), at, code);
  const message = lastWords(findContainer(work.pod, made.name), instance, code);
  made.exit = {
    containerID: made.id,
    exitCode: code,
    reason: reason ?? (code === 0 ? 'Completed' : 'Error'),
    ...(message === '' ? {} : { message }),
    startedAt: timeText(made.startedAt),
    finishedAt: timeText(at),
  };
}

/** What the container left in its termination log, or printed where that counts instead. */
function lastWords(container: Container | undefined, instance: Instance | undefined, code: number): string {
  const root = instance?.termination.root;
  const written = root?.kind === 'file' ? toText(root.data).slice(0, LONGEST_MESSAGE) : '';
  const fallsBack = container?.terminationMessagePolicy === 'FallbackToLogsOnError' && code !== 0;
  if (written !== '' || !fallsBack || instance === undefined) return written;
  return toText(instance.log.tail(FALLBACK_LINES)).slice(-FALLBACK_BYTES);
}
