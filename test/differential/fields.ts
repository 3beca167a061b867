/**
 * Puts every small mistake in an object (mutations.ts) to a real API server and to ours and lists where they answer
 * differently, the most frequent difference first. Not a test: it needs the real server.
 *
 *   node test/differential/fields.ts --oracle KUBECONFIG --ours KUBECONFIG [--kind Pod] [--only spec.containers] [--base N]
 *        [--update | --status | --sub resize] [--strict] [--examples 1] [--namespace differential] [--grep TEXT] [--skip REGEX] [--every N] [--version v1]
 *
 * Objects come from bases/<Kind>.yaml: several documents, each valid. Without --update they are created with dryRun=All; with
 * --update each is created for good in the namespace and the mutations of what is stored are put in its place, dry; --status
 * and --sub do the same with a subresource. --strict asks for fieldValidation=Strict; with --order the order of fields counts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { schemaNameOf } from '#cluster/schema/lookup.ts';
import { resources } from '#cluster/schema/resources.ts';
import { comparable, difference, regardlessOfOrder, type Difference } from './compare.ts';
import { mutations, type Mutation } from './mutations.ts';
import { connect, type Answer, type Server } from './server.ts';

const { values: options } = parseArgs({
  options: {
    oracle: { type: 'string', default: process.env['ORACLE'] ?? '' },
    ours: { type: 'string', default: process.env['OURS'] ?? '' },
    kind: { type: 'string' },
    version: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    base: { type: 'string' },
    update: { type: 'boolean', default: false },
    status: { type: 'boolean', default: false },
    sub: { type: 'string', default: '' },
    strict: { type: 'boolean', default: false },
    examples: { type: 'string', default: '1' },
    namespace: { type: 'string', default: 'differential' },
    grep: { type: 'string', default: '' },
    order: { type: 'boolean', default: false },
    skip: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
  },
});

interface Base {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown>;
}
interface Place {
  /** Where it is created. */
  url: string;
  schemaName: string;
}

const folder = new URL('bases/', import.meta.url);
const basesOf = (kind: string): Base[] =>
  parseAllDocuments(readFileSync(new URL(`${kind}.yaml`, folder), 'utf8'), { merge: true }).map(
    (document) => document.toJS() as Base,
  );

function placeOf({ apiVersion, kind }: Base): Place {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/', 2) : ['', apiVersion];
  const info = resources.find((one) => one.group === group && one.version === version && one.kind === kind);
  const schemaName = schemaNameOf(group ?? '', version ?? '', kind);
  if (!info || schemaName === undefined) throw new Error(`no resource for ${apiVersion} ${kind}`);
  const root = group === '' ? 'api/v1' : `apis/${apiVersion}`;
  return { url: `/${root}/${info.namespaced ? `namespaces/${options.namespace}/` : ''}${info.resource}`, schemaName };
}

const query = `dryRun=All&fieldManager=differential${options.strict ? '&fieldValidation=Strict' : '&fieldValidation=Ignore'}`;
const replaces = options.update || options.sub !== '';
const comparing = { ordered: options.order, withoutManagers: replaces || options.status, withoutStatus: replaces };
const oracle = connect(options.oracle);
const ours = connect(options.ours);
const servers = [oracle, ours] as const;

interface Found extends Difference {
  title: string;
}
const found = new Map<string, Found[]>();
let asked = 0;
let differ = 0;

/** What is asked of a server may hold that server's own ids. */
type Asking = (server: Server) => Promise<Answer>;

async function compare(ask: Asking, title: string): Promise<void> {
  const [theirs, own] = (await Promise.all(servers.map(ask))).map((answer) => comparable(answer, comparing));
  if (theirs === undefined || own === undefined) return;
  asked++;
  if (theirs === own) return;
  if (regardlessOfOrder(theirs) === regardlessOfOrder(own)) {
    // in an order of chance? then it answers otherwise when asked again
    for (let again = 0; again < 12; again++) if (comparable(await ask(oracle), comparing) !== theirs) return;
  }
  const parting = difference(theirs, own);
  if (!parting) return;
  differ++;
  const list = found.get(parting.shape) ?? [];
  list.push({ ...parting, title });
  found.set(parting.shape, list);
}

/** All, or with `--every N` one of so many, when there is no time for more. */
function* sampled(all: Iterable<Mutation>): Generator<Mutation> {
  let position = 0;
  for (const one of all) if (position++ % Number(options.every) === 0) yield one;
}

