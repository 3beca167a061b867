/** crictl's tables: containers, pods, images. */
import type { Node } from '../../../api/types.ts';
import { lookUpImage } from '../../images/lookup.ts';
import type { Context, Machine } from '../../shell/box.ts';
import { tabTable } from '../tab-table.ts';
import type { Asked } from './asked.ts';
import { ago, at, containers, podsOf, sandboxOf } from './rows.ts';

const SHORT = 13;

export function ps(context: Context, machine: Machine, asked: Asked): number {
  const wanted = asked.value('s', 'state')?.toLowerCase();
  const rows = containers(context, machine)
    .filter(({ state }) =>
      wanted === undefined ? asked.has('a', 'all') || state === 'Running' : state.toLowerCase() === wanted,
    )
    .filter(({ name }) => new RegExp(escaped(asked.value('name') ?? '')).test(name))
    .filter(({ pod }) => sandboxOf(pod).startsWith(asked.value('p', 'pod') ?? ''))
    .filter(({ pod }) => asked.value('namespace') === undefined || pod.metadata.namespace === asked.value('namespace'));
  if (asked.has('q', 'quiet')) {
    context.io.stdout.write(rows.map(({ id }) => `${id}\n`).join(''));
    return 0;
  }
  const cells = rows.map(({ id, imageId, createdAt, state, name, attempt, pod }) => [
    id.slice(0, SHORT),
    imageId.slice(0, SHORT),
    ago(context.box.now() - createdAt),
    state,
    name,
    String(attempt),
    sandboxOf(pod).slice(0, SHORT),
    pod.metadata.name,
    pod.metadata.namespace ?? '',
  ]);
  const head = ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'];
  context.io.stdout.write(tabTable([head, ...cells], 20, 3));
  return 0;
}

/** Its own text: no pattern of a stranger's is run. */
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function pods(context: Context, machine: Machine, asked: Asked): number {
  const all = podsOf(context, machine)
    .filter(({ status }) => status?.startTime !== undefined)
    .filter(({ metadata }) => metadata.name.includes(asked.value('name') ?? ''))
    .filter(({ metadata }) => asked.value('namespace') === undefined || metadata.namespace === asked.value('namespace'))
    .toSorted((a, b) => at(b.status?.startTime) - at(a.status?.startTime));
  if (asked.has('q', 'quiet')) {
    context.io.stdout.write(all.map((pod) => `${sandboxOf(pod)}\n`).join(''));
    return 0;
  }
  const cells = all.map((pod) => [
    sandboxOf(pod).slice(0, SHORT),
    ago(context.box.now() - at(pod.status?.startTime)),
    pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' ? 'NotReady' : 'Ready',
    pod.metadata.name,
    pod.metadata.namespace ?? '',
    '0',
    '(default)',
  ]);
  context.io.stdout.write(
    tabTable([['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], ...cells], 20, 3),
  );
  return 0;
}

export function images(context: Context, machine: Machine, asked: Asked): number {
  const node = context.box.network.objects.get<Node>('nodes', '', machine.node);
  const inUse = podsOf(context, machine).flatMap(({ status }) =>
    (status?.containerStatuses ?? []).map(({ image }) => image),
  );
  const listed = (node?.status?.images ?? []).flatMap(({ names = [] }) => names.filter((name) => !name.includes('@')));
  const found = [...new Set([...inUse, ...listed])].flatMap((name) => {
    const looked = lookUpImage(name);
    return looked.kind === 'found' ? [looked.image] : [];
  });
  const rows = found
    .toSorted((a, b) => (a.repository < b.repository ? -1 : 1))
    .map(({ repository, tag, digest, bytes }) => {
      const mega = bytes / 1_000_000;
      return [
        repository,
        tag || '<none>',
        digest.replace('sha256:', '').slice(0, SHORT),
        `${mega >= 100 ? Math.round(mega) : mega.toPrecision(3)}MB`,
      ];
    });
  if (asked.has('q', 'quiet')) context.io.stdout.write(found.map(({ digest }) => `${digest}\n`).join(''));
  else context.io.stdout.write(tabTable([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...rows], 20, 3));
  return 0;
}
