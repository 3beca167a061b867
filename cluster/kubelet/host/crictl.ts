/** crictl: the node's containers as the runtime knows them, also while the API server is down. Its words are 1.35's. */
import type { ContainerStatus, Node, Pod } from '../../api/types.ts';
import { podsOn } from '../../store/client.ts';
import { idOf, lookUpImage } from '../images/lookup.ts';
import type { Context, Machine, Program } from '../shell/box.ts';
import { atOnce, type Run } from '../shell/coroutine.ts';
import { tabTable } from './tab-table.ts';

const SOCKET = '/var/run/containerd/containerd.sock';
const SHORT = 13;
const LOOK = 500;
const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

interface Row {
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
const sandboxOf = ({ metadata }: Pod): string => idOf('sandbox', metadata.uid ?? '');
const at = (text: string | undefined): number => Date.parse(text ?? '') || 0;

/** `27 minutes ago`, as Go's units package says it. */
function ago(ms: number): string {
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

const podsOf = ({ box }: Context, { node }: Machine): readonly Pod[] => podsOn(box.network.objects, node);

function containers(context: Context, machine: Machine): Row[] {
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

interface Asked {
  words: string[];
  has(...names: string[]): boolean;
  value(...names: string[]): string | undefined;
}
const WITH_VALUE = new Set([
  'name',
  'namespace',
  'state',
  'pod',
  'p',
  'label',
  'tail',
  'o',
  'output',
  'image',
  's',
  'n',
  'last',
  'since',
  'r',
  'runtime-endpoint',
  'i',
  'image-endpoint',
  't',
  'timeout',
]);

function read(args: readonly string[]): Asked {
  const words: string[] = [];
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) {
      words.push(word);
      continue;
    }
    const [name = '', value] = word.replace(/^--?/, '').split('=');
    if (value !== undefined) given.set(name, value);
    else if (WITH_VALUE.has(name)) given.set(name, args[++index] ?? '');
    // letters in a row: `-qa`
    else if (!word.startsWith('--')) for (const letter of name) given.set(letter, '');
    else given.set(name, '');
  }
  return {
    words,
    has: (...names) => names.some((name) => given.has(name)),
    value: (...names) => names.map((name) => given.get(name)).find((one) => one !== undefined),
  };
}

function ps(context: Context, machine: Machine, asked: Asked): number {
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

function pods(context: Context, machine: Machine, asked: Asked): number {
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

function images(context: Context, machine: Machine, asked: Asked): number {
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

const fatal = ({ io }: Context, text: string): number => {
  io.stderr.write(`FATA[0000] ${text} \n`);
  return 1;
};
const notFound = (kind: string, id: string) =>
  `rpc error: code = NotFound desc = an error occurred when try to find ${kind} ${JSON.stringify(id)}: not found`;

function* logs(context: Context, machine: Machine, asked: Asked): Run {
  const [id = ''] = asked.words;
  if (id === '') return fatal(context, 'ID cannot be empty');
  const row = containers(context, machine).find((one) => one.id.startsWith(id));
  const kept = row && machine.container(row.id);
  if (row === undefined) return fatal(context, notFound('container', id));
  if (kept === undefined) return 0;
  const tail = Number(asked.value('tail') ?? -1);
  let shown = kept.lines().length;
  const all = kept.lines();
  const first = tail >= 0 ? all.slice(Math.max(0, all.length - tail)) : all;
  context.io.stdout.write(first.map((line) => `${line}\n`).join(''));
  while (asked.has('f', 'follow')) {
    if (context.pending('INT') !== undefined) return 130;
    yield { until: context.box.now() + LOOK, event: true };
    const lines = kept.lines();
    context.io.stdout.write(
      lines
        .slice(shown)
        .map((line) => `${line}\n`)
        .join(''),
    );
    shown = lines.length;
  }
  return 0;
}

function inspect(context: Context, machine: Machine, { words }: Asked): number {
  const [id = ''] = words;
  const row = containers(context, machine).find((one) => id !== '' && one.id.startsWith(id));
  if (row === undefined) return fatal(context, notFound('container', id));
  const { name, namespace = '', uid = '' } = row.pod.metadata;
  const time = (ms = 0) => (ms === 0 ? '0001-01-01T00:00:00Z' : new Date(ms).toISOString());
  const status = {
    id: row.id,
    metadata: { attempt: row.attempt, name: row.name },
    state: row.state === 'Running' ? 'CONTAINER_RUNNING' : 'CONTAINER_EXITED',
    createdAt: time(row.createdAt),
    startedAt: time(row.createdAt),
    finishedAt: time(row.finishedAt),
    exitCode: row.exitCode ?? 0,
    image: { image: row.image },
    imageRef: row.imageId,
    reason: row.state === 'Running' ? '' : row.exitCode === 0 ? 'Completed' : 'Error',
    labels: {
      'io.kubernetes.container.name': row.name,
      'io.kubernetes.pod.name': name,
      'io.kubernetes.pod.namespace': namespace,
      'io.kubernetes.pod.uid': uid,
    },
    logPath: `/var/log/pods/${namespace}_${name}_${uid}/${row.name}/${row.attempt}.log`,
  };
  context.io.stdout.write(
    `${JSON.stringify({ status, info: { sandboxID: sandboxOf(row.pod), pid: 1400 } }, undefined, 2)}\n`,
  );
  return 0;
}

function act(context: Context, machine: Machine, verb: string, { words }: Asked): number {
  let code = 0;
  for (const id of words) {
    const row = containers(context, machine).find((one) => one.id.startsWith(id));
    if (row === undefined) code = fatal(context, notFound('container', id));
    else if (verb === 'rm' && row.state === 'Running') {
      code = fatal(
        context,
        `removing container ${JSON.stringify(id)} failed: container is running, please stop it first`,
      );
    } else {
      if (verb === 'stop') machine.container(row.id)?.stop();
      context.io.stdout.write(`${id}\n`);
    }
  }
  return code;
}

function pull(context: Context, [name = '']: readonly string[]): number {
  const looked = lookUpImage(name);
  if (looked.kind === 'found') {
    context.io.stdout.write(`Image is up to date for ${looked.image.digest}\n`);
    return 0;
  }
  return fatal(context, `pulling image: ${looked.message}`);
}

function run(context: Context): Run | number {
  const { machine } = context.box;
  const asked = read(context.argv.slice(1));
  const [verb = ''] = asked.words.splice(0, 1);
  if (machine === undefined || !machine.state().containerd.runs) {
    return fatal(
      context,
      `validate service connection: validate CRI v1 runtime API for endpoint "unix://${SOCKET}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${SOCKET}: connect: no such file or directory"`,
    );
  }
  switch (verb) {
    case 'ps':
      return ps(context, machine, asked);
    case 'pods':
      return pods(context, machine, asked);
    case 'images':
    case 'image':
      return images(context, machine, asked);
    case 'logs':
      return logs(context, machine, asked);
    case 'inspect':
      return inspect(context, machine, asked);
    case 'stop':
    case 'rm':
      return act(context, machine, verb, asked);
    case 'pull':
      return pull(context, asked.words);
    case 'version':
      context.io.stdout.write(
        'Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v2.1.4\nRuntimeApiVersion:  v1\n',
      );
      return 0;
    case 'info':
      context.io.stdout.write(`${JSON.stringify(info(machine), undefined, 2)}\n`);
      return 0;
    default:
      context.io.stderr.write(verb === '' ? '' : `No help topic for '${verb}'\n`);
      return verb === '' ? 0 : 3;
  }
}

const info = (_machine: Machine) => ({
  status: {
    conditions: [
      { message: '', reason: '', status: true, type: 'RuntimeReady' },
      { message: '', reason: '', status: true, type: 'NetworkReady' },
    ],
  },
  config: { systemdCgroup: true },
});

export const CRICTL: Readonly<Record<string, Program>> = {
  crictl: (context) => {
    const result = run(context);
    return typeof result === 'number' ? atOnce(() => result) : result;
  },
};
