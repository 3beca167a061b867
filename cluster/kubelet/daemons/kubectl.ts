/** kubectl in a container, for what people let pods do with it: get, delete, scale, rollout restart, auth, version. It asks the API server as everybody does. */
import { stringify } from 'yaml';
import { notHere } from '../commands/not-here.ts';
import { ask, parseUrl } from '../commands/http-client.ts';
import { resolve } from '../commands/resolve.ts';
import { Tool } from '../commands/tool.ts';
import { FileError } from '../files/file-view.ts';
import type { Context, Program } from '../shell/box.ts';
import type { Run, Wait } from '../shell/coroutine.ts';

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const VERSION = 'v1.35.4';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
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
interface Known {
  group: string;
  version: string;
  resource: Resource;
}
interface Status {
  message?: string;
  reason?: string;
  details?: unknown;
}
interface Table {
  columnDefinitions: { name: string; priority: number }[];
  rows: { cells: (string | number | boolean | null)[]; object?: { metadata: { name: string; namespace?: string } } }[];
}
interface Fault {
  message: string;
}

/** A refusal in kubectl's words. */
const isFault = (value: unknown): value is Fault => typeof value === 'object' && value !== null && 'fault' in value;
const fault = (message: string) => ({ fault: true, message });

class Kubectl {
  readonly #tool: Tool;
  readonly #flags: ReadonlyMap<string, string>;
  #known: Known[] | undefined;

