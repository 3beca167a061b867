/** curl. */
import { FileError } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { readAll, type Wait } from '../shell/coroutine.ts';
import { readOptions, type CurlOptions } from './curl-options.ts';
import { Told } from './curl-told.ts';
import { ask, parseUrl, resolveUrl, type Answer, type Asked, type Outcome, type Url } from './http-client.ts';
import { DNS_TIMEOUT, resolve, type Resolved } from './resolve.ts';
import { ARP_TIMEOUT, TCP_TIMEOUT, waits } from './timeouts.ts';
import { lasting, type Tool } from './tool.ts';

const PROTOCOLS: ReadonlySet<string> = new Set(['http', 'https', 'ftp', 'telnet']);
const FORM = 'application/x-www-form-urlencoded';

/** curlimages/curl is called by its version; others have that of Debian 13. */
const versionOf = (image: string): string => /\/curl:(\d+\.\d+\.\d+)/.exec(image)?.[1] ?? '8.14.1';

class Failure extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** One transfer after the other, with what they share. */
class Curl {
  readonly #tool: Tool;
  readonly #options: CurlOptions;
  readonly #version: string;
  readonly #told: Told;

  constructor(tool: Tool, options: CurlOptions) {
    this.#tool = tool;
    this.#options = options;
    this.#version = versionOf(tool.box.image);
    this.#told = new Told(tool, options, this.#version);
  }

  *#body(): Generator<Wait, string, void> {
    const pieces: string[] = [];
    for (const piece of this.#options.data) {
      if (!piece.startsWith('@')) pieces.push(piece);
      else if (piece === '@-') pieces.push(yield* readAll(this.#tool.context.io.stdin));
      else pieces.push(this.#read(piece.slice(1)).replace(/[\r\n]/g, ''));
    }
    return pieces.join('&');
  }
  #read(name: string): string {
    try {
      return this.#tool.box.files.read(this.#tool.path(name));
    } catch (error) {
      if (error instanceof FileError) throw new Failure(26, `Failed to open ${name}`);
      throw error;
    }
  }

  *#address(url: Url, limitMs: number): Generator<Wait, string, void> {
    const { resolve: given, connectTo } = this.#options;
    const to = connectTo
      .map((one) => one.split(':'))
      .find(([host, port]) => (!host || host === url.host) && (!port || Number(port) === url.port));
    const host = to?.[2] || url.host;
    const known = given.find(([key]) => key === `${host}:${url.port}` || key === `*:${url.port}`);
    if (known) return known[1];
    const resolved: Resolved = yield* resolve(this.#tool, host, limitMs);
    if (resolved.kind === 'found') {
      this.#told.resolved(url, resolved.addresses);
      return resolved.addresses[0] ?? '';
    }
    if (resolved.kind === 'timeout' && limitMs < DNS_TIMEOUT) {
      throw new Failure(28, `Resolving timed out after ${limitMs + 1} milliseconds`);
    }
    throw new Failure(6, `Could not resolve host: ${host}`);
  }

  #limit(): number {
    const { connectTimeout, maxTime } = this.#options;
    return Math.min(connectTimeout || Infinity, maxTime || Infinity) * 1000;
  }

