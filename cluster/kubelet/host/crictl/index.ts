/** crictl: the node's containers as the runtime knows them, also while the API server is down. Its words are 1.35's. */
import { lookUpImage } from '../../images/lookup.ts';
import type { Context, Machine, Program } from '../../shell/box.ts';
import { atOnce, type Run } from '../../shell/coroutine.ts';
import { read, type Asked } from './asked.ts';
import { images, pods, ps } from './lists.ts';
import { containers, sandboxOf } from './rows.ts';

const SOCKET = '/var/run/containerd/containerd.sock';
const LOOK = 500;

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
