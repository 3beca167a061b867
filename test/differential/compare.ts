/** Two servers' answers to the same request, without what two servers cannot have in common, and what differs in them. */
import type { Answer } from './server.ts';

interface Cause {
  reason?: string;
  message?: string;
  field?: string;
}
interface Body {
  kind?: string;
  message?: string;
  details?: { causes?: Cause[] };
  status?: unknown;
  metadata?: { name?: string; generateName?: string; managedFields?: { time?: string }[] };
}

const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const NOW = new Date().getUTCFullYear();
const TIME = new RegExp(`${NOW}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z`, 'g');
const TOKEN = /kube-api-access-[a-z0-9]{5}/g;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

export interface Comparing {
  /** The order of fields counts. */
  ordered: boolean;
  /** Leaves out who wrote what: controllers have names of their own in each cluster, and write in their own time. */
  withoutManagers: boolean;
  /** And what controllers write, each cluster's in its own time. */
  withoutStatus: boolean;
}

/** One text of an answer, the same for all answers that mean the same. */
export function comparable(
  { code, text, warnings }: Answer,
  { ordered, withoutManagers, withoutStatus }: Comparing,
): string {
  const clean = text.replaceAll(UID, '<uid>').replaceAll(TIME, '<time>').replaceAll(TOKEN, 'kube-api-access-<5>');
  const shown = clean.replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":"<rv>"');
  const lines = warnings.length === 0 ? '' : `\n${warnings.join('\n')}`;
  let body: Body;
  try {
    body = JSON.parse(shown) as Body;
  } catch {
    return `${code} ${shown}${lines}`;
  }
  const { metadata } = body;
  const drawn = metadata?.generateName;
  if (drawn !== undefined && drawn !== '' && metadata?.name?.startsWith(drawn.slice(0, 58)))
    metadata.name = `${drawn}<5>`;
  if (body.kind !== 'Status') {
    if (withoutManagers) delete metadata?.managedFields;
    if (withoutStatus) delete body.status;
  }
  return `${code} ${JSON.stringify(ordered ? body : sorted(body))}${lines}`;
}

/** The server lists what it finds in a map in an order of chance: the same parts, in any order. */
export const regardlessOfOrder = (text: string): string =>
  text
    .split(/, (?=[a-z]+[\w.[\]/-]*: )|\},\{|[[\]]|\n/)
    .map((part) => part.replace(/^\{|\}$/g, ''))
    .toSorted()
    .join('\n');

export interface Difference {
  /** The same for differences of the same making. */
  shape: string;
  oracle: string;
  ours: string;
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Where two objects part, first place first: `spec.x: 1 | (none)`. */
function* partings(a: unknown, b: unknown, at: string): Generator<string> {
  if (a === b) return;
  if (!isFields(a) || !isFields(b)) {
    const text = (value: unknown) => (value === undefined ? '(none)' : JSON.stringify(value));
    yield `${at}: ${text(a)} | ${text(b)}`;
    return;
  }
  let some = false;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
    for (const parting of partings(a[key], b[key], `${at}.${key}`)) {
      some = true;
      yield parting;
    }
  if (!some && Object.keys(a).join() !== Object.keys(b).join())
    yield `${at}: order ${Object.keys(a).join()} | ${Object.keys(b).join()}`;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text.slice(4).split('\n')[0] ?? '') as unknown;
  } catch {
    return text;
  }
};

const sentencesOf = (body: unknown): string[] => {
  const { message, details } = body as Body;
  const causes = details?.causes ?? [];
  return causes.length > 0 ? causes.map((cause) => `${cause.field}: ${cause.message}`) : [message ?? ''];
};

/** Names, numbers and values left out. */
const shape = (sentence: string): string =>
  sentence
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\d+/g, 'N')
    .replace(/^[^:]*?([\w\]]*): /, '$1: ')
    .slice(0, 160);

/** undefined: no difference. */
export function difference(oracle: string, ours: string): Difference | undefined {
  if (oracle === ours) return undefined;
  const [a, b] = [parsed(oracle), parsed(ours)];
  const warnings = (text: string) => text.split('\n').slice(1).join('\n');
  if (warnings(oracle) !== warnings(ours) && JSON.stringify(a) === JSON.stringify(b))
    return {
      shape: `warnings: ${shape(warnings(oracle))} | ${shape(warnings(ours))}`,
      oracle: warnings(oracle),
      ours: warnings(ours),
    };
  const isRefused = (body: unknown) => (body as Body).kind === 'Status';
  if (!isRefused(a) && !isRefused(b)) {
    const parts = [...partings(a, b, '')];
    return {
      shape: `object: ${parts
        .map((part) => shape(part))
        .slice(0, 4)
        .join(' ; ')}`,
      oracle: parts.slice(0, 6).join('\n      '),
      ours: '',
    };
  }
  const [theirs, own] = [
    isRefused(a) ? sentencesOf(a) : ['(accepted)'],
    isRefused(b) ? sentencesOf(b) : ['(accepted)'],
  ];
  const missing = theirs.filter((line) => !own.includes(line));
  const surplus = own.filter((line) => !theirs.includes(line));
  const head = `${oracle.slice(0, 3)}/${ours.slice(0, 3)}`;
  if (missing.length + surplus.length === 0)
    return {
      shape: `${head} order or message: ${theirs.map(shape).slice(0, 3).join(' ; ')}`,
      oracle: oracle.slice(0, 3000),
      ours: ours.slice(0, 3000),
    };
  return {
    shape: `${head} ${missing.map(shape).slice(0, 3).join(' ; ')} | ${surplus.map(shape).slice(0, 3).join(' ; ')}`,
    oracle: missing.join('\n      '),
    ours: surplus.join('\n      '),
  };
}
