/**
 * Random sessions about storage (volumes, claims, classes, pods that use them, in all orders) on two clusters.
 * Usage: node test/differential/storage.ts LEFT.kubeconfig RIGHT.kubeconfig [--seed 1] [--walks 20] [--steps 8]
 * The right one is ours: `drydock cluster --bare`. Prints where each walk parts, and what led there.
 */
import { parseArgs } from 'node:util';
import { SeededRandom } from '#cluster/random.ts';
import { connect, type Server } from './server.ts';
import { walk, type Parting, type Request } from './session.ts';

const NODES = ['node01', 'node02', 'controlplane'];
const MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
const NAMES = [0, 1, 2, 3];

const VOLUMES = '/api/v1/persistentvolumes';
const CLASSES = '/apis/storage.k8s.io/v1/storageclasses';

class Chance {
  readonly #random: SeededRandom;
  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }
  below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }
  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
  /** True in `percent` of all cases. */
  in(percent: number): boolean {
    return this.below(100) < percent;
  }
  /** `{field: value}` in `percent` of all cases, else nothing. */
  maybe(percent: number, fields: object): object {
    return this.in(percent) ? fields : {};
  }
  some<T>(choices: readonly T[]): T[] {
    const chosen = choices.filter(() => this.in(40));
    return chosen.length === 0 ? [this.of(choices)] : chosen;
  }
}

const onNode = (node: string) => ({
  required: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }],
  },
});

/** One walk's choices: names are few, so that they meet. */
class Story {
  readonly #chance: Chance;
  readonly #namespace: string;
  /** No two volumes are of one size: which of two equals is taken is chance. */
  #sizes = 0;
  #pods = 0;

  constructor(chance: Chance, namespace: string) {
    this.#chance = chance;
    this.#namespace = namespace;
  }

