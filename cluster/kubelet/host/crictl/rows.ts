/** A node's containers as its runtime has them: those that run, and those that ended and were not yet removed. */
import type { ContainerStatus, Pod } from '../../../api/types.ts';
import { podsOn } from '../../../store/client.ts';
import { idOf } from '../../images/lookup.ts';
import type { Context, Machine } from '../../shell/box.ts';

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

export interface Row {
  id: string;
  image: string;
  imageId: string;
  createdAt: number;
  state: 'Running' | 'Exited' | 'Created';
  name: string;
  attempt: number;
  pod: Pod;
  finishedAt?: number;
  exitCode?: number;
}

const bare = (id = ''): string => id.replace(/^[a-z]+:\/\//, '');
export const sandboxOf = ({ metadata }: Pod): string => idOf('sandbox', metadata.uid ?? '');
export const at = (text: string | undefined): number => Date.parse(text ?? '') || 0;

/** `27 minutes ago`, as Go's units package says it. */
export function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'Less than a second ago';
  if (seconds >= 60 && seconds < 120) return 'About a minute ago';
  if (seconds >= 3600 && seconds < 7200) return 'About an hour ago';
  const [size = 1000, unit = 'second'] = UNITS.find(([one]) => ms >= one) ?? [];
  const count = Math.floor(ms / size);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

function rowsOfStatus(pod: Pod, status: ContainerStatus): Row[] {
  const rows: Row[] = [];
  const base = {
    image: status.image,
    imageId: bare(status.imageID.split('@').at(-1)).replace('sha256:', ''),
    name: status.name,
    pod,
  };
  const { running, terminated } = status.state ?? {};
  if (running) {
    rows.push({
      ...base,
      id: bare(status.containerID),
      createdAt: at(running.startedAt),
      state: 'Running',
      attempt: status.restartCount,
    });
  }
  const ended = [terminated, status.lastState?.terminated].filter((one) => one?.containerID !== undefined);
  for (const one of ended) {
    rows.push({
      ...base,
      id: bare(one?.containerID),
      createdAt: at(one?.startedAt),
      state: 'Exited',
      attempt: running || one !== ended[0] ? Math.max(0, status.restartCount - 1) : status.restartCount,
      finishedAt: at(one?.finishedAt),
      exitCode: one?.exitCode ?? 0,
    });
  }
  return rows.filter(({ id }) => id !== '');
}

export const podsOf = ({ box }: Context, { node }: Machine): readonly Pod[] => podsOn(box.network.objects, node);

export function containers(context: Context, machine: Machine): Row[] {
  return podsOf(context, machine)
    .flatMap((pod) =>
      [
        ...(pod.status?.initContainerStatuses ?? []),
        ...(pod.status?.containerStatuses ?? []),
        ...(pod.status?.ephemeralContainerStatuses ?? []),
      ].flatMap((status) => rowsOfStatus(pod, status)),
    )
    .toSorted((a, b) => b.createdAt - a.createdAt);
}