  #asked(url: Url, body: string): Asked {
    const { method, headers, get, head, user = url.user, agent, insecure, cacert, json } = this.#options;
    const posts = body !== '' && !get;
    const trust = insecure
      ? undefined
      : { authorities: cacert === undefined ? this.#system() : this.#authorities(cacert) };
    return {
      method: method ?? (head ? 'HEAD' : posts ? 'POST' : 'GET'),
      headers: [
        ...(user === undefined ? [] : [`Authorization: Basic ${Buffer.from(user, 'latin1').toString('base64')}`]),
        ...headers.filter((line) => line.includes(':')),
      ],
      body: posts ? body : '',
      ...(posts ? { type: json ? 'application/json' : FORM } : {}),
      agent: agent ?? `curl/${this.#version}`,
      ...(trust === undefined ? {} : { trust }),
    };
  }
  #system(): string {
    const file = this.#tool.context.env.get('CURL_CA_BUNDLE') ?? this.#tool.context.env.get('SSL_CERT_FILE');
    return file === undefined ? '' : this.#authorities(file);
  }
  #authorities(file: string): string {
    try {
      return this.#tool.box.files.read(this.#tool.path(file));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new Failure(77, `error adding trust anchors from file: ${file}`);
    }
  }

  /** @throws Failure */
  *#connected(
    url: Url,
    address: string,
    outcome: Outcome,
  ): Generator<Wait, Extract<Outcome, { kind: 'answer' }>, void> {
    const where = `${url.host} port ${url.port}`;
    const limit = this.#limit();
    const timedOut = () => new Failure(28, `Connection timed out after ${limit + 1} milliseconds`);
    const failed = (code: number, ms: number) =>
      new Failure(code, `Failed to connect to ${where} after ${ms} ms: Could not connect to server`);
    if (outcome.kind !== 'silent' && outcome.kind !== 'unreachable') this.#told.tries(url, address);
    switch (outcome.kind) {
      case 'answer':
        return outcome;
      case 'refused':
        this.#told.refused(url, address, 'Connection refused');
        throw failed(7, 0);
      case 'silent':
        this.#told.tries(url, address);
        yield* waits(this.#tool, Math.min(limit, TCP_TIMEOUT));
        throw limit < TCP_TIMEOUT ? timedOut() : failed(28, TCP_TIMEOUT);
      case 'unreachable':
        this.#told.tries(url, address);
        yield* waits(this.#tool, Math.min(limit, ARP_TIMEOUT));
        if (limit < ARP_TIMEOUT) throw timedOut();
        this.#told.refused(url, address, 'No route to host');
        throw failed(7, ARP_TIMEOUT);
      case 'hangs': {
        const ms = (this.#options.maxTime ?? Infinity) * 1000;
        yield* waits(this.#tool, ms);
        throw new Failure(28, `Operation timed out after ${ms + 1} milliseconds with 0 bytes received`);
      }
      case 'no tls':
        throw new Failure(35, 'TLS connect error: error:0A0000C6:SSL routines::packet length too long');
      case 'distrusted': {
        const name = outcome.problem.startsWith('no alternative') || outcome.problem.includes('does not match');
        throw new Failure(
          60,
          `${name ? 'SSL: ' : 'SSL certificate problem: '}${outcome.problem}\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the webpage mentioned above.`,
        );
      }
      default:
        throw outcome.said === ''
          ? new Failure(52, 'Empty reply from server')
          : new Failure(1, 'Received HTTP/0.9 when not allowed');
    }
  }

  *transfer(operand: string, output: string | undefined): Generator<Wait, number, void> {
    const told = this.#told;
    let url = parseUrl(operand);
    let redirects = 0;
    let answer: Answer | undefined;
    let method = '';
    told.begin(output);
    try {
      if (url === undefined || url.host === '') {
        throw new Failure(
          3,
          /:\d{6,}|:(6553[6-9]|655[4-9]\d|65[6-9]\d\d|6[6-9]\d{3}|[7-9]\d{4})/.test(operand)
            ? 'URL rejected: Port number was not a decimal number between 0 and 65535'
            : 'URL rejected: Malformed input to a URL function',
        );
      }
      if (!PROTOCOLS.has(url.scheme)) {
        throw new Failure(1, `Protocol "${url.scheme}" not supported`);
      }
      const body = yield* this.#body();
      if (this.#options.get && body !== '') url.path += `${url.path.includes('?') ? '&' : '?'}${body}`;
      for (;;) {
        const asked = this.#asked(url, redirects > 0 && method !== 'POST' ? '' : body);
        const address = yield* this.#address(url, this.#limit());
        const outcome = ask(this.#tool.box, url, address, asked);
        const connected = yield* this.#connected(url, address, outcome);
        ({ answer } = connected);
        ({ method } = asked);
        const refused = this.#options.fail && answer.status >= 400;
        const problem = `The requested URL returned error: ${answer.status}`;
        told.exchanged(url, connected, asked, refused ? problem : undefined);
        if (refused) throw new Failure(22, problem);
        const location = answer.headers.get('location');
        const follows = this.#options.location && location !== undefined && answer.status >= 300 && answer.status < 400;
        if (!follows) break;
        if (++redirects > this.#options.maxRedirects) {
          throw new Failure(47, `Maximum (${this.#options.maxRedirects}) redirects followed`);
        }
        const next = resolveUrl(url, location);
        if (this.#options.include || this.#options.head) told.write(answer.head, output);
        if (next === undefined) throw new Failure(3, 'URL rejected: Malformed input to a URL function');
        told.follows(next);
        url = next;
      }
      const shown =
        (this.#options.include || this.#options.head ? answer.head : '') + (method === 'HEAD' ? '' : answer.body);
      told.end(url, method === 'HEAD' ? 0 : answer.body.length);
      told.write(shown, output);
      if (this.#options.failWithBody && answer.status >= 400) {
        throw new Failure(22, `The requested URL returned error: ${answer.status}`);
      }
      told.report({ url, answer, method, redirects, code: 0, message: '' });
      return 0;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      told.failed(error.code, error.message, answer?.body.length);
      told.report({ url, answer, method, redirects, code: error.code, message: error.message.split('\n')[0] ?? '' });
      return error.code;
    }
  }
}

function* curl(tool: Tool): Generator<Wait, number, void> {
  const words = tool.args;
  const problem = (text: string, code = 2): number => {
    tool.context.io.stderr.write(`curl: ${text}\n`);
    return code;
  };
  if (words.includes('--version') || words.includes('-V')) {
    const version = versionOf(tool.box.image);
    tool.out(
      `curl ${version} (x86_64-pc-linux-gnu) libcurl/${version} OpenSSL/3.5.1 zlib/1.3.1\nRelease-Date: 2025-06-04\nProtocols: dict file ftp ftps gopher gophers http https imap imaps mqtt pop3 pop3s rtsp smb smbs smtp smtps telnet tftp ws wss\nFeatures: alt-svc AsynchDNS HSTS HTTP2 HTTPS-proxy IPv6 Largefile libz SSL threadsafe TLS-SRP UnixSockets\n`,
    );
    return 0;
  }
  const options = readOptions(words);
  if (typeof options === 'string') {
    problem(options);
    return problem("try 'curl --help' or 'curl --manual' for more information");
  }
  if (options.urls.length === 0) {
    if (words.length > 0) problem('(2) no URL specified');
    return problem("try 'curl --help' or 'curl --manual' for more information");
  }
  if (!options.get && options.head && options.data.length > 0) {
    return problem(
      'You can only select one HTTP request method! You asked for both POST\ncurl: (-d, --data) and HEAD (-I, --head).',
    );
  }
  const run = new Curl(tool, options);
  let code = 0;
  for (const [index, url] of options.urls.entries()) {
    const named = options.remoteName
      ? url
          .replace(/[?#].*/, '')
          .split('/')
          .at(-1)
      : undefined;
    for (let attempt = 0; ; attempt++) {
      code = yield* run.transfer(url, options.output[index] ?? named);
      const again = code === 28 || code === 6 || (code === 7 && options.retryRefused);
      if (!again || attempt >= options.retry) break;
      yield* waits(tool, 1000 * 2 ** attempt);
    }
  }
  return code;
}

export const CURL: Readonly<Record<string, Program>> = { curl: lasting(curl) };
