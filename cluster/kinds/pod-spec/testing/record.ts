/**
 * Asks a real API server for the answers to the cases beside a kind and writes them down. Run by us when cases change, with
 * `kubectl proxy` in front of a cluster of that version: node record.ts http://127.0.0.1:8001 NAMESPACE FOLDER...
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KubeObject } from '../../../api/types.ts';
import { resources } from '../../../schema/resources.ts';
import { comparable, comparableSentence, readCases, type Answer, type Patch, type Recorded } from './cases.ts';

const [server = '', namespace = '', ...folders] = process.argv.slice(2);

interface Status extends KubeObject {
  message?: string;
  details?: { causes?: { field: string; message: string }[] };
}
interface Table {
  rows: { cells: (string | number)[]; object: KubeObject }[];
}

const JSON_BODY = { 'content-type': 'application/json' };
const MERGE_BODY = { 'content-type': 'application/merge-patch+json' };

function collection({ apiVersion, kind }: KubeObject): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const info = resources.find((one) => one.group === group && one.version === version && one.kind === kind);
  if (!info) throw new Error(`no resource for ${apiVersion} ${kind}`);
  const root = group === '' ? 'api/v1' : `apis/${group ?? ''}/${version ?? ''}`;
  return `${server}/${root}/${info.namespaced ? `namespaces/${namespace}/` : ''}${info.resource}`;
}

async function send(url: string, method: string, body?: unknown, headers: Record<string, string> = JSON_BODY) {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const object = (await response.json()) as Status;
  const warnings = (response.headers.get('warning') ?? '')
    .split(/, (?=299 - )/)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line.replace(/^299 - /, '')) as string);
  return { object, warnings };
}

function answerOf({ object, warnings }: Awaited<ReturnType<typeof send>>): Answer {
  if (object.kind !== 'Status')
    return { stored: comparable(object), ...(warnings.length > 0 && { warnings: warnings.toSorted() }) };
  const causes = object.details?.causes ?? [];
  if (causes.length === 0) throw new Error(`refused for another reason: ${object.message ?? ''}`);
  return { refused: causes.map(({ field, message }) => comparableSentence(`${field}: ${message}`)) };
}

const gone = (url: string, object: KubeObject) => send(`${url}/${object.metadata.name}?gracePeriodSeconds=0`, 'DELETE');

async function read(url: string): Promise<KubeObject> {
  const { object } = await send(url, 'GET');
  delete object.metadata.managedFields;
  return object;
}

async function create(object: KubeObject): Promise<KubeObject> {
  const url = collection(object);
  await gone(url, object);
  const { object: made } = await send(url, 'POST', object);
  if (made.kind === 'Status') throw new Error(`${object.metadata.name}: ${made.message ?? ''}`);
  return read(`${url}/${object.metadata.name}`);
}

async function recordUpdates(object: KubeObject, patches: readonly Patch[]) {
  const live = await create(object);
  const url = `${collection(object)}/${object.metadata.name}`;
  const answers: Answer[] = [];
  for (const { merge, sub } of patches) {
    const target = `${url}${sub === undefined ? '' : `/${sub}`}?dryRun=All`;
    answers.push(answerOf(await send(target, 'PATCH', merge, MERGE_BODY)));
  }
  await gone(collection(object), object);
  return { live, answers };
}

async function recordRow(object: KubeObject & { status?: unknown }) {
  await create(object);
  const url = `${collection(object)}/${object.metadata.name}`;
  if (object.status) await send(`${url}/status`, 'PATCH', { status: object.status }, MERGE_BODY);
  if (object.metadata.finalizers) await send(url, 'DELETE');
  const asTable = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  // object and cells in one answer: controllers are at work meanwhile
  const table = (await (await fetch(`${url}?includeObject=Object`, { headers: asTable })).json()) as Table;
  const [row] = table.rows;
  if (!row) throw new Error(`${object.metadata.name}: gone`);
  delete row.object.metadata.managedFields;
  const now = Date.now();
  await gone(collection(object), object);
  if (object.metadata.finalizers) await send(url, 'PATCH', { metadata: { finalizers: null } }, MERGE_BODY);
  return { live: row.object, now, cells: row.cells };
}

for (const folder of folders) {
  const url = pathToFileURL(`${resolve(folder)}/`);
  const cases = readCases(url);
  const recorded: Recorded = { creates: {}, updates: {}, rows: {} };
  for (const object of cases.creates ?? [])
    recorded.creates[object.metadata.name] = answerOf(await send(`${collection(object)}?dryRun=All`, 'POST', object));
  for (const { create: object, patches } of cases.updates ?? [])
    recorded.updates[object.metadata.name] = await recordUpdates(object, patches);
  for (const object of cases.rows ?? []) recorded.rows[object.metadata.name] = await recordRow(object);
  writeFileSync(new URL('recorded.json', url), `${JSON.stringify(recorded, undefined, 1)}\n`);
}
