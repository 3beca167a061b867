/** What an image does when nobody has told it anything but what it needs: for its golden in goldens.json. */
import { TestNetwork } from '../../network/testing.ts';
import { toText } from '../files/file-tree.ts';
import { SimulatedRuntime } from '../runtime/runtime.ts';
import { of, type ImageSpec } from './image.ts';
import { lookUpImage } from './lookup.ts';

const START = Date.UTC(2026, 4, 1, 10);
/** Milliseconds after which it should be up. */
const UP = 60_000;
/** Tags that are tried, until one exists. */
const TAGS =
  'latest v1.35.4 1.0 2.53 0.24 3.6.6-0 v2 v1 v3 1.0-3.4.10 3.10 blue v0.8.0 1.10 9.0.1 0.1 v2.13.0 9.0 stable'.split(
    ' ',
  );
/** Variables without which it ends at once. */
const NEEDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mysql: { MYSQL_ROOT_PASSWORD: 'secret' },
  mariadb: { MARIADB_ROOT_PASSWORD: 'secret' },
  postgres: { POSTGRES_PASSWORD: 'secret' },
};
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'registry.k8s.io/kubernetes-zookeeper': ['sh', '-c', 'start-zookeeper --servers=1'],
};

export interface Observed {
  image: string;
  /** The first and the last line of its log. */
  first: string;
  last: string;
  ports: number[];
  /** The first line that HTTP says on its first port, and the first of the body. */
  answer: string;
  /** Its exit code, when it has ended by itself; otherwise that after SIGTERM. */
  ended: string;
  /** Whether `sh` runs in it. */
  shell: boolean;
}

export function observe(spec: ImageSpec, env?: Readonly<Record<string, string>>): Observed {
  const [repository = ''] = spec.repositories;
  const tag = TAGS.find((one) => spec.tags.test(one)) ?? '';
  const name = `${repository}:${tag}`;
  const found = lookUpImage(name);
  if (found.kind !== 'found') throw new Error(`${name}: ${found.message}`);
  const net = new TestNetwork();
  net.namespace('default');
  const clock = { time: START };
  const runtime = new SimulatedRuntime({
    store: net.store,
    clock: { now: () => clock.time },
    random: { next: () => 0.5 },
    token: () => 'token',
  });
  const pod = net.pod('default/web-0', '10.244.1.10');
  const command = COMMANDS[repository];
  const bare = command === undefined && of(spec.entrypoint, tag) === undefined && of(spec.cmd, tag) === undefined;
  const variables = Object.entries(env ?? NEEDS[repository] ?? {}).map(([key, value]) => ({ name: key, value }));
  const container = {
    name: 'main',
    env: variables,
    ...(command ? { command: [...command] } : bare ? { command: ['true'] } : {}),
  };
  const asked = { pod, node: undefined, podIP: '10.244.1.10', hostIP: '172.30.1.2', container, startedAt: START };
  const instance = runtime.start({ ...asked, image: found.image, id: 'observed' });
  if (typeof instance === 'string') throw new Error(`${name}: ${instance}`);
  const uid = pod.metadata.uid ?? '';
  clock.time += UP;
  runtime.advance(uid, clock.time);
  const ports = [...instance.listeners.keys()].sort((a, b) => a - b);
  const [port] = instance.listeners.keys();
  const said =
    port === undefined
      ? ''
      : (runtime.dial(uid, port, '127.0.0.1')?.say('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n') ?? '');
  const body =
    said
      .slice(said.indexOf('\r\n\r\n') + 4)
      .trimStart()
      .split('\n')[0] ?? '';
  const own = instance.process.ended;
  const ran = runtime.runNow(instance, ['sh', '-c', 'true'], 1000);
  if (own === undefined) {
    instance.process.signal('TERM');
    clock.time += 1000;
    runtime.advance(uid, clock.time);
  }
  const lines = instance.log.entries.map(({ line }) => toText(line)).filter((line) => line !== '');
  const after = instance.process.ended;
  return {
    image: name,
    first: lines[0] ?? '',
    last: lines.at(-1) ?? '',
    ports,
    answer: said.startsWith('HTTP/') ? `${said.split('\r\n')[0]} ${body}`.trim() : '',
    ended: own ? `by itself ${own.code}` : after ? `after SIGTERM ${after.code}` : 'not',
    shell: !('refused' in ran),
  };
}
