/**
 * The same requests sent to two clusters, one after the other, each compared by what it has led to: the answer, then the
 * objects and events once both clusters have come to rest. A walk ends at its first difference, for what follows has another
 * past on each side.
 */
import { comparableObject } from '../conformance/comparable-object.ts';
import { normaliseText } from '../conformance/normalise.ts';
import type { Server } from './server.ts';

export interface Request {
  method: string;
  path: string;
  body?: unknown;
  /** Of the body. Default: application/json. */
  type?: string;
}

export interface Watched {
  /** Paths of lists; `/api/v1/namespaces/x/events` are compared as sentences, without how often. */
  lists: readonly string[];
  /** Takes out what the subject knows to be drawn by chance. Text in, text out. */
  redact?: (text: string) => string;
  /** Milliseconds both clusters may take until they agree. Loops that look around every 15 s need more than that. */
  patienceMs?: number;
}

export interface Parting {
  /** Counted from 1. */
  step: number;
  request: Request;
  /** Lines that only one side has. */
  left: string[];
  right: string[];
}

/** Milliseconds between two looks, and how many looks alike count as rest. */
const LOOK_MS = 150;
const LOOKS_AT_REST = 3;
const PATIENCE_MS = 20_000;

interface Listed {
  kind: string;
  apiVersion: string;
  items: { kind?: string; apiVersion?: string }[];
}
interface ToldEvent {
  type: string;
  reason: string;
  message?: string;
  involvedObject?: { kind?: string; name?: string };
  source?: { component?: string };
  reportingComponent?: string;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const sentence = ({ type, reason, message, involvedObject, source, reportingComponent }: ToldEvent): string =>
  `${source?.component || reportingComponent} ${type} ${reason} ${involvedObject?.kind}/${involvedObject?.name}: ${message}`;

/** An object as lines `kind name path: value`, so that one difference is one line. */
function linesOf(value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${at}: ${JSON.stringify(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${at}: ${JSON.stringify(value)}`];
  return entries.flatMap(([key, inner]) => linesOf(inner, `${at}.${key}`));
}

async function look(server: Server, { lists, redact = (text) => text }: Watched): Promise<string[]> {
  const answers = await Promise.all(lists.map((path) => server.send('GET', path)));
  const lines = answers.flatMap(({ code, text }, position) => {
    if (code !== 200) return [`${lists[position]}: ${code} ${text}`];
    const { kind, items } = JSON.parse(text) as Listed;
    if (kind === 'EventList') return (items as unknown as ToldEvent[]).map(sentence);
    const kindOfItem = kind.replace(/List$/, '');
    return items.flatMap((item) => {
      const object = comparableObject({ ...item, kind: kindOfItem }, false) as { metadata?: { name?: string } };
      return linesOf(object, `${kindOfItem}/${object.metadata?.name}`);
    });
  });
  return [...new Set(lines.map((line) => redact(normaliseText(line))))].toSorted();
}

const answered = (code: number, text: string, redact: (text: string) => string): string => {
  if (code < 400) return String(code);
  try {
    return redact(normaliseText(`${code} ${(JSON.parse(text) as { message?: string }).message}`));
  } catch {
    return `${code} ${text}`;
  }
};

const without = (lines: readonly string[], others: readonly string[]): string[] => {
  const had = new Set(others);
  return lines.filter((line) => !had.has(line));
};

/** Looks until both sides agree and rest, or patience ends; returns the last look of each. */
async function settled(left: Server, right: Server, watched: Watched): Promise<[string[], string[]]> {
  const end = Date.now() + (watched.patienceMs ?? PATIENCE_MS);
  let before = '';
  let alike = 0;
  for (;;) {
    const seen = await Promise.all([look(left, watched), look(right, watched)]);
    const [one, other] = seen.map((lines) => lines.join('\n'));
    alike = one === before && one === other ? alike + 1 : 0;
    before = one ?? '';
    if (alike >= LOOKS_AT_REST || Date.now() > end) return seen;
    await pause(LOOK_MS);
  }
}

/** @returns where the two part; undefined: nowhere */
export async function walk(
  left: Server,
  right: Server,
  requests: readonly Request[],
  watched: Watched,
): Promise<Parting | undefined> {
  const { redact = (text: string) => text } = watched;
  for (const [index, request] of requests.entries()) {
    const { method, path, body, type } = request;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answers = await Promise.all([left, right].map((server) => server.send(method, path, text, type)));
    const [one, other] = answers.map((answer) => answered(answer.code, answer.text, redact));
    const at = { step: index + 1, request };
    if (one !== other) return { ...at, left: [one ?? ''], right: [other ?? ''] };
    const [a, b] = await settled(left, right, watched);
    const [onlyLeft, onlyRight] = [without(a, b), without(b, a)];
    if (onlyLeft.length + onlyRight.length > 0) return { ...at, left: onlyLeft, right: onlyRight };
  }
  return undefined;
}
