/** curl's options. */
export interface CurlOptions {
  urls: string[];
  method?: string;
  headers: string[];
  /** Pieces that are joined with `&`. */
  data: string[];
  /** The pieces go into the query. */
  get: boolean;
  head: boolean;
  include: boolean;
  silent: boolean;
  showError: boolean;
  verbose: boolean;
  fail: boolean;
  failWithBody: boolean;
  location: boolean;
  maxRedirects: number;
  insecure: boolean;
  cacert?: string;
  cert?: string;
  user?: string;
  agent?: string;
  output: (string | undefined)[];
  remoteName: boolean;
  writeOut?: string;
  /** Seconds. */
  connectTimeout?: number;
  maxTime?: number;
  retry: number;
  retryRefused: boolean;
  /** `host:port` or `*:port` to an address. */
  resolve: [string, string][];
  connectTo: string[];
  haproxy: boolean;
  json: boolean;
}

type Setter = (options: CurlOptions, value: string) => void;
type Flag = (options: CurlOptions, on: boolean) => void;

const set =
  <K extends keyof CurlOptions>(key: K, convert: (value: string) => CurlOptions[K]): Setter =>
  (options, value) => {
    options[key] = convert(value);
  };
const text = (value: string) => value;
const nothing: Setter = () => undefined;

const WITH_VALUE: Readonly<Record<string, Setter>> = {
  request: set('method', text),
  header: (options, value) => options.headers.push(value),
  data: (options, value) => options.data.push(value),
  'data-raw': (options, value) => options.data.push(value),
  'data-binary': (options, value) => options.data.push(value),
  'data-ascii': (options, value) => options.data.push(value),
  'data-urlencode': (options, value) => {
    const at = value.indexOf('=');
    options.data.push(
      at === -1 ? encodeURIComponent(value) : `${value.slice(0, at + 1)}${encodeURIComponent(value.slice(at + 1))}`,
    );
  },
  json: (options, value) => {
    options.data.push(value);
    options.json = true;
  },
  output: (options, value) => options.output.push(value),
  'write-out': set('writeOut', text),
  'max-time': set('maxTime', Number),
  'connect-timeout': set('connectTimeout', Number),
  'user-agent': set('agent', text),
  user: set('user', text),
  cacert: set('cacert', text),
  cert: set('cert', text),
  retry: set('retry', Number),
  'max-redirs': set('maxRedirects', Number),
  referer: (options, value) => options.headers.push(`Referer: ${value}`),
  cookie: (options, value) => options.headers.push(`Cookie: ${value}`),
  'oauth2-bearer': (options, value) => options.headers.push(`Authorization: Bearer ${value}`),
  resolve: (options, value) => {
    const match = /^\+?([^:]+):(\d+):\[?([^\]]+)\]?$/.exec(value);
    if (match) options.resolve.push([`${match[1]}:${match[2]}`, match[3]?.split(',')[0] ?? '']);
  },
  'connect-to': (options, value) => options.connectTo.push(value),
  url: (options, value) => options.urls.push(value),
  key: nothing,
  'retry-delay': nothing,
  'retry-max-time': nothing,
  interface: nothing,
  proxy: nothing,
  noproxy: nothing,
  'cookie-jar': nothing,
  form: (options, value) => options.data.push(value),
  range: (options, value) => options.headers.push(`Range: bytes=${value}`),
  'upload-file': nothing,
  'dump-header': nothing,
  'limit-rate': nothing,
  'speed-limit': nothing,
  'speed-time': nothing,
  ciphers: nothing,
  'keepalive-time': nothing,
  'dns-servers': nothing,
};
const FLAGS: Readonly<Record<string, Flag>> = {
  head: (options, on) => (options.head = on),
  include: (options, on) => (options.include = on),
  'show-headers': (options, on) => (options.include = on),
  silent: (options, on) => (options.silent = on),
  'show-error': (options, on) => (options.showError = on),
  verbose: (options, on) => (options.verbose = on),
  fail: (options, on) => (options.fail = on),
  'fail-with-body': (options, on) => (options.failWithBody = on),
  location: (options, on) => (options.location = on),
  'location-trusted': (options, on) => (options.location = on),
  insecure: (options, on) => (options.insecure = on),
  get: (options, on) => (options.get = on),
  'remote-name': (options, on) => (options.remoteName = on),
  'retry-connrefused': (options, on) => (options.retryRefused = on),
  'retry-all-errors': (options, on) => (options.retryRefused = on),
  'haproxy-protocol': (options, on) => (options.haproxy = on),
};
const IGNORED: ReadonlySet<string> = new Set(
  'ipv4 ipv6 globoff buffer no-buffer progress-bar compressed http1.0 http1.1 http2 http2-prior-knowledge tlsv1 tlsv1.2 tlsv1.3 parallel fail-early path-as-is keepalive no-keepalive anyauth basic raw create-dirs remote-header-name progress-meter no-progress-meter disable styled-output no-styled-output http0.9 tr-encoding no-alpn'.split(
    ' ',
  ),
);
const SHORT: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  o: 'output',
  w: 'write-out',
  m: 'max-time',
  A: 'user-agent',
  u: 'user',
  e: 'referer',
  b: 'cookie',
  c: 'cookie-jar',
  x: 'proxy',
  F: 'form',
  E: 'cert',
  r: 'range',
  T: 'upload-file',
  D: 'dump-header',
  I: 'head',
  i: 'include',
  s: 'silent',
  S: 'show-error',
  v: 'verbose',
  f: 'fail',
  L: 'location',
  k: 'insecure',
  G: 'get',
  O: 'remote-name',
  J: 'remote-header-name',
  '4': 'ipv4',
  '6': 'ipv6',
  g: 'globoff',
  N: 'no-buffer',
  '#': 'progress-bar',
  Z: 'parallel',
  q: 'disable',
  '0': 'http1.0',
  a: 'raw',
};

