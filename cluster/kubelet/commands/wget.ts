/** wget, as busybox has it and as GNU has it. */
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { formatDate } from './date.ts';
import { ask, parseUrl, resolveUrl, type Answer, type Outcome, type Url } from './http-client.ts';
import { resolve } from './resolve.ts';
import { noAnswerWords } from './sockets.ts';
import { ARP_TIMEOUT, TCP_TIMEOUT, waits } from './timeouts.ts';
import { commonName, certificatesIn } from './tls-client.ts';
import { lasting, type Tool } from './tool.ts';

const MAX_REDIRECTS = 20;
const DEFAULT_TIMEOUT_S = 900;

interface WgetAsked {
  method: string;
  headers: string[];
  body: string;
}
function askedOf(tool: Tool): WgetAsked {
  const headers = tool.args.flatMap((word, index) => {
    if (word.startsWith('--header=')) return [word.slice('--header='.length)];
    return tool.args[index - 1] === '--header' ? [word] : [];
  });
  const body = tool.values.get('post-data') ?? tool.values.get('body-data') ?? '';
  const user = tool.values.get('user');
  const password = tool.values.get('password') ?? '';
  if (user !== undefined) headers.push(`Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
  const agent = tool.values.get('U') ?? tool.values.get('user-agent');
  if (agent !== undefined) headers.push(`User-Agent: ${agent}`);
  const method = tool.values.get('method') ?? (body !== '' ? 'POST' : 'GET');
  return { method, headers, body };
}
const secondsOf = (tool: Tool): number =>
  Number(tool.values.get('T') ?? tool.values.get('timeout') ?? tool.values.get('connect-timeout') ?? DEFAULT_TIMEOUT_S);
const fileOf = (tool: Tool, url: Url): string =>
  tool.values.get('O') ??
  tool.values.get('output-document') ??
  (url.path.replace(/\?.*/, '').split('/').at(-1) || 'index.html');

const hostPort = ({ host, port, scheme }: Url): string =>
  port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`;

function* busybox(tool: Tool): Generator<Wait, number, void> {
  const quiet = tool.has('q', 'quiet');
  const say = (text: string) => {
    if (!quiet) tool.context.io.stderr.write(`${text}\n`);
  };
  const fail = (message: string): number => {
    tool.context.io.stderr.write(`wget: ${message}\n`);
    return 1;
  };
  const limit = secondsOf(tool) * 1000;
  const { method, headers, body } = askedOf(tool);
  let noted = false;
  for (const operand of tool.operands) {
    let url = parseUrl(operand);
    if (url !== undefined && !['http', 'https', 'ftp'].includes(url.scheme)) {
      return fail(`not an http or ftp url: ${operand}`);
    }
    let answer: Answer | undefined;
    for (let hops = 0; answer === undefined; hops++) {
      if (url === undefined) return fail(`bad address '${operand}'`);
      const resolved = yield* resolve(tool, url.host);
      if (resolved.kind !== 'found') return fail(`bad address '${hostPort(url)}'`);
      const [address = ''] = resolved.addresses;
      say(`Connecting to ${hostPort(url)} (${address}:${url.port})`);
      const outcome = ask(tool.box, url, address, {
        method,
        headers: [...headers, 'Connection: close'],
        body,
        agent: 'Wget',
      });
      const connected = !['refused', 'silent', 'unreachable'].includes(outcome.kind);
      if (connected && url.scheme === 'https' && !noted && !tool.has('no-check-certificate')) {
        noted = true;
        tool.context.io.stderr.write('wget: note: TLS certificate validation not implemented\n');
      }
      const problem = yield* busyboxProblem(tool, outcome, address, limit);
      if (problem !== undefined) return fail(problem);
      if (outcome.kind !== 'answer') return 1;
      const { answer: own } = outcome;
      if (tool.has('S', 'server-response')) {
        for (const line of own.head.split('\r\n').slice(0, -1)) tool.context.io.stderr.write(`  ${line}\n`);
      }
      const location = own.headers.get('location');
      if (own.status >= 300 && own.status < 400 && location !== undefined) {
        if (hops >= 5) return fail('too many redirections');
        url = resolveUrl(url, location);
        continue;
      }
      if (own.status >= 400 || own.status < 200) return fail(`server returned error: ${own.head.split('\r\n')[0]}`);
      answer = own;
    }
    if (tool.has('spider')) {
      say('remote file exists');
      continue;
    }
    const file = url === undefined ? 'index.html' : fileOf(tool, url);
    const size = String(answer.body.length).padStart(5);
    if (file === '-') {
      say('writing to stdout');
      tool.out(answer.body);
      say(`-                    100% |********************************| ${size}  0:00:00 ETA\nwritten to stdout`);
      continue;
    }
    if (tool.values.get('O') === undefined && tool.box.files.find(tool.path(file)) !== undefined) {
      return fail(`can't open '${file}': File exists`);
    }
    say(`saving to '${file}'`);
    const { body: text } = answer;
    if (file !== '/dev/null') {
      tool.attempt(
        () => tool.box.files.write(tool.path(file), text),
        (error) => `can't open '${file}': ${error.message}`,
      );
      if (tool.code !== 0) return 1;
    }
    const shown = (file.split('/').at(-1) ?? '').slice(0, 20).padEnd(20);
    say(`${shown} 100% |********************************| ${size}  0:00:00 ETA\n'${file}' saved`);
  }
  return 0;
}

function* busyboxProblem(
  tool: Tool,
  outcome: Outcome,
  address: string,
  limit: number,
): Generator<Wait, string | undefined, void> {
  const cannot = (why: string) => `can't connect to remote host (${address}): ${why}`;
  switch (outcome.kind) {
    case 'refused':
      return cannot('Connection refused');
    case 'silent':
      yield* waits(tool, Math.min(limit, TCP_TIMEOUT));
      return limit < TCP_TIMEOUT ? 'download timed out' : cannot(noAnswerWords(tool));
    case 'unreachable':
      yield* waits(tool, Math.min(limit, ARP_TIMEOUT));
      return limit < ARP_TIMEOUT ? 'download timed out' : cannot('No route to host');
    case 'hangs':
      yield* waits(tool, limit);
      return 'download timed out';
    case 'no http':
      return outcome.said === '' ? 'error getting response' : `bad response: ${outcome.said.split('\n')[0] ?? ''}`;
    case 'no tls':
      return 'TLS error from peer (alert code 70): protocol version';
    default:
      return undefined;
  }
}

function* gnu(tool: Tool): Generator<Wait, number, void> {
  const quiet = tool.has('q', 'quiet');
  const brief = !quiet && (tool.args.includes('-nv') || tool.has('no-verbose'));
  const silentStart = quiet || brief;
  const note = (text: string) => {
    if (!quiet) tool.context.io.stderr.write(text);
  };
  const say = (text: string) => {
    if (!silentStart) tool.context.io.stderr.write(text);
  };
  const stamp = () => formatDate(tool.box.now(), '%Y-%m-%d %H:%M:%S');
  const limit = secondsOf(tool) * 1000;
  const asked = askedOf(tool);
  const given = Number(tool.values.get('t') ?? tool.values.get('tries') ?? 20);
  const tries = given === 0 ? 20 : given;
  let code = 0;
  if (tool.operands.length === 0) {
    tool.context.io.stderr.write(
      "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
    );
    return 1;
  }
  if (tool.has('spider')) say('Spider mode enabled. Check if remote file exists.\n');
  for (const operand of tool.operands) {
    let url = parseUrl(operand);
    for (let hops = 0; url !== undefined && hops <= MAX_REDIRECTS; hops++) {
      const port = url.port === (url.scheme === 'https' ? 443 : 80) ? '' : `:${url.port}`;
      const whole = `${url.scheme}://${url.host}${port}${url.path}`;
      say(`--${stamp()}--  ${whole}\n`);
      const resolved = yield* resolve(tool, url.host);
      const literal = resolved.kind === 'found' && resolved.fullName === url.host && resolved.addresses[0] === url.host;
      if (resolved.kind !== 'found') {
        const why = resolved.kind === 'unknown' ? 'Name or service not known' : 'Temporary failure in name resolution';
        say(`Resolving ${url.host} (${url.host})... failed: ${why}.\n`);
        if (!quiet) tool.context.io.stderr.write(`wget: unable to resolve host address ${tool.quoted(url.host)}\n`);
        code = 4;
        break;
      }
      if (!literal) say(`Resolving ${url.host} (${url.host})... ${resolved.addresses.join(', ')}\n`);
      const [address = ''] = resolved.addresses;
      const where = literal ? `${address}:${url.port}` : `${url.host} (${url.host})|${address}|:${url.port}`;
      say(`Connecting to ${where}... `);
      const again = (attempt: number) =>
        say(`--${stamp()}--  (try:${String(attempt).padStart(2)})  ${whole}\nConnecting to ${where}... `);
      const authorities = tool.values.get('ca-certificate');
      const outcome = ask(tool.box, url, address, {
        ...asked,
        agent: 'Wget/1.25.0',
        ...(url.scheme === 'https' && !tool.has('no-check-certificate')
          ? { trust: { authorities: authorities === undefined ? '' : tool.box.files.read(tool.path(authorities)) } }
          : {}),
      });
      const failed = yield* gnuProblem(tool, outcome, { limit, tries, url, say, quiet, again });
      if (failed !== undefined) {
        code = failed;
        break;
      }
      if (outcome.kind !== 'answer') return 4;
      const { answer } = outcome;
      say(`connected.\nHTTP request sent, awaiting response... `);
      if (tool.has('S', 'server-response')) {
        say(
          `\n${answer.head
            .split('\r\n')
            .slice(0, -2)
            .map((line) => `  ${line}\n`)
            .join('')}`,
        );
      } else say(`${answer.status} ${answer.reason}\n`);
      const location = answer.headers.get('location');
      if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
        say(`Location: ${location} [following]\n`);
        url = resolveUrl(url, location);
        continue;
      }
      if (answer.status >= 400) {
        if (tool.has('spider')) note('Remote file does not exist -- broken link!!!\n');
        else note(`${brief ? `${whole}:\n` : ''}${stamp()} ERROR ${answer.status}: ${answer.reason}.\n`);
        say('\n');
        code = 8;
        break;
      }
      if (brief && tool.has('spider')) note(`${stamp()} URL: ${whole} ${answer.status} ${answer.reason}\n`);
      const told = {
        say,
        at: stamp(),
        note: (text: string) => (brief ? note(`${stamp()} URL:${whole} ${text}\n`) : undefined),
      };
      if (!gnuSaves(tool, url, answer, told)) code = 3;
      break;
    }
  }
  return code;
}

interface Saving {
  say(text: string): void;
  /** Said instead by who is asked to be brief. */
  note(text: string): void;
  at: string;
}
function gnuSaves(tool: Tool, url: Url, answer: Answer, { say, note, at }: Saving): boolean {
  const length = answer.headers.get('content-length');
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  say(`Length: ${length ?? 'unspecified'}${type === '' ? '' : ` [${type}]`}\n`);
  if (tool.has('spider')) {
    say(
      type === 'text/html'
        ? 'Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n'
        : 'Remote file exists.\n\n',
    );
    return true;
  }
  const file = unused(tool, fileOf(tool, url));
  const bytes = answer.body.length;
  const share = `[${bytes}${length === undefined ? '' : `/${length}`}]`;
  say(`Saving to: ${tool.quoted(file === '-' ? 'STDOUT' : file)}\n`);
  if (file === '-') tool.out(answer.body);
  else if (file !== '/dev/null') {
    tool.attempt(
      () => tool.box.files.write(tool.path(file), answer.body),
      (error) => `${file}: ${error.message}`,
    );
    if (tool.code !== 0) return false;
  }
  say(`\n     0K${' '.repeat(55)}100% 2.99M=0s\n\n`);
  say(`${at} (2.99 MB/s) - ${file === '-' ? 'written to stdout' : `${tool.quoted(file)} saved`} ${share}\n\n`);
  note(`${share} -> "${file}" [1]`);
  return true;
}

/** What is there already stays, unless it was named. */
function unused(tool: Tool, name: string): string {
  if (tool.values.has('O') || tool.values.has('output-document')) return name;
  let free = name;
  for (let count = 1; tool.box.files.find(tool.path(free)) !== undefined; count++) free = `${name}.${count}`;
  return free;
}

interface GnuTold {
  limit: number;
  tries: number;
  url: Url;
  say(text: string): void;
  quiet: boolean;
  /** Begins the attempt of that number. */
  again(attempt: number): void;
}
function* gnuProblem(
  tool: Tool,
  outcome: Outcome,
  { limit, tries, url, say, quiet, again }: GnuTold,
): Generator<Wait, number | undefined, void> {
  switch (outcome.kind) {
    case 'refused':
      say('failed: Connection refused.\n');
      return 4;
    case 'unreachable':
      yield* waits(tool, Math.min(limit, ARP_TIMEOUT));
      say(limit < ARP_TIMEOUT ? 'failed: Connection timed out.\n' : 'failed: No route to host.\n');
      return 4;
    case 'silent':
    case 'hangs':
      for (let attempt = 1; attempt <= tries; attempt++) {
        if (attempt > 1) {
          yield* waits(tool, Math.min(attempt - 1, 10) * 1000);
          again(attempt);
        }
        yield* waits(tool, Math.min(limit, TCP_TIMEOUT));
        say(`failed: Connection timed out.\n${attempt === tries ? 'Giving up' : 'Retrying'}.\n\n`);
      }
      return 4;
    case 'no http':
      say('connected.\nHTTP request sent, awaiting response... No data received.\nGiving up.\n\n');
      return 4;
    case 'no tls':
      say('connected.\n');
      if (!quiet)
        tool.context.io.stderr.write(
          'OpenSSL: error:0A00010B:SSL routines::wrong version number\nUnable to establish SSL connection.\n',
        );
      return 4;
    case 'distrusted': {
      say('connected.\n');
      const issuer = commonName(certificatesIn(outcome.certificate)[0]?.issuer ?? '');
      if (!quiet) {
        tool.context.io.stderr.write(
          `ERROR: cannot verify ${url.host}'s certificate, issued by ${tool.quoted(`CN=${issuer}`)}:\n  Unable to locally verify the issuer's authority.\nTo connect to ${url.host} insecurely, use \`--no-check-certificate'.\n`,
        );
      }
      return 5;
    }
    default:
      return undefined;
  }
}

export const WGET: Readonly<Record<string, Program>> = {
  wget: lasting((tool) => (tool.gnu ? gnu(tool) : busybox(tool)), 'OTtUPo', [
    'timeout',
    'header',
    'post-data',
    'body-data',
    'method',
    'tries',
    'output-document',
    'user',
    'password',
    'user-agent',
    'ca-certificate',
    'connect-timeout',
  ]),
};
