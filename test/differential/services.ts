/**
 * Random sessions about Services, the pods behind them and endpoints written by hand, on two clusters.
 * Usage: node test/differential/services.ts ORACLE.kubeconfig OURS.kubeconfig [--seed 1] [--walks 20] [--steps 12]
 * Ours is `drydock cluster --bare`. Prints where the Endpoints, slices and events of a walk part, and what led there.
 */
import { parseArgs } from 'node:util';
import { SeededRandom } from '#cluster/random.ts';
import { connect, type Server } from './server.ts';

interface Step {
  method: string;
  path: string;
  body?: unknown;
  type?: string;
}
interface Listed {
  items: (Record<string, unknown> & { metadata: Record<string, unknown> & { name: string } })[];
}

const NODES = ['node01', 'node02'];
const PODS = ['a', 'b', 'c', 'd', 'e', 'f'];
const SERVICES = ['web', 'db'];
const MERGE = 'application/merge-patch+json';
const LOOK_MS = 200;
const PATIENCE_MS = 12_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One walk's choices. */
class Story {
  readonly #random: SeededRandom;
  readonly #base: string;
  readonly #living = new Set<string>();
  readonly #services = new Set<string>();

  constructor(seed: number, namespace: string) {
    this.#random = new SeededRandom(seed * 7919);
    this.#base = `/api/v1/namespaces/${namespace}`;
  }
  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }
  #of<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T;
  }
  #in(percent: number): boolean {
    return this.#below(100) < percent;
  }
  #maybe(percent: number, fields: object): object {
    return this.#in(percent) ? fields : {};
  }

  #ports(): object[] {
    const all = [
      { name: 'http', port: 80, targetPort: this.#of([8080, 'web', 'missing']), protocol: 'TCP' },
      { name: 'admin', port: 9000, ...this.#maybe(50, { appProtocol: 'kubernetes.io/h2c' }), protocol: 'TCP' },
      { name: 'dns', port: 53, targetPort: this.#of(['web', 53]), protocol: 'UDP' },
    ];
    const chosen = all.filter(() => this.#in(60));
    return chosen.length === 0 ? all.slice(0, 1) : chosen;
  }
  #labels(): object {
    return { ...this.#maybe(70, { app: this.#of(['x', 'y']) }), ...this.#maybe(40, { tier: 'front' }) };
  }
  #address(pod: string): string {
    return `10.200.0.${PODS.indexOf(pod) + 1}`;
  }

  #service(): Step[] {
    const name = this.#of(SERVICES);
    this.#services.add(name);
    const headless = this.#in(25);
    const body = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name,
        labels: this.#labels(),
        ...this.#maybe(20, { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } }),
      },
      spec: {
        ports: headless && this.#in(40) ? [] : this.#ports(),
        ...(headless ? { clusterIP: 'None' } : {}),
        ...this.#maybe(75, { selector: { app: this.#of(['x', 'y']) } }),
        ...this.#maybe(20, { publishNotReadyAddresses: true }),
        ...this.#maybe(25, { trafficDistribution: this.#of(['PreferClose', 'PreferSameZone', 'PreferSameNode']) }),
      },
    };
    return [{ method: 'POST', path: `${this.#base}/services`, body }];
  }
  #pod(): Step[] {
    const name = this.#of(PODS);
    this.#living.add(name);
    const port = this.#of([8080, 8081]);
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: this.#of(['x', 'x', 'y']) }, ...this.#maybe(40, { finalizers: ['walk/kept'] }) },
      spec: {
        nodeName: this.#of(NODES),
        terminationGracePeriodSeconds: 0,
        ...this.#maybe(30, { hostname: name, subdomain: this.#of(SERVICES) }),
        containers: [
          {
            name: 'c',
            image: 'nginx',
            ...this.#maybe(70, {
              ports: [{ name: 'web', containerPort: port }],
            }),
          },
          {
            name: 'd',
            image: 'nginx',
            ...this.#maybe(40, { ports: [{ name: 'web', containerPort: 5353, protocol: 'UDP' }] }),
          },
        ],
      },
    };
    return [
      { method: 'POST', path: `${this.#base}/pods`, body },
      this.#status(name, { podIP: this.#address(name), podIPs: [{ ip: this.#address(name) }] }),
    ];
  }
  #status(name: string, status: object): Step {
    return { method: 'PATCH', path: `${this.#base}/pods/${name}/status`, body: { status }, type: MERGE };
  }
  #change(): Step[] {
    const pod = this.#of([...this.#living, 'a']);
    const service = this.#of([...this.#services, 'web']);
    const patch = (path: string, body: object): Step[] => [
      { method: 'PATCH', path: `${this.#base}/${path}`, body, type: MERGE },
    ];
    switch (this.#below(13)) {
      case 0:
      case 1:
      case 2: {
        const status = this.#of(['True', 'False']);
        return [
          this.#status(pod, { conditions: [{ type: 'Ready', status, lastTransitionTime: '2026-06-01T00:00:00Z' }] }),
        ];
      }
      case 3:
        return patch(`pods/${pod}`, { metadata: { labels: { app: this.#of(['x', 'y', null]) } } });
      case 4:
        return [{ method: 'DELETE', path: `${this.#base}/pods/${pod}` }];
      case 5:
        return patch(`services/${service}`, { spec: { ports: this.#ports() } });
      case 6:
        return patch(`services/${service}`, { metadata: { labels: { tier: this.#of(['back', null]) } } });
      case 7:
        return patch(`services/${service}`, { spec: { selector: this.#of([{ app: 'x' }, { app: 'y' }, null]) } });
      case 8:
        return patch(`services/${service}`, {
          spec: { trafficDistribution: this.#of([null, 'PreferClose', 'PreferSameNode']) },
        });
      case 9:
        return patch(`services/${service}`, {
          metadata: { annotations: { 'service.kubernetes.io/topology-mode': this.#of(['Auto', null, 'Disabled']) } },
        });
      case 10:
        return patch(`services/${service}`, { spec: { publishNotReadyAddresses: this.#in(50) } });
      case 11:
        this.#services.delete(service);
        return [{ method: 'DELETE', path: `${this.#base}/services/${service}` }];
      default:
        return [this.#status(pod, { phase: this.#of(['Succeeded', 'Failed', 'Running']) })];
    }
  }
  #byHand(): Step[] {
    const name = this.#of(SERVICES);
    const address = (last: number) => ({ ip: `192.0.2.${last}`, ...this.#maybe(30, { hostname: `h${last}` }) });
    const subset = (first: number) => ({
      addresses: [address(first), address(first + 1)],
      ...this.#maybe(40, { notReadyAddresses: [address(first + 2)] }),
      ...this.#maybe(80, {
        ports: [
          { name: 'http', port: 80 },
          { name: 'admin', port: 9000, protocol: this.#of(['TCP', 'UDP']) },
        ],
      }),
    });
    const body = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name, labels: this.#labels(), ...this.#maybe(30, { annotations: { note: 'by-hand' } }) },
      subsets: this.#in(50) ? [subset(1)] : [subset(1), subset(this.#of([1, 11]))],
    };
    switch (this.#below(4)) {
      case 0:
        return [{ method: 'DELETE', path: `${this.#base}/endpoints/${name}` }];
      case 1:
        return [{ method: 'PUT', path: `${this.#base}/endpoints/${name}`, body }];
      default:
        return [{ method: 'POST', path: `${this.#base}/endpoints`, body }];
    }
  }
  steps(count: number): Step[][] {
    const all = [this.#service(), this.#pod(), this.#pod()];
    while (all.length < count) {
      const dice = this.#below(100);
      all.push(dice < 15 ? this.#service() : dice < 40 ? this.#pod() : dice < 55 ? this.#byHand() : this.#change());
    }
    return all;
  }
}

const DRAWN = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'generation']);
const TRIGGER = 'endpoints.kubernetes.io/last-change-trigger-time';

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DRAWN.has(key) && key !== TRIGGER)
      .map(([key, inner]) => [key, bare(inner)] as const)
      .filter(([key, inner]) => key !== 'annotations' || Object.keys(inner as object).length > 0)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

async function look(server: Server, namespace: string): Promise<string[]> {
  const get = async (path: string) => (JSON.parse((await server.send('GET', path)).text) as Listed).items;
  const [endpoints, slices, events] = await Promise.all([
    get(`/api/v1/namespaces/${namespace}/endpoints`),
    get(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`),
    get(`/api/v1/namespaces/${namespace}/events`),
  ]);
  const sorted = (list: unknown) => ((list ?? []) as unknown[]).map((one) => JSON.stringify(bare(one))).toSorted();
  return [
    ...endpoints.map((one) => {
      const { subsets, ...rest } = bare(one) as Record<string, unknown>;
      return `Endpoints ${JSON.stringify(rest)} ${sorted(subsets).join(' ')}`;
    }),
    ...slices.map((one) => {
      const { endpoints: own, metadata, ...rest } = bare(one) as Record<string, unknown>;
      const { name: _name, ...others } = metadata as Record<string, unknown>;
      return `Slice ${JSON.stringify(rest)} ${JSON.stringify(others)} ${sorted(own).join('\n    ')}`;
    }),
    ...events
      .filter(({ source }) => /endpoint/.test((source as { component?: string }).component ?? ''))
      .map(({ type, reason, message }) => ['Event', type, reason, message].map(String).join(' ')),
  ].toSorted();
}

/** @returns what differs once both rest */
async function difference(servers: readonly Server[], namespace: string): Promise<string[]> {
  const end = Date.now() + PATIENCE_MS;
  let before = '';
  let alike = 0;
  for (;;) {
    const [left = [], right = []] = await Promise.all(servers.map((server) => look(server, namespace)));
    const text = left.join('\n');
    alike = text === before && text === right.join('\n') ? alike + 1 : 0;
    before = text;
    if (alike >= 2) return [];
    if (Date.now() > end) {
      return [
        ...left.filter((line) => !right.includes(line)).map((line) => `- ${line}`),
        ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`),
      ];
    }
    await pause(LOOK_MS);
  }
}

const outcome = ({ code, text }: { code: number; text: string }): string =>
  code < 400 ? String(code) : `${code} ${(JSON.parse(text) as { message: string }).message}`;

async function walk(servers: readonly Server[], seed: number, count: number): Promise<boolean> {
  const namespace = `svc-${seed}-${Date.now().toString(36)}`;
  const metadata = { name: namespace };
  const made = { apiVersion: 'v1', kind: 'Namespace', metadata };
  await Promise.all(servers.map((server) => server.send('POST', '/api/v1/namespaces', JSON.stringify(made))));
  await pause(500);
  const told: string[] = [];
  let found: string[] = [];
  for (const steps of new Story(seed, namespace).steps(count)) {
    for (const { method, path, body, type } of steps) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answers = await Promise.all(servers.map((server) => server.send(method, path, text, type)));
      const [left, right] = answers.map(outcome);
      told.push(`> ${method} ${path.replace(/.*namespaces\/[^/]+\//, '')} ${text ?? ''} => ${right}`);
      if (left !== right) found.push(`- ${left}`, `+ ${right}`);
      // the pod's own status comes before ours
      if (path.endsWith('/pods')) await pause(400);
    }
    found = [...found, ...(await difference(servers, namespace))];
    if (found.length > 0) break;
  }
  if (found.length > 0) process.stdout.write(`## seed ${seed}\n${[...told, ...found].join('\n')}\n`);
  await Promise.all(servers.map((server) => server.send('DELETE', `/api/v1/namespaces/${namespace}`)));
  return found.length > 0;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    walks: { type: 'string', default: '20' },
    steps: { type: 'string', default: '12' },
  },
});
const [left, right] = positionals;
if (!left || !right) throw new Error('usage: services.ts ORACLE.kubeconfig OURS.kubeconfig');
const servers = [connect(left), connect(right)];
for (const [index, node] of NODES.entries()) {
  const body = JSON.stringify({ metadata: { labels: { 'topology.kubernetes.io/zone': `z${index + 1}` } } });
  await Promise.all(servers.map((server) => server.send('PATCH', `/api/v1/nodes/${node}`, body, MERGE)));
}
const seeds = Array.from({ length: Number(values.walks) }, (_, position) => Number(values.seed) + position);
const failed: number[] = [];
await Promise.all(
  [1, 2, 3].map(async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      if (await walk(servers, seed, Number(values.steps))) failed.push(seed);
    }
  }),
);
process.stdout.write(`${values.walks} walks, ${failed.length} differ: ${failed.toSorted((a, b) => a - b).join(' ')}\n`);
for (const server of servers) server.close();