  get #claims(): string {
    return `/api/v1/namespaces/${this.#namespace}/persistentvolumeclaims`;
  }

  /** Of claims and volumes. */
  #class(): object {
    const chance = this.#chance;
    if (chance.in(35)) return {};
    return { storageClassName: chance.in(30) ? '' : `sc-${chance.of(NAMES.slice(0, 3))}` };
  }

  storageClass(): Request {
    const chance = this.#chance;
    const provisioner = chance.of([
      'kubernetes.io/no-provisioner',
      'kubernetes.io/no-provisioner',
      'example.com/nobody',
      'kubernetes.io/aws-ebs',
      'kubernetes.io/nothing',
    ]);
    return {
      method: 'POST',
      path: CLASSES,
      body: {
        metadata: {
          name: `sc-${chance.of(NAMES.slice(0, 3))}`,
          ...chance.maybe(20, { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }),
        },
        provisioner,
        ...chance.maybe(50, { volumeBindingMode: 'WaitForFirstConsumer' }),
        ...chance.maybe(60, { allowVolumeExpansion: true }),
        ...chance.maybe(30, { reclaimPolicy: 'Retain' }),
        ...chance.maybe(15, {
          allowedTopologies: [{ matchLabelExpressions: [{ key: 'kubernetes.io/hostname', values: ['node01'] }] }],
        }),
      },
    };
  }

  volume(): Request {
    const chance = this.#chance;
    const name = `pv-${chance.of(NAMES)}`;
    const node = chance.of(NODES);
    const source = chance.of<object>([
      { hostPath: { path: '/tmp/data' } },
      { hostPath: { path: '/srv/data' } },
      { nfs: { server: '192.0.2.1', path: '/exports' } },
      { local: { path: '/mnt/disk' }, nodeAffinity: onNode(node) },
      { csi: { driver: 'csi.example.com', volumeHandle: `handle-${name}` } },
    ]);
    return {
      method: 'POST',
      path: VOLUMES,
      body: {
        metadata: {
          name,
          ...chance.maybe(50, { labels: { tier: chance.of(['gold', 'iron']) } }),
        },
        spec: {
          capacity: { storage: `${1024 + 512 * chance.below(6) + this.#sizes++}Mi` },
          accessModes: chance.in(15) ? ['ReadWriteOncePod'] : chance.some(MODES.slice(0, 3)),
          ...chance.maybe(60, { persistentVolumeReclaimPolicy: chance.of(['Retain', 'Delete', 'Recycle']) }),
          ...chance.maybe(15, { volumeMode: 'Block' }),
          ...this.#class(),
          ...chance.maybe(25, {
            claimRef: {
              namespace: this.#namespace,
              name: `claim-${chance.of(NAMES)}`,
              ...chance.maybe(25, { uid: '11111111-2222-3333-4444-555555555555' }),
            },
          }),
          ...source,
        },
      },
    };
  }

  claim(): Request {
    const chance = this.#chance;
    return {
      method: 'POST',
      path: this.#claims,
      body: {
        metadata: { name: `claim-${chance.of(NAMES)}` },
        spec: {
          accessModes: [chance.of([...MODES, 'ReadWriteOnce'])],
          resources: { requests: { storage: `${chance.of([500, 1024, 1800, 3000, 9000])}Mi` } },
          ...chance.maybe(12, { volumeMode: 'Block' }),
          ...this.#class(),
          ...chance.maybe(20, { volumeName: `pv-${chance.of(NAMES)}` }),
          ...chance.maybe(20, { selector: { matchLabels: { tier: chance.of(['gold', 'iron']) } } }),
          ...chance.maybe(5, { dataSource: { kind: 'PersistentVolumeClaim', name: `claim-${chance.of(NAMES)}` } }),
          ...chance.maybe(4, { volumeAttributesClassName: 'fast' }),
        },
      },
    };
  }

  pod(): Request {
    const chance = this.#chance;
    const ephemeral = {
      name: 'scratch',
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '600Mi' } },
            ...this.#class(),
          },
        },
      },
    };
    const volumes = chance.some(NAMES).map((name) => ({
      name: `v${name}`,
      persistentVolumeClaim: { claimName: `claim-${name}` },
    }));
    return {
      method: 'POST',
      path: `/api/v1/namespaces/${this.#namespace}/pods`,
      body: {
        metadata: { name: `pod-${this.#pods++ % 3}` },
        spec: {
          terminationGracePeriodSeconds: 0,
          // ties between nodes are broken by chance
          ...(chance.in(10)
            ? { nodeName: chance.of(NODES) }
            : { nodeSelector: { 'kubernetes.io/hostname': chance.of(NODES) } }),
          containers: [{ name: 'main', image: 'busybox' }],
          volumes: [...volumes.slice(0, 2), ...(chance.in(15) ? [ephemeral] : [])],
        },
      },
    };
  }

  deletion(): Request {
    const chance = this.#chance;
    const path = chance.of([
      `${VOLUMES}/pv-${chance.of(NAMES)}`,
      `${this.#claims}/claim-${chance.of(NAMES)}`,
      `${this.#claims}/claim-${chance.of(NAMES)}`,
      `/api/v1/namespaces/${this.#namespace}/pods/pod-${chance.of(NAMES.slice(0, 3))}`,
      `/api/v1/namespaces/${this.#namespace}/pods/pod-${chance.of(NAMES.slice(0, 3))}`,
      `${CLASSES}/sc-${chance.of(NAMES.slice(0, 3))}`,
    ]);
    return { method: 'DELETE', path };
  }

  change(): Request {
    const chance = this.#chance;
    const volume = `${VOLUMES}/pv-${chance.of(NAMES)}`;
    const claim = `${this.#claims}/claim-${chance.of(NAMES)}`;
    const size = () => `${chance.of([800, 1500, 2500, 4000])}Mi`;
    const [path, body] = chance.of<[string, object]>([
      [volume, { spec: { claimRef: null } }],
      [volume, { spec: { claimRef: { uid: null } } }],
      [volume, { spec: { persistentVolumeReclaimPolicy: chance.of(['Retain', 'Delete', 'Recycle']) } }],
      [volume, { spec: { capacity: { storage: size() } } }],
      [volume, { metadata: { labels: { tier: chance.of(['gold', 'iron']) } } }],
      [volume, { spec: { storageClassName: `sc-${chance.of(NAMES.slice(0, 3))}` } }],
      [volume, { metadata: { finalizers: null } }],
      [claim, { spec: { resources: { requests: { storage: size() } } } }],
      [claim, { spec: { resources: { requests: { storage: size() } } } }],
      [claim, { spec: { storageClassName: chance.of(['', 'sc-0', 'sc-1']) } }],
      [claim, { spec: { volumeName: `pv-${chance.of(NAMES)}` } }],
      [claim, { spec: { volumeAttributesClassName: 'fast' } }],
      [claim, { metadata: { finalizers: null } }],
      [claim, { metadata: { annotations: { 'pv.kubernetes.io/bind-completed': null } } }],
      [claim, { metadata: { annotations: { 'volume.kubernetes.io/selected-node': chance.of(['node01', 'node02']) } } }],
      [
        `${CLASSES}/sc-${chance.of(NAMES.slice(0, 3))}`,
        {
          metadata: {
            annotations: { 'storageclass.kubernetes.io/is-default-class': chance.of(['true', 'false', null]) },
          },
        },
      ],
    ]);
    return { method: 'PATCH', path, body, type: 'application/merge-patch+json' };
  }

  step(): Request {
    const dice = this.#chance.below(100);
    if (dice < 14) return this.storageClass();
    if (dice < 36) return this.volume();
    if (dice < 58) return this.claim();
    if (dice < 68) return this.pod();
    return dice < 86 ? this.deletion() : this.change();
  }
}

