/** What curl says beside the answer itself: its progress, -v, -w, and why it failed. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CurlOptions } from './curl-options.ts';
import type { Answer, Asked, Outcome, Url } from './http-client.ts';
import { certificatesIn, oneLine } from './tls-client.ts';
import type { Tool } from './tool.ts';

const METER_HEAD =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n';
const METER_ZERO = '\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0';

export interface Report {
  url: Url | undefined;
  answer: Answer | undefined;
  method: string;
  redirects: number;
  code: number;
  message: string;
}

export class Told {
  readonly #tool: Tool;
  readonly #options: CurlOptions;
  readonly #version: string;
  #connections = 0;
  #meter = false;
  #tried = false;
  /** The meter stands at the end of a line that is not over. */
  #open = false;

  constructor(tool: Tool, options: CurlOptions, version: string) {
    this.#tool = tool;
    this.#options = options;
    this.#version = version;
  }

  #err(text: string): void {
    this.#tool.context.io.stderr.write(text);
  }
  #note(text: string): void {
    if (this.#options.verbose) this.#err(`* ${text}\n`);
  }

  begin(output: string | undefined): void {
    const toScreen = output === undefined && this.#tool.context.io.stdout.isTerminal;
    this.#meter = !this.#options.silent && !toScreen && output !== '-';
    if (!this.#meter) return;
    this.#err(METER_HEAD + METER_ZERO);
    this.#open = true;
  }

  resolved(url: Url, addresses: readonly string[]): void {
    if (isIP(url.host) !== 0) return;
    const of = (version: number) => addresses.filter((one) => isIP(one) === version).join(', ') || '(none)';
    this.#note(`Host ${url.host}:${url.port} was resolved.`);
    this.#note(`IPv6: ${of(6)}`);
    this.#note(`IPv4: ${of(4)}`);
  }
  tries(url: Url, address: string): void {
    this.#tried = true;
    this.#note(`  Trying ${address}:${url.port}...`);
  }
  refused(url: Url, address: string, why: string): void {
    const from = `${this.#tool.box.network.address} port ${32_768 + Math.floor(this.#tool.box.random() * 28_000)}`;
    this.#note(`connect to ${address} port ${url.port} from ${from} failed: ${why}`);
  }

  /** `problem`: what is wrong with the answer, where that is found before its head is over. */
  exchanged(
    url: Url,
    { answer, request }: Extract<Outcome, { kind: 'answer' }>,
    asked: Asked,
    problem: string | undefined,
  ): void {
    if (!this.#options.verbose) return;
    this.#note(`Connected to ${url.host} (${answer.address}) port ${url.port}`);
    if (answer.certificate !== undefined) this.#tls(url, answer.certificate, asked);
    const [major = 0, minor = 0] = this.#version.split('.').map(Number);
    // older ones tell of the version only where there was a choice
    if (answer.certificate !== undefined || major > 8 || (major === 8 && minor >= 11)) this.#note('using HTTP/1.x');
    for (const line of request.split('\r\n').slice(0, -1)) this.#err(`> ${line}\n`);
    this.#note(
      asked.body === '' ? 'Request completely sent off' : `upload completely sent off: ${asked.body.length} bytes`,
    );
    for (const line of answer.head.split('\r\n').slice(0, -2)) this.#err(`< ${line}\n`);
    if (problem !== undefined) this.#note(problem);
    this.#err('< \n');
  }
  #tls(url: Url, pem: string, { trust }: Asked): void {
    const [leaf] = certificatesIn(pem);
    this.#note('ALPN: curl offers h2,http/1.1');
    this.#note('TLSv1.3 (OUT), TLS handshake, Client hello (1):');
    this.#note('TLSv1.3 (IN), TLS handshake, Server hello (2):');
    this.#note('TLSv1.3 (IN), TLS handshake, Certificate (11):');
    this.#note('TLSv1.3 (IN), TLS handshake, Finished (20):');
    this.#note('SSL connection using TLSv1.3 / TLS_AES_128_GCM_SHA256 / x25519 / RSASSA-PSS');
    this.#note('ALPN: server accepted http/1.1');
    if (leaf) {
      this.#note('Server certificate:');
      this.#note(` subject: ${subjectLine(leaf)}`);
      this.#note(` start date: ${leaf.validFrom}`);
      this.#note(` expire date: ${leaf.validTo}`);
      if (trust) this.#note(` subjectAltName: host "${url.host}" matched cert's "${url.host}"`);
      this.#note(` issuer: ${oneLine(leaf.issuer)}`);
    }
    this.#note(
      trust
        ? ' SSL certificate verify ok.'
        : ' SSL certificate verify result: unable to get local issuer certificate (20), continuing anyway.',
    );
  }
  follows(next: Url): void {
    this.#note('Ignoring the response-body');
    const port = next.port === (next.scheme === 'https' ? 443 : 80) ? '' : `:${next.port}`;
    this.#note(`Issue another request to this URL: '${next.scheme}://${next.host}${port}${next.path}'`);
  }

  /** `bytes` of body came. */
  end(url: Url, bytes: number): void {
    if (this.#options.verbose && bytes > 0 && !this.#tool.context.io.stdout.isTerminal)
      this.#err(`{ [${bytes} bytes data]\n`);
    if (this.#meter) {
      const size = String(bytes);
      const share = bytes > 0 ? '100' : '  0';
      this.#err(
        `\r${share} ${size.padStart(5)}  ${share} ${size.padStart(5)}    0     0  ${String(Math.min(bytes * 500, 99_999)).padStart(5)}      0 --:--:-- --:--:-- --:--:-- ${String(Math.min(bytes * 500, 99_999)).padStart(5)}\n`,
      );
      this.#open = false;
    }
    this.#note(`Connection #${this.#connections++} to host ${url.host} left intact`);
  }

  write(shown: string, output: string | undefined): void {
    if (output === undefined || output === '-') this.#tool.out(shown);
    else if (output !== '/dev/null') {
      this.#tool.attempt(
        () => this.#tool.box.files.write(this.#tool.path(output), shown),
        (error) => `${output}: ${error.message}`,
        23,
      );
    }
  }

  /** `length`: of the body that is left where it is. */
  failed(code: number, message: string, length = 0): void {
    if (code !== 22) this.#note(message.split('\n')[0] ?? '');
    if (this.#open && code !== 6 && code !== 3 && code !== 1) {
      this.#err(
        code === 22
          ? `\r  0 ${String(length).padStart(5)}${METER_ZERO.slice('\r  0     0'.length)}\n`
          : `${METER_ZERO}\n`,
      );
    }
    const kept = code === 22 && this.#options.failWithBody;
    this.#open = false;
    // where no connection was begun, it has no number yet
    if (code === 3 || (code === 1 && !this.#tried)) this.#note('closing connection #-1');
    else if (!kept) this.#note(`closing connection #${this.#connections++}`);
    if (!this.#options.silent || this.#options.showError) this.#err(`curl: (${code}) ${message}\n`);
  }

  report({ url, answer, method, redirects, code, message }: Report): void {
    const { writeOut } = this.#options;
    if (writeOut === undefined) return;
    const location = answer?.headers.get('location');
    const size = method === 'HEAD' ? 0 : (answer?.body.length ?? 0);
    const port = url && url.port !== (url.scheme === 'https' ? 443 : 80) ? `:${url.port}` : '';
    const whole = url ? `${url.scheme}://${url.host}${port}${url.path}` : '';
    const values: Record<string, string> = {
      http_code: String(answer?.status ?? 0).padStart(3, '0'),
      response_code: String(answer?.status ?? 0).padStart(3, '0'),
      size_download: String(size),
      size_header: String(answer?.head.length ?? 0),
      size_upload: '0',
      remote_ip: answer?.address ?? '',
      remote_port: answer && url ? String(url.port) : '0',
      local_ip: answer ? this.#tool.box.network.address : '',
      url: whole,
      url_effective: whole,
      content_type: answer?.headers.get('content-type') ?? '',
      method,
      num_redirects: String(redirects),
      num_headers: String(answer?.headers.size ?? 0),
      size_request: '0',
      local_port: answer ? '32768' : '0',
      num_connects: answer ? '1' : '0',
      redirect_url: location !== undefined && url && !this.#options.location ? absolute(url, location) : '',
      exitcode: String(code),
      errormsg: message,
      http_version: answer ? '1.1' : '0',
      scheme: url?.scheme ?? '',
      ssl_verify_result: '0',
      filename_effective: this.#options.output[0] ?? '',
    };
    const text = writeOut.replaceAll(
      /%\{([\w{}]+?)\}|%header\{([^}]+)\}|\\n|\\t|\\r|%%/g,
      (whole_: string, name: string | undefined, header: string | undefined) => {
        if (whole_ === '\\n') return '\n';
        if (whole_ === '\\t') return '\t';
        if (whole_ === '\\r') return '\r';
        if (whole_ === '%%') return '%';
        if (header !== undefined) return answer?.headers.get(header.toLowerCase()) ?? '';
        if (name?.startsWith('time_')) return '0.001234';
        if (name?.startsWith('speed_')) return String(size * 500);
        const value = values[name ?? ''];
        if (value === undefined) this.#err(`curl: unknown --write-out variable: '${name}'\n`);
        return value ?? '';
      },
    );
    this.#tool.out(text);
  }
  get version(): string {
    return this.#version;
  }
}

const subjectLine = (leaf: X509Certificate): string => oneLine(leaf.subject);

function absolute(url: Url, location: string): string {
  if (!location.startsWith('/')) return location;
  const port = url.port === (url.scheme === 'https' ? 443 : 80) ? '' : `:${url.port}`;
  return `${url.scheme}://${url.host}${port}${location}`;
}