  constructor(tool: Tool, flags: ReadonlyMap<string, string>) {
    this.#tool = tool;
    this.#flags = flags;
  }
  #file(name: string): string {
    try {
      return this.#tool.box.files.read(`${ACCOUNT}/${name}`);
    } catch (error) {
      if (error instanceof FileError) return '';
      throw error;
    }
  }
  get namespace(): string {
    return this.#flags.get('namespace') ?? (this.#file('namespace').trim() || 'default');
  }
  #flag(name: string): string | undefined {
    return this.#flags.get(name);
  }

  *#send(
    method: string,
    path: string,
    { accept = 'application/json', body = '', type }: { accept?: string; body?: string; type?: string } = {},
  ): Generator<Wait, unknown, void> {
    const token = this.#flag('token') ?? this.#file('token');
    const host = this.#tool.context.env.get('KUBERNETES_SERVICE_HOST');
    const port = this.#tool.context.env.get('KUBERNETES_SERVICE_PORT') ?? '443';
    const server = this.#flag('server') ?? (host && token !== '' ? `https://${host}:${port}` : undefined);
    if (server === undefined) {
      return fault('The connection to the server localhost:8080 was refused - did you specify the right host or port?');
    }
    const url = parseUrl(`${server}${path}`);
    if (url === undefined) return fault(`error: invalid server ${server}`);
    const found = yield* resolve(this.#tool, url.host);
    const where = `${url.host}:${url.port}`;
    if (found.kind !== 'found') {
      return fault(`Unable to connect to the server: dial tcp: lookup ${url.host}: no such host`);
    }
    const outcome = ask(this.#tool.box, url, found.addresses[0] ?? '', {
      method,
      headers: [`Accept: ${accept}`, ...(token === '' ? [] : [`Authorization: Bearer ${token}`])],
      body,
      ...(type === undefined ? {} : { type }),
      agent: `kubectl/${VERSION} (linux/amd64)`,
      trust: { authorities: this.#file('ca.crt') },
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
    if (status === 404 && this.#flags.has('ignore-not-found')) return undefined;
    const said = JSON.parse(Buffer.from(text, 'latin1').toString() || '{}') as Status;
    if (status < 400) return said;
    if (status === 401) return fault('error: You must be logged in to the server (Unauthorized)');
    return fault(`Error from server (${said.reason ?? status}): ${said.message ?? ''}`);
  }

  *#resource(word: string): Generator<Wait, Known | Fault, void> {
    if (this.#known === undefined) {
      const known: Known[] = [];
      for (const path of ['/api', '/apis']) {
        const said = yield* this.#send('GET', path, { accept: DISCOVERY });
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

  #path({ group, version, resource }: Known, name = '', all = false): string {
    const start = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const inside = resource.scope === 'Namespaced' && !all ? `/namespaces/${this.namespace}` : '';
    return `${start}${inside}/${resource.resource}${name === '' ? '' : `/${name}`}`;
  }
  #full({ group, resource }: Known): string {
    const singular = resource.singularResource || resource.resource;
    return group === '' ? singular : `${singular}.${group}`;
  }
  #print(text: string): void {
    this.#tool.out(Buffer.from(text).toString('latin1'));
  }
  #fail({ message }: Fault): number {
    this.#tool.context.io.stderr.write(`${message}\n`);
    return 1;
  }

  /** `pod/web`, or a resource and names. */
  #targets(words: readonly string[]): [resource: string, name: string][] {
    const [first = '', ...names] = words;
    if (first.includes('/'))
      return words.map((word): [string, string] => [word.split('/')[0] ?? '', word.split('/')[1] ?? '']);
    const resources = first.split(',');
    return resources.flatMap((resource) =>
      names.length === 0
        ? [[resource, ''] as [string, string]]
        : names.map((name): [string, string] => [resource, name]),
    );
  }

  #table({ columnDefinitions, rows }: Table, all: boolean, first: boolean): void {
    const wide = this.#flag('output') === 'wide';
    const shown = columnDefinitions.flatMap(({ priority }, index) => (priority === 0 || wide ? [index] : []));
    const head = shown.map((index) => (columnDefinitions[index]?.name ?? '').toUpperCase());
    const lines = rows.map(({ cells, object }) => [
      ...(all ? [object?.metadata.namespace ?? ''] : []),
      ...shown.map((index) => String(cells[index] ?? '<none>')),
    ]);
    const whole = this.#flags.has('no-headers') ? lines : [[...(all ? ['NAMESPACE'] : []), ...head], ...lines];
    const widths = (whole[0] ?? []).map((_one, column) =>
      Math.max(...whole.map((line) => (line[column] ?? '').length)),
    );
    if (!first) this.#print('\n');
    for (const line of whole) {
      this.#print(
        `${line.map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 3))).join('')}\n`,
      );
    }
  }

  *get(words: readonly string[]): Run {
    if (words.length === 0) {
      return this.#fail(
        fault(
          'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples',
        ),
      );
    }
    const output = this.#flag('output') ?? '';
    const all = this.#flags.has('all-namespaces');
    let [code, printed] = [0, 0];
    for (const [word, name] of this.#targets(words)) {
      const known = yield* this.#resource(word);
      if (isFault(known)) return this.#fail(known);
      const found = known;
      const query = new URLSearchParams();
      for (const [flag, key] of [
        ['selector', 'labelSelector'],
        ['field-selector', 'fieldSelector'],
      ] as const) {
        const value = this.#flag(flag);
        if (value !== undefined) query.set(key, value);
      }
      const asTable = output === '' || output === 'wide';
      const path = `${this.#path(found, name, all)}${query.size > 0 ? `?${query}` : ''}`;
      const said = yield* this.#send('GET', path, asTable ? { accept: TABLE } : {});
      if (said === undefined) continue;
      if (isFault(said)) {
        code = this.#fail(said);
        continue;
      }
      if (asTable) {
        const table = said as Table;
        if (table.rows.length === 0) {
          const where = found.resource.scope === 'Namespaced' && !all ? ` in ${this.namespace} namespace` : '';
          this.#tool.context.io.stderr.write(`No resources found${where}.\n`);
        } else this.#table(table, all && found.resource.scope === 'Namespaced', printed++ === 0);
        continue;
      }
      this.#object(said, found, output);
    }
    return code;
  }
  #object(said: unknown, known: Known, output: string): void {
    const items = (said as { items?: { metadata: { name: string } }[] }).items;
    if (output === 'name') {
      for (const { metadata } of items ?? [said as { metadata: { name: string } }]) {
        this.#print(`${this.#full(known)}/${metadata.name}\n`);
      }
    } else if (output === 'yaml') this.#print(stringify(said, { indentSeq: false, lineWidth: 0 }));
    else if (output.startsWith('jsonpath=')) this.#print(simplePath(said, output.slice('jsonpath='.length)));
    else this.#print(`${JSON.stringify(said, undefined, 4)}\n`);
  }

  *delete(words: readonly string[]): Run {
    if (words.length === 0) {
      return this.#fail(
        fault(
          "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
        ),
      );
    }
    let code = 0;
    for (const [word, name] of this.#targets(words)) {
      const known = yield* this.#resource(word);
      if (isFault(known)) return this.#fail(known);
      const selector = this.#flag('selector');
      const names = name === '' ? yield* this.#names(known, selector) : [name];
      if (isFault(names)) return this.#fail(names);
      for (const one of names) {
        const said = yield* this.#send('DELETE', this.#path(known, one));
        if (isFault(said)) code = this.#fail(said);
        else if (said !== undefined) {
          const from = known.resource.scope === 'Namespaced' ? ` from ${this.namespace} namespace` : '';
          this.#print(`${this.#full(known)} "${one}" deleted${from}\n`);
        }
      }
    }
    return code;
  }
  *#names(known: Known, selector: string | undefined): Generator<Wait, string[] | Fault, void> {
    if (selector === undefined && !this.#flags.has('all')) {
      return fault('error: resource(s) were provided, but no name was specified');
    }
    const query = selector === undefined ? '' : `?labelSelector=${encodeURIComponent(selector)}`;
    const said = yield* this.#send('GET', `${this.#path(known)}${query}`);
    if (isFault(said)) return said;
    return (said as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
  }

  *patch(words: readonly string[], body: object, done: string, part = ''): Run {
    for (const [word, name] of this.#targets(words)) {
      const known = yield* this.#resource(word);
      if (isFault(known)) return this.#fail(known);
      const said = yield* this.#send('PATCH', `${this.#path(known, name)}${part}`, {
        body: JSON.stringify(body),
        type: 'application/merge-patch+json',
      });
      if (isFault(said)) return this.#fail(said);
      this.#print(`${this.#full(known)}/${name} ${done}\n`);
    }
    return 0;
  }

  *canI(words: readonly string[]): Run {
    const [verb = '', target = ''] = words;
    if (words.length !== 2) {
      return this.#fail(
        fault(
          "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
        ),
      );
    }
    const spec = target.startsWith('/')
      ? { nonResourceAttributes: { verb, path: target } }
      : { resourceAttributes: yield* this.#attributes(verb, target) };
    const said = yield* this.#send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      type: 'application/json',
      body: JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec }),
    });
    if (isFault(said)) return this.#fail(said);
    const allowed = (said as { status?: { allowed?: boolean } }).status?.allowed === true;
    if (!this.#flags.has('quiet')) this.#print(allowed ? 'yes\n' : 'no\n');
    return allowed ? 0 : 1;
  }
  *#attributes(verb: string, target: string): Generator<Wait, object, void> {
    const [resource = '', name = ''] = target.split('/');
    const known = resource === '*' ? undefined : yield* this.#resource(resource);
    const found = known === undefined || isFault(known) ? undefined : known;
    const all = this.#flags.has('all-namespaces');
    const warn = (text: string) => this.#tool.context.io.stderr.write(`Warning: ${text}\n\n`);
    const [bare = '', ...group] = resource.toLowerCase().split('.');
    if (isFault(known)) {
      const where = group.length > 0 ? ` in group '${group.join('.')}'` : '';
      warn(`the server doesn't have a resource type '${bare}'${where}`);
    } else if (found && !all && found.resource.scope !== 'Namespaced') {
      const where = found.group === '' ? '' : ` in group '${found.group}'`;
      warn(`resource '${found.resource.resource}' is not namespace scoped${where}`);
    }
    return {
      namespace: all ? '' : this.namespace,
      verb,
      group: resource === '*' ? '*' : (found?.group ?? ''),
      resource: found?.resource.resource ?? resource,
      name,
    };
  }
  *version(): Run {
    this.#print(`Client Version: ${VERSION}\nKustomize Version: v5.7.1\n`);
    if (this.#flags.has('client')) return 0;
    const said = yield* this.#send('GET', '/version');
    if (isFault(said)) return this.#fail(said);
    this.#print(`Server Version: ${(said as { gitVersion: string }).gitVersion}\n`);
    return 0;
  }
}

