/**
 * Random pods on random nodes of a real control plane, one decision at a time: what our scheduler makes of the very same objects is
 * compared with what the real one did (the node, where scores decide; the condition and its sentence; who was preempted, and for which node).
 * Usage: node test/differential/scheduler.ts ORACLE.kubeconfig [--seed 1] [--rounds 5] [--steps 40] [--show] [--dump FOLDER]
 * Deletes all nodes, pods, volumes, services and budgets of that control plane first.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { KubeObject, Pod } from '#cluster/api/types.ts';
import { SeededRandom } from '#cluster/random.ts';
import type { Reader } from '#cluster/store/client.ts';
import { attempt, type Attempt } from '#cluster/scheduler/attempt.ts';
import { Chance, type Step } from './scheduler-chance.ts';
import { randomChange, randomPod } from './scheduler-pods.ts';
import { roundSetup } from './scheduler-setup.ts';
import { connect, type Server } from './server.ts';

const PATHS: Readonly<Record<string, string>> = {
  pods: '/api/v1/pods',
  nodes: '/api/v1/nodes',
  namespaces: '/api/v1/namespaces',
  services: '/api/v1/services',
  persistentvolumes: '/api/v1/persistentvolumes',
  persistentvolumeclaims: '/api/v1/persistentvolumeclaims',
  replicationcontrollers: '/api/v1/replicationcontrollers',
  'replicasets.apps': '/apis/apps/v1/replicasets',
  'statefulsets.apps': '/apis/apps/v1/statefulsets',
  'poddisruptionbudgets.policy': '/apis/policy/v1/poddisruptionbudgets',
  'storageclasses.storage.k8s.io': '/apis/storage.k8s.io/v1/storageclasses',
  'csinodes.storage.k8s.io': '/apis/storage.k8s.io/v1/csinodes',
  'csidrivers.storage.k8s.io': '/apis/storage.k8s.io/v1/csidrivers',
  'csistoragecapacities.storage.k8s.io': '/apis/storage.k8s.io/v1/csistoragecapacities',
  'volumeattachments.storage.k8s.io': '/apis/storage.k8s.io/v1/volumeattachments',
};
/** Milliseconds. */
const POLL = 15;
const PATIENCE = 15_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface List {
  items?: KubeObject[];
}

async function list(server: Server, path: string): Promise<KubeObject[]> {
  const { items = [] } = JSON.parse((await server.send('GET', path)).text) as List;
  return items;
}

