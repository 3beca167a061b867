/** How kubectl in a container asks the API server: as the pod's service account, like everybody. */
import { ask, parseUrl } from '../../commands/http-client.ts';
import { resolve } from '../../commands/resolve.ts';
import type { Tool } from '../../commands/tool.ts';
import { FileError } from '../../files/file-view.ts';
import type { Wait } from '../../shell/coroutine.ts';

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
export const VERSION = 'v1.35.4';
const DISCOVERY = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

interface Resource {
  resource: string;
  singularResource?: string;
  shortNames?: string[];
  scope?: string;
  responseKind?: { kind: string };
}
interface Discovery {
  items?: { metadata?: { name?: string }; versions?: { version: string; resources?: Resource[] }[] }[];
}
export interface Known {
  group: string;
  version: string;
  resource: Resource;
}
interface Status {
  message?: string;
  reason?: string;
  details?: unknown;
}
export interface Fault {
  message: string;
}

/** A refusal in kubectl's words. */
export const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' && value !== null && 'fault' in value;
export const fault = (message: string) => ({ fault: true, message });

export class Client {
  readonly tool: Tool;
  readonly flags: ReadonlyMap<string, string>;
  #known: Known[] | undefined;

  constructor(tool: Tool, flags: ReadonlyMap<string, string>) {
    this.tool = tool;
    this.flags = flags;
  }
  file(name: string): string {
    try {
      return this.tool.box.files.read(`${ACCOUNT}/${name}`);
    } catch (error) {
      if (error instanceof FileError) return '';
      throw error;
    }
  }
  get namespace(): string {
    return this.flags.get('namespace') ?? (this.file('namespace').trim() || 'default');
  }
  flag(name: string): string | undefined {
    return this.flags.get(name);
  }

  *send(
    method: string,
    path: string,
    { accept = 'application/json', body = '', type }: { accept?: string; body?: string; type?: string } = {},
  ): Generator<Wait, unknown, void> {
    const token = this.flag('token') ?? this.file('token');
    const host = this.tool.context.env.get('KUBERNETES_SERVICE_HOST');
    const port = this.tool.context.env.get('KUBERNETES_SERVICE_PORT') ?? '443';
    const server = this.flag('server') ?? (host && token !== '' ? `https://${host}:${port}` : undefined);
    if (server === undefined) {
      return fault('The connection to the server localhost:8080 was refused - did you specify the right host or port?');
    }
    const url = parseUrl(`${server}${path}`);
    if (url === undefined) return fault(`error: invalid server ${server}`);
    const found = yield* resolve(this.tool, url.host);
    const where = `${url.host}:${url.port}`;
    if (found.kind !== 'found') {
      return fault(`Unable to connect to the server: dial tcp: lookup ${url.host}: no such host`);
    }
    const outcome = ask(this.tool.box, url, found.addresses[0] ?? '', {
      method,
      headers: [`Accept: ${accept}`, ...(token === '' ? [] : [`Authorization: Bearer ${token}`])],
      body,
      ...(type === undefined ? {} : { type }),
      agent: `kubectl/${VERSION} (linux/amd64)`,
      trust: { authorities: this.file('ca.crt') },
    });
    if (outcome.kind === 'refused') {
      return fault(`The connection to the server ${where} was refused - did you specify the right host or port?`);
    }
    if (outcome.kind === 'distrusted') {
      return fault(
        'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
      );
    }
    if (outcome.kind !== 'answer') return fault(`Unable to connect to the server: dial tcp ${where}: i/o timeout`);
    const { status, body: text } = outcome.answer;
    if (status === 404 && this.flags.has('ignore-not-found')) return undefined;
    const said = JSON.parse(Buffer.from(text, 'latin1').toString() || '{}') as Status;
    if (status < 400) return said;
    if (status === 401) return fault('error: You must be logged in to the server (Unauthorized)');
    return fault(`Error from server (${said.reason ?? status}): ${said.message ?? ''}`);
  }

  *resource(word: string): Generator<Wait, Known | Fault, void> {
    if (this.#known === undefined) {
      const known: Known[] = [];
      for (const path of ['/api', '/apis']) {
        const said = yield* this.send('GET', path, { accept: DISCOVERY });
        if (isFault(said)) return said;
        for (const { metadata, versions = [] } of (said as Discovery).items ?? []) {
          const [first] = versions;
          for (const resource of first?.resources ?? []) {
            known.push({ group: metadata?.name ?? '', version: first?.version ?? '', resource });
          }
        }
      }
      this.#known = known;
    }
    const [name = '', ...group] = word.toLowerCase().split('.');
    const found = this.#known.find(
      ({ resource, group: own }) =>
        (resource.resource === name ||
          resource.singularResource === name ||
          resource.responseKind?.kind.toLowerCase() === name ||
          (resource.shortNames ?? []).includes(name)) &&
        (group.length === 0 || own === group.join('.')),
    );
    return found ?? fault(`error: the server doesn't have a resource type "${word}"`);
  }

  path({ group, version, resource }: Known, name = '', all = false): string {
    const start = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const inside = resource.scope === 'Namespaced' && !all ? `/namespaces/${this.namespace}` : '';
    return `${start}${inside}/${resource.resource}${name === '' ? '' : `/${name}`}`;
  }
  full({ group, resource }: Known): string {
    const singular = resource.singularResource || resource.resource;
    return group === '' ? singular : `${singular}.${group}`;
  }
  print(text: string): void {
    this.tool.out(Buffer.from(text).toString('latin1'));
  }
  fail({ message }: Fault): number {
    this.tool.context.io.stderr.write(`${message}\n`);
    return 1;
  }
}