/** A third of a random story is made of refusals, which say little. */
const isRefusal = async (server: Server, request: Request): Promise<boolean> => {
  if (request.method === 'POST') return false;
  return (await server.send('GET', request.path)).code !== 200;
};

async function clear(server: Server, namespace: string): Promise<void> {
  const names = async (path: string) => {
    const { text } = await server.send('GET', path);
    const { items = [] } = JSON.parse(text) as { items?: { metadata: { name: string } }[] };
    return items.map(({ metadata }) => metadata.name);
  };
  const base = `/api/v1/namespaces/${namespace}`;
  const released = JSON.stringify({ metadata: { finalizers: null } });
  for (const path of [
    `${base}/pods`,
    `${base}/persistentvolumeclaims`,
    VOLUMES,
    CLASSES,
    '/api/v1/namespaces/default/pods',
  ]) {
    for (const name of await names(path)) {
      await server.send('DELETE', `${path}/${name}?gracePeriodSeconds=0`);
      await server.send('PATCH', `${path}/${name}`, released, 'application/merge-patch+json');
    }
  }
  await server.send('DELETE', base);
  await server.send('DELETE', '/api/v1/namespaces/default/events');
}

async function begin(server: Server, namespace: string): Promise<void> {
  await server.send('POST', '/api/v1/namespaces', JSON.stringify({ metadata: { name: namespace } }));
  for (let tries = 0; tries < 50; tries++) {
    const { code } = await server.send('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`);
    if (code === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const told = ({ method, path, body }: Request) => `${method} ${path} ${JSON.stringify(body ?? '')}`;

function print(seed: number, parting: Parting | undefined, taken: readonly Request[]): void {
  if (!parting) {
    process.stdout.write(`= ${seed} (${taken.length} steps)\n`);
    return;
  }
  const lines = [
    `## ${seed} parts at step ${taken.length}`,
    ...taken.map((request, index) => `  ${index + 1}. ${told(request)}`),
    ...parting.left.map((line) => `  - ${line}`),
    ...parting.right.map((line) => `  + ${line}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function one(seed: number, steps: number, [left, right]: readonly [Server, Server]): Promise<boolean> {
  const namespace = `walk-${seed}`;
  const story = new Story(new Chance(seed), namespace);
  await Promise.all([left, right].map((server) => begin(server, namespace)));
  const watched = {
    lists: [
      VOLUMES,
      CLASSES,
      `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
      `/api/v1/namespaces/${namespace}/pods`,
      '/apis/storage.k8s.io/v1/volumeattachments',
      `/api/v1/namespaces/${namespace}/events`,
      '/api/v1/namespaces/default/events',
    ],
  };
  const taken: Request[] = [];
  let parting: Parting | undefined;
  while (taken.length < steps && !parting) {
    const request = story.step();
    if (await isRefusal(left, request)) continue;
    taken.push(request);
    parting = await walk(left, right, [request], watched);
  }
  print(seed, parting, taken);
  await Promise.all([left, right].map((server) => clear(server, namespace)));
  return parting === undefined;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      walks: { type: 'string', default: '20' },
      steps: { type: 'string', default: '8' },
    },
  });
  const [left, right] = positionals;
  if (!left || !right) throw new Error('usage: storage.ts LEFT.kubeconfig RIGHT.kubeconfig [--seed N] [--walks N]');
  const servers = [connect(left), connect(right)] as const;
  const first = Number(values.seed);
  const total = Number(values.walks);
  let alike = 0;
  for (let seed = first; seed < first + total; seed++) if (await one(seed, Number(values.steps), servers)) alike++;
  process.stdout.write(`${alike} of ${total} walks alike\n`);
  for (const server of servers) server.close();
}

await main();