/** What is wrong with them instead, in curl's words. */
export function readOptions(words: readonly string[]): CurlOptions | string {
  const options: CurlOptions = {
    urls: [],
    headers: [],
    data: [],
    get: false,
    head: false,
    include: false,
    silent: false,
    showError: false,
    verbose: false,
    fail: false,
    failWithBody: false,
    location: false,
    maxRedirects: 50,
    insecure: false,
    output: [],
    remoteName: false,
    retry: 0,
    retryRefused: false,
    resolve: [],
    connectTo: [],
    haproxy: false,
    json: false,
  };
  const left = [...words];
  const apply = (name: string, shown: string, attached: string | undefined): string | undefined => {
    const setter = WITH_VALUE[name];
    if (setter) {
      const value = attached ?? left.shift();
      if (value === undefined) return `option ${shown}: requires parameter`;
      if (['max-time', 'connect-timeout', 'retry'].includes(name) && !/^\d*\.?\d+$/.test(value)) {
        return `option ${shown}: expected a proper numerical parameter`;
      }
      setter(options, value);
      return undefined;
    }
    const positive = name.replace(/^no-/, '');
    const flag = FLAGS[name] ?? FLAGS[positive];
    if (flag) flag(options, FLAGS[name] !== undefined);
    else if (!IGNORED.has(name)) return `option ${shown}: is unknown`;
    return undefined;
  };
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    let problem: string | undefined;
    if (word.startsWith('--') && word.length > 2) problem = apply(word.slice(2), word, undefined);
    else if (word.startsWith('-') && word.length > 1 && word !== '--') {
      for (let at = 1; at < word.length && problem === undefined; at++) {
        const name = SHORT[word.charAt(at)];
        if (name === undefined) problem = `option ${word}: is unknown`;
        else if (WITH_VALUE[name]) {
          problem = apply(name, word, at + 1 < word.length ? word.slice(at + 1) : undefined);
          break;
        } else problem = apply(name, word, undefined);
      }
    } else if (word !== '--') options.urls.push(word);
    if (problem !== undefined) return problem;
  }
  return options;
}
