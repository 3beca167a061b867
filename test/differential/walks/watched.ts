/** One server's side of a walk: all objects of one namespace, kept by watches, and when the last of them changed. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

export interface Fields {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    uid: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    generateName?: string;
    ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
  };
  [field: string]: unknown;
}

export interface Answer {
  code: number;
  text: string;
}

/** What a walk can touch, as paths; `` in front of a namespaced one. */
const WATCHED: Record<string, string> = {
  pods: '/api/v1',
  events: '/api/v1',
  replicationcontrollers: '/api/v1',
  persistentvolumeclaims: '/api/v1',
  configmaps: '/api/v1',
  resourcequotas: '/api/v1',
  deployments: '/apis/apps/v1',
  replicasets: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  daemonsets: '/apis/apps/v1',
  controllerrevisions: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  cronjobs: '/apis/batch/v1',
  poddisruptionbudgets: '/apis/policy/v1',
  horizontalpodautoscalers: '/apis/autoscaling/v2',
};

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

export class Server {
  readonly #base: URL;
  readonly #agent: Agent;

  constructor(kubeconfig: string) {
    const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    const cluster = clusters[0]?.cluster;
    const user = users.find((one) => one.user['client-certificate-data'] !== undefined)?.user;
    if (!cluster || !user) throw new Error(`${kubeconfig} has no cluster and user`);
    const pem = (data = '') => Buffer.from(data, 'base64');
    this.#base = new URL(cluster.server);
    this.#agent = new Agent({
      keepAlive: true,
      ca: pem(cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
    });
  }

  #open(method: string, path: string, type: string, body?: string) {
    const { hostname, port } = this.#base;
    const headers = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    return request({ agent: this.#agent, hostname, port, method, path, headers });
  }

  /** A server may hang up on a connection that has been idle just when it is used again: tried twice. */
  async send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return this.#send(method, path, type, text).catch(() => this.#send(method, path, type, text));
  }

  #send(method: string, path: string, type: string, text: string | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = this.#open(method, path, type, text);
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      sent.end(text);
    });
  }

  /** Calls back for every object that comes, changes or goes until the returned function is called. */
  watch(path: string, onEvent: (type: string, object: Fields) => void): () => void {
    const sent = this.#open('GET', `${path}?watch=true`, '');
    let rest = '';
    sent.on('response', (response) => {
      response.on('error', () => undefined); // it ends when the walk does
      response.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const { type, object } = JSON.parse(line) as { type: string; object: Fields };
          onEvent(type, object);
        }
      });
    });
    sent.on('error', () => undefined); // as above
    sent.end();
    return () => sent.destroy();
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A namespace as one server has it. */
export class Side {
  readonly server: Server;
  readonly namespace: string;
  /** All objects now, by resource and name, in the order in which they came. */
  readonly objects = new Map<string, Map<string, Fields>>();
  /** All ever seen, by uid. */
  readonly seen = new Map<string, Fields>();
  #changed = Date.now();
  readonly #stops: (() => void)[] = [];

  constructor(server: Server, namespace: string) {
    this.server = server;
    this.namespace = namespace;
  }

  async open(): Promise<void> {
    const { namespace } = this;
    await this.server.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    for (const [resource, base] of Object.entries(WATCHED)) {
      const known = new Map<string, Fields>();
      this.objects.set(resource, known);
      const stop = this.server.watch(`${base}/namespaces/${namespace}/${resource}`, (type, object) => {
        if (object.metadata.name === undefined) return;
        this.#changed = Date.now();
        this.seen.set(object.metadata.uid, object);
        if (type === 'DELETED') known.delete(object.metadata.name);
        else known.set(object.metadata.name, object);
      });
      this.#stops.push(stop);
    }
    await this.rest(1000, 20_000);
    // pods are refused until there is the namespace's service account, which comes with this
    for (let tries = 0; tries < 20 && this.objects.get('configmaps')?.size === 0; tries++) await this.rest(500, 5000);
  }

  /** Until nothing has changed for `quiet` milliseconds, or `most` have passed. */
  async rest(quiet: number, most: number): Promise<void> {
    const end = Date.now() + most;
    this.#changed = Date.now();
    while (Date.now() < end) {
      const wait = this.#changed + quiet - Date.now();
      if (wait <= 0) {
        // a server that is out of breath answers late, and what it had to tell comes before
        const before = this.#changed;
        await this.server.send('GET', `/api/v1/namespaces/${this.namespace}`);
        if (this.#changed === before) return;
        continue;
      }
      await new Promise((done) => {
        setTimeout(done, Math.min(wait, end - Date.now()));
      });
    }
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.server.send('DELETE', `/api/v1/namespaces/${this.namespace}`);
  }
}