/** `{.items[*].metadata.name}` and the like: fields, `[*]`, `[0]`, text between. */
function simplePath(value: unknown, template: string): string {
  return template.replaceAll(/\{([^}]*)\}/g, (_all, path: string) => {
    const quoted = /^"(.*)"$/.exec(path.trim());
    if (quoted) return (quoted[1] ?? '').replaceAll('\\n', '\n').replaceAll('\\t', '\t');
    let found: unknown[] = [value];
    for (const [, field, index] of path.matchAll(/\.((?:\\\.|[\w-])+)|\[(\*|\d+)\]/g)) {
      found = found.flatMap((one) => {
        if (field !== undefined) {
          const inner = (one as Record<string, unknown> | null)?.[field.replaceAll('\\.', '.')];
          return inner === undefined ? [] : [inner];
        }
        const list = Array.isArray(one) ? (one as unknown[]) : [];
        return index === '*' ? list : list.slice(Number(index), Number(index) + 1);
      });
    }
    return found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ');
  });
}

const LONG: Readonly<Record<string, string>> = {
  n: 'namespace',
  o: 'output',
  l: 'selector',
  A: 'all-namespaces',
  s: 'server',
  q: 'quiet',
};
/** Those that kubectl has and this one has not. */
const OTHERS: ReadonlySet<string> = new Set(
  'annotate api-resources api-versions apply attach autoscale certificate cluster-info completion config cordon cp create debug describe diff drain edit events exec explain expose help kustomize label logs options patch plugin port-forward proxy replace run set taint top uncordon wait'.split(
    ' ',
  ),
);
const BARE: ReadonlySet<string> = new Set([
  'all-namespaces',
  'no-headers',
  'client',
  'all',
  'force',
  'now',
  'wait',
  'ignore-not-found',
  'quiet',
]);