/** All that a scheduler reads, as it was at one moment. */
class State implements Reader {
  readonly #objects: ReadonlyMap<string, readonly KubeObject[]>;
  constructor(objects: ReadonlyMap<string, readonly KubeObject[]>) {
    this.#objects = objects;
  }
  all(): Record<string, readonly KubeObject[]> {
    return Object.fromEntries(this.#objects);
  }
  static async of(server: Server): Promise<State> {
    const lists = await Promise.all(
      Object.entries(PATHS).map(async ([name, path]) => [name, await list(server, path)] as const),
    );
    const key = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;
    return new State(
      new Map(lists.map(([name, items]) => [name, items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))])),
    );
  }
  get<T extends KubeObject>(resource: string, namespace: string, name: string): T | undefined {
    return this.list<T>(resource).find(
      ({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace,
    );
  }
  list<T extends KubeObject>(resource: string, namespace = ''): readonly T[] {
    const all = (this.#objects.get(resource) ?? []) as readonly T[];
    return namespace === '' ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
  }
}

const podPath = (namespace: string, name = '') => `/api/v1/namespaces/${namespace}/pods${name && `/${name}`}`;
const scheduled = (pod: Pod) => pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
const decided = (pod: Pod) =>
  Boolean(pod.spec?.nodeName) ||
  scheduled(pod)?.reason === 'Unschedulable' ||
  scheduled(pod)?.reason === 'SchedulerError';

/** Waits until nothing of the pods has changed for a while. */
async function quiet(server: Server): Promise<void> {
  const versions = async () =>
    (await list(server, PATHS['pods'] ?? '')).map(({ metadata }) => metadata.resourceVersion).join();
  let before = await versions();
  for (let same = 0; same < 4;) {
    await pause(60);
    const now = await versions();
    same = now === before ? same + 1 : 0;
    before = now;
  }
}

async function apply(server: Server, { method, path, body, type }: Step): Promise<boolean> {
  const { code, text } = await server.send(method, path, body && JSON.stringify(body), type);
  if (code >= 400 && code !== 404 && code !== 409 && code !== 422)
    process.stdout.write(`! ${method} ${path}: ${code} ${text.slice(0, 300)}\n`);
  return code < 400;
}

async function clear(server: Server): Promise<void> {
  const forced = '{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0}';
  for (const pod of await list(server, PATHS['pods'] ?? '')) {
    const path = podPath(pod.metadata.namespace ?? '', pod.metadata.name);
    if (pod.metadata.finalizers)
      await server.send('PATCH', path, '{"metadata":{"finalizers":null}}', 'application/merge-patch+json');
    await server.send('DELETE', path, forced);
  }
  const kinds: (keyof typeof PATHS)[] = [
    'persistentvolumeclaims',
    'persistentvolumes',
    'services',
    'poddisruptionbudgets.policy',
    'csinodes.storage.k8s.io',
    'storageclasses.storage.k8s.io',
    'volumeattachments.storage.k8s.io',
    'nodes',
  ];
  for (const kind of kinds) {
    const all = PATHS[kind] ?? '';
    for (const { metadata } of await list(server, all)) {
      const path = `${metadata.namespace ? all.replace(/\/([a-z]+)$/, `/namespaces/${metadata.namespace}/$1`) : all}/${metadata.name}`;
      await server.send('DELETE', path);
      if (metadata.finalizers)
        await server.send('PATCH', path, '{"metadata":{"finalizers":null}}', 'application/merge-patch+json');
    }
  }
}

/** Victims and the node, out of events of the preemption of one pod. */
async function preempted(server: Server, uid: string): Promise<string[]> {
  const events = (await list(server, '/api/v1/events?fieldSelector=reason=Preempted')) as (KubeObject & {
    message: string;
    involvedObject: { name: string };
  })[];
  return events
    .filter(({ message }) => message.startsWith(`Preempted by pod ${uid} `))
    .map(({ message, involvedObject }) => `${involvedObject.name} ${message.replace(uid, '<uid>')}`)
    .sort();
}

const firstFailure = async (server: Server, pod: Pod): Promise<string | undefined> => {
  const events = (await list(
    server,
    `/api/v1/namespaces/${pod.metadata.namespace}/events?fieldSelector=reason=FailedScheduling,involvedObject.uid=${pod.metadata.uid}`,
  )) as (KubeObject & { message: string })[];
  return events[0]?.message;
};

/** An event may come late. */
const conditionOf = (pod: Pod) => (pod.spec?.nodeName ? undefined : scheduled(pod)?.message);

interface Difference {
  what: string;
  real: string;
  ours: string;
}

function compare(
  pod: Pod,
  real: { node: string; failure: string | undefined; victims: string[] },
  ours: Attempt,
): Difference[] {
  const differences: Difference[] = [];
  const differ = (what: string, theirs: string, mine: string) => {
    if (theirs !== mine) differences.push({ what, real: theirs, ours: mine });
  };
  if (ours.kind === 'fits') {
    if (real.failure !== undefined) differ('outcome', real.failure, `fits ${ours.best.join(' or ')}`);
    else if (!ours.best.includes(real.node))
      differ('node', real.node, `${ours.best.join(' or ')} ${JSON.stringify(ours.scores)}`);
    return differences;
  }
  differ('outcome', real.failure ?? `bound to ${real.node}`, ours.message);
  if (ours.kind === 'failed') return differences;
  const uid = pod.metadata.uid ?? '';
  const wanted = ours.victims
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map((victim) => `${victim.metadata.name} Preempted by pod <uid> on node ${ours.nominate}`)
    .sort();
  void uid;
  differ('victims', real.victims.join('; '), wanted.join('; '));
  return differences;
}

async function decide(
  server: Server,
  step: Step,
  random: SeededRandom,
  dump: string | undefined,
): Promise<{ pod: Pod; ours: Attempt; differences: Difference[] } | undefined> {
  const before = await State.of(server);
  const { code, text } = await server.send(step.method, step.path, JSON.stringify(step.body));
  if (code >= 400) {
    if (code !== 422) process.stdout.write(`! ${step.path}: ${code} ${text.slice(0, 300)}\n`);
    else process.stdout.write(`  (invalid pod: ${text.slice(0, 200)})\n`);
    return undefined;
  }
  const created = JSON.parse(text) as Pod;
  const { namespace = '', name } = created.metadata;
  const ours = attempt(created, { reader: before, random });
  let now = created;
  for (let waited = 0; !decided(now) && waited < PATIENCE; waited += POLL) {
    await pause(POLL);
    now = JSON.parse((await server.send('GET', podPath(namespace, name))).text) as Pod;
  }
  await quiet(server);
  const real = {
    node: now.spec?.nodeName ?? '',
    failure: (await firstFailure(server, created)) ?? (decided(now) ? conditionOf(now) : 'no decision'),
    victims: await preempted(server, created.metadata.uid ?? ''),
  };
  const differences = compare(created, real, ours);
  if (differences.length > 0 && dump !== undefined) {
    writeFileSync(`${dump}/${name}.json`, JSON.stringify({ pod: created, objects: before.all(), real, now }, null, 1));
  }
  return { pod: created, ours, differences };
}

async function round(
  server: Server,
  seed: number,
  steps: number,
  show: boolean,
  dump: string | undefined,
): Promise<{ compared: number; differing: number }> {
  const chance = new Chance(seed);
  const random = new SeededRandom(seed);
  await clear(server);
  for (const step of roundSetup(chance)) await apply(server, step);
  await quiet(server);
  let compared = 0;
  let differing = 0;
  for (let step = 0; step < steps; step++) {
    if (chance.chance(0.22)) {
      const state = await State.of(server);
      const change = randomChange(chance, state);
      if (change && (await apply(server, change))) await quiet(server);
      continue;
    }
    const asked = randomPod(chance, seed, step);
    const outcome = await decide(server, asked, random, dump);
    if (!outcome) continue;
    compared++;
    if (show)
      process.stdout.write(
        `  ${seed}/${step} ${outcome.ours.kind} ${outcome.ours.kind === 'fits' ? outcome.ours.best.join(',') : outcome.ours.message}\n`,
      );
    if (outcome.differences.length === 0) continue;
    differing++;
    process.stdout.write(
      `## ${seed}/${step} ${JSON.stringify((asked.body as Pod).metadata)} ${JSON.stringify((asked.body as Pod).spec)}\n`,
    );
    for (const { what, real, ours } of outcome.differences)
      process.stdout.write(`  ${what}\n    real ${real}\n    ours ${ours}\n`);
  }
  return { compared, differing };
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      steps: { type: 'string', default: '40' },
      show: { type: 'boolean', default: false },
      dump: { type: 'string' },
    },
  });
  const [kubeconfig] = positionals;
  if (kubeconfig === undefined) throw new Error('usage: scheduler.ts ORACLE.kubeconfig');
  const server = connect(kubeconfig);
  let compared = 0;
  let differing = 0;
  const first = Number(values.seed);
  for (let seed = first; seed < first + Number(values.rounds); seed++) {
    const found = await round(server, seed, Number(values.steps), values.show, values.dump);
    compared += found.compared;
    differing += found.differing;
  }
  process.stdout.write(`${compared} decisions compared, ${differing} differ\n`);
  server.close();
}

await main();
