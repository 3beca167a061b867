/**
 * Sends the same HTTP requests to two API servers and prints where they answer differently.
 * Usage: node test/differential/http.ts LEFT.kubeconfig RIGHT.kubeconfig REQUESTS.yaml [--only TEXT] [--show]
 *
 * REQUESTS.yaml (those in requests/ cover reads, forms and documents, watches and selectors, bodies, versions) is a list; an entry is `METHOD /path` or
 * `{do: METHOD /path, headers: {}, body: text or object, base64: bytes, save: {name: metadata.continue}, quiet: true}`.
 * `{{name}}` puts in what was saved from an earlier answer of the same server. `quiet`: set-up, not compared.
 */
import { readFileSync } from 'node:fs';
import { Agent, request as send } from 'node:https';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { wireText } from './wire-text.ts';

interface Entry {
  do: string;
  headers?: Record<string, string | string[]>;
  body?: unknown;
  /** Bytes that are no text. */
  base64?: string;
  /** How often the body is repeated: long bodies. */
  times?: number;
  save?: Record<string, string>;
  quiet?: boolean;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const COMPARED = [
  'content-type',
  'content-encoding',
  'warning',
  'retry-after',
  'allow',
  'cache-control',
  'etag',
  'vary',
  'location',
  'last-modified',
  'x-content-type-options',
  'transfer-encoding',
];
const TIMEOUT_MS = 20_000;

interface Server {
  send(entry: Entry): Promise<Answer>;
  close(): void;
}

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

/** What a later request may put into its path or body. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

function connect(file: string): Server {
  const { clusters, users } = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  // others may have added users of theirs
  const user = users.find((one) => one.user['client-certificate-data'] !== undefined)?.user;
  if (!cluster || !user) throw new Error(`${file} has no cluster and user`);
  const pem = (data = '') => Buffer.from(data, 'base64');
  const agent = new Agent({
    keepAlive: true,
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
  });
  const { hostname, port } = new URL(cluster.server);
  const saved: Record<string, string> = {};
  const filled = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => saved[name] ?? '');

  const once = (entry: Entry): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const [, method = 'GET', path = '/'] = /^(\S+) (.*)$/s.exec(filled(entry.do)) ?? [];
      const headers = Object.fromEntries(
        Object.entries(entry.headers ?? {}).map(([name, value]) => [
          name.toLowerCase(),
          typeof value === 'string' ? filled(value) : value,
        ]),
      );
      let body: Buffer | undefined;
      if (entry.base64 !== undefined) body = Buffer.from(entry.base64, 'base64');
      else if (typeof entry.body === 'string') body = Buffer.from(filled(entry.body).repeat(entry.times ?? 1));
      else if (entry.body !== undefined) {
        body = Buffer.from(filled(JSON.stringify(entry.body)));
        headers['content-type'] ??= 'application/json';
      }
      if (body) headers['content-length'] ??= String(body.length);
      const outgoing = send({ agent, hostname, port, method, path, headers, timeout: TIMEOUT_MS }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const whole = Buffer.concat(chunks);
          const flat = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(' | ')]),
          );
          resolve({
            status: response.statusCode ?? 0,
            headers: flat,
            body: flat['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole,
          });
        });
        response.on('error', reject);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  return {
    async send(entry) {
      let answer: Answer;
      try {
        answer = await once(entry);
      } catch (error) {
        answer = { status: 0, headers: {}, body: Buffer.from(`(no answer: ${String(error)})`) };
      }
      for (const [name, path] of Object.entries(entry.save ?? {})) {
        saved[name] = textOf(at(answer.body, path));
      }
      return answer;
    },
    close: () => agent.destroy(),
  };
}

function at(body: Buffer, path: string): unknown {
  if (path === '') return body.toString();
  try {
    let value = JSON.parse(body.toString()) as unknown;
    for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
    return value;
  } catch {
    return undefined; // an answer that is no JSON has nothing to save
  }
}

/** What differs at each run: ids, times, revisions, addresses. */
const normal = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time$1>')
    .replace(/<time\.\d+>/g, '<time.0>')
    .replace(/("resourceVersion": ?")\d+"/g, '$1<rv>"')
    .replace(/(resourceVersion: ")\d+"/g, '$1<rv>"')
    .replace(/(too old resource version: \d+) \(\d+\)/g, '$1 (<rv>)')
    .replace(/(Too large resource version: \d+, current: )\d+/g, '$1<rv>')
    .replace(/("continue": ?")[^"]+"/g, '$1<token>"')
    .replace(/-----BEGIN CERTIFICATE-----[^"]*/g, '<certificate>')
    .replace(/("manager": ?")(?:oracle|root-ca-cert-publisher)"/g, '$1<controller>"')
    .replace(/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/("Age","type".*?|"cells":.*?)"\d+[smhd](\d+[smh])?"/g, '$1"<age>"');

const shown = ({ headers, body }: Answer): string =>
  normal(headers['content-type']?.includes('protobuf') ? wireText(body) : body.toString());

const described = (answer: Answer): string[] => [
  String(answer.status),
  ...COMPARED.filter((name) => answer.headers[name] !== undefined).map((name) => `${name}: ${answer.headers[name]}`),
  ...shown(answer)
    .split('\n')
    .flatMap((line) => broken(line)),
];

/** A line of JSON as one member a line, so that a difference stands alone. */
function broken(line: string): string[] {
  if (!/^[[{]/.test(line)) return [line];
  try {
    return JSON.stringify(JSON.parse(line), null, 1).split('\n');
  } catch {
    return [line];
  }
}

/** Lines that only one side has, in order, by the longest common subsequence of the middle part. */
function difference(left: readonly string[], right: readonly string[]): string[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let endLeft = left.length;
  let endRight = right.length;
  while (endLeft > start && endRight > start && left[endLeft - 1] === right[endRight - 1]) {
    endLeft--;
    endRight--;
  }
  const a = left.slice(start, endLeft);
  const b = right.slice(start, endRight);
  if (a.length * b.length > 4_000_000)
    return [...a.slice(0, 20).map((x) => `- ${x}`), ...b.slice(0, 20).map((x) => `+ ${x}`)];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const out: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    )
      out.push(`- ${a[i++] ?? ''}`);
    else out.push(`+ ${b[j++] ?? ''}`);
  }
  return out;
}

const LONGEST_DIFFERENCE = 16;
const LONGEST_LINE = 300;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, show: { type: 'boolean', default: false } },
  });
  const [left, right, file] = positionals;
  if (!left || !right || !file) throw new Error('usage: http.ts LEFT.kubeconfig RIGHT.kubeconfig REQUESTS.yaml');
  const entries = (parse(readFileSync(file, 'utf8')) as (Entry | string)[]).map((entry) =>
    typeof entry === 'string' ? { do: entry } : entry,
  );
  const servers = [connect(left), connect(right)] as const;
  let compared = 0;
  let differing = 0;
  for (const entry of entries) {
    if (values.only !== undefined && !entry.quiet && !entry.save && !entry.do.includes(values.only)) continue;
    const [one, other] = await Promise.all([servers[0].send(entry), servers[1].send(entry)]);
    if (entry.quiet) {
      if (one.status !== other.status)
        process.stdout.write(`! ${entry.do}: ${one.status} ${other.status} ${other.body.toString().slice(0, 300)}\n`);
      continue;
    }
    compared++;
    const before = described(one);
    const lines = difference(before, described(other));
    const title = `${entry.do}${entry.headers ? ` ${JSON.stringify(entry.headers)}` : ''}${entry.body === undefined ? '' : ` ${JSON.stringify(entry.body).slice(0, 300)}`}`;
    if (lines.length > 0) {
      differing++;
      const more = lines.length > LONGEST_DIFFERENCE ? [`... ${lines.length - LONGEST_DIFFERENCE} more`] : [];
      const cut = [...lines.slice(0, LONGEST_DIFFERENCE), ...more].map((line) => line.slice(0, LONGEST_LINE));
      process.stdout.write(`## ${title}\n  [${one.status}]\n${cut.map((line) => `  ${line}`).join('\n')}\n`);
    } else if (values.show)
      process.stdout.write(`= ${title}\n${before.map((line) => `    ${line.slice(0, LONGEST_LINE)}`).join('\n')}\n`);
  }
  process.stdout.write(`${compared} compared, ${differing} differ\n`);
  for (const server of servers) server.close();
}

await main();