/** Eight at a time. */
async function all<T>(items: Iterable<T>, act: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function ensureNamespace(server: Server): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: options.namespace } };
  await server.send('POST', '/api/v1/namespaces', JSON.stringify(body));
  for (let tries = 0; tries < 100; tries++) {
    const { code } = await server.send('GET', `/api/v1/namespaces/${options.namespace}/serviceaccounts/default`);
    if (code === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no default ServiceAccount in ${options.namespace}`);
}

interface Stored extends Base {
  status?: unknown;
}

/** Long enough for controllers to have done what they do to a new object. */
const SETTLED = 1500;

async function create(server: Server, { url }: Place, base: Base): Promise<Stored> {
  const made = await server.send('POST', url, JSON.stringify(base));
  if (made.code !== 201) throw new Error(`${base.kind} ${String(base.metadata['name'])}: ${made.text}`);
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  const { text } = await server.send('GET', `${url}/${String(base.metadata['name'])}`);
  return JSON.parse(text) as Stored;
}

/** Ids of one server's object in the place of the other's. */
function inPlaceOf(text: string, theirs: Stored, own: Stored): string {
  let result = text;
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp']) {
    const [from, to] = [theirs.metadata[field], own.metadata[field]];
    if (typeof from === 'string' && typeof to === 'string')
      result = result.replaceAll(JSON.stringify(from), JSON.stringify(to));
  }
  const token = (stored: Stored) => /kube-api-access-[a-z0-9]{5}/.exec(JSON.stringify(stored))?.[0];
  const [from, to] = [token(theirs), token(own)];
  return from !== undefined && to !== undefined ? result.replaceAll(from, to) : result;
}

async function updates(base: Base & { spec?: object; status?: unknown }, place: Place): Promise<void> {
  const url = `${place.url}/${String(base.metadata['name'])}`;
  const remove = () =>
    Promise.all(
      servers.map((server) => server.send('DELETE', `${url}?gracePeriodSeconds=0&propagationPolicy=Background`)),
    );
  await remove();
  // held by a finalizer, it would be in the way the next time
  delete base.metadata['finalizers'];
  // each cluster's scheduler would choose a node of its own
  if (base.kind === 'Pod') base.spec = { schedulerName: 'nobody', ...base.spec };
  const [theirs, own] = await Promise.all(servers.map((server) => create(server, place, base)));
  if (!theirs || !own) return;
  const sub = options.status ? 'status' : options.sub;
  const target = sub === '' ? url : `${url}/${sub}`;
  const object = structuredClone(theirs);
  delete object.metadata['managedFields'];
  delete object.metadata['resourceVersion'];
  if (options.status && base.status !== undefined) object.status = base.status;
  const only = options.only !== '' ? options.only : options.status ? 'status' : '';
  const put = (mutation: Mutation) => {
    const ask: Asking = (server) => {
      const body = server === oracle ? mutation.text : inPlaceOf(mutation.text, theirs, own);
      return server.send('PUT', `${target}?${query}`, body);
    };
    return compare(ask, titleOf(base, mutation));
  };
  await all(sampled(mutations(object, place.schemaName, only)), put);
  await remove();
}

const titleOf = (base: Base, { path, what }: Mutation) =>
  `${base.kind} ${String(base.metadata['name'])}: ${path.join('.')} ${what}`;

const kinds = options.kind?.split(',') ?? readdirSync(folder).map((file) => file.replace('.yaml', ''));
await Promise.all(servers.map(ensureNamespace));
for (const kind of kinds) {
  const before = { asked, differ };
  for (const [position, base] of basesOf(kind).entries()) {
    if (options.base !== undefined && Number(options.base) !== position) continue;
    if (options.version !== '' && !base.apiVersion.endsWith(options.version)) continue;
    const place = placeOf(base);
    if (options.update || options.status || options.sub !== '') await updates(base, place);
    else {
      const { status: _status, ...object } = base as Stored;
      const ask = (mutation: Mutation) =>
        compare((server) => server.send('POST', `${place.url}?${query}`, mutation.text), titleOf(base, mutation));
      const of = options.only.startsWith('status') ? base : object;
      await all(sampled(mutations(of, place.schemaName, options.only)), ask);
    }
  }
  process.stdout.write(`${kind}: ${asked - before.asked} asked, ${differ - before.differ} differ\n`);
}
oracle.close();
ours.close();

const most = Number(options.examples);
for (const [shape, list] of [...found].toSorted(([, a], [, b]) => b.length - a.length)) {
  if (options.skip !== '' && new RegExp(options.skip).test(shape)) continue;
  const kept = list.filter((one) => options.grep === '' || JSON.stringify(one).includes(options.grep));
  if (kept.length === 0) continue;
  process.stdout.write(`\n== ${kept.length} x ${shape}\n`);
  for (const { title, oracle: theirs, ours: own } of kept.slice(0, most))
    process.stdout.write(`  ${title}\n    + ${theirs}\n    - ${own}\n`);
}