function parsed(argv: readonly string[]): { words: string[]; flags: Map<string, string> } {
  const [words, flags, left] = [[] as string[], new Map<string, string>(), argv.slice(1)];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const match = /^(?:--([\w-]+)|-([a-zA-Z]))(?:=?(.+))?$/s.exec(word);
    if (!match) words.push(word);
    else {
      const name = match[1] ?? LONG[match[2] ?? ''] ?? match[2] ?? '';
      flags.set(name, match[3] ?? (BARE.has(name) ? 'true' : (left.shift() ?? '')));
    }
  }
  return { words, flags };
}

export const kubectl: Program = function* run(context: Context): Run {
  const { words, flags } = parsed(context.argv);
  const [verb, ...rest] = words;
  const tool = new Kubectl(new Tool(context), flags);
  switch (verb) {
    case 'get':
      return yield* tool.get(rest);
    case 'delete':
      return yield* tool.delete(rest);
    case 'scale':
      return yield* tool.patch(rest, { spec: { replicas: Number(flags.get('replicas')) } }, 'scaled', '/scale');
    case 'rollout':
      if (rest[0] === 'restart') {
        const at = new Date(context.box.now()).toISOString().replace(/\.\d+Z$/, 'Z');
        const annotations = { 'kubectl.kubernetes.io/restartedAt': at };
        return yield* tool.patch(rest.slice(1), { spec: { template: { metadata: { annotations } } } }, 'restarted');
      }
      break;
    case 'auth':
      if (rest[0] === 'can-i') return yield* tool.canI(rest.slice(1));
      break;
    case 'version':
      return yield* tool.version();
    case undefined:
      break;
    default:
      if (!OTHERS.has(verb)) {
        context.io.stderr.write(`error: unknown command "${verb}" for "kubectl"\n`);
        return 1;
      }
  }
  return yield* notHere(context);
};
