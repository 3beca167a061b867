/** CoreDNS' configuration: its blocks and plugins as they are read, and what it says of one that it can't start with. */

export interface Directive {
  name: string;
  args: readonly string[];
  /** Line of the file, from 1. */
  line: number;
  block: readonly Directive[];
}
export interface ServerBlock {
  /** Lower case, without the dot at the end; `` is the root. */
  zones: readonly string[];
  port: number;
  plugins: readonly Directive[];
}
export interface Corefile {
  servers: readonly ServerBlock[];
}

/** Plugins that the usual build has. */
const PLUGINS: ReadonlySet<string> = new Set(
  'acl any auto autopath azure bind bufsize cache cancel chaos clouddns debug dns64 dnssec dnstap erratic errors etcd file forward geoip grpc grpc_server header health hosts import k8s_external kubernetes loadbalance local log loop metadata minimal multisocket nomad nsid pprof prometheus quic ready reload rewrite root route53 secondary sign template timeouts tls trace transfer tsig view whoami https https3'.split(
    ' ',
  ),
);
const DNS_PORT = 53;

interface Token {
  text: string;
  line: number;
}

/** Words, with quotes taken off; `#` begins a comment. */
function tokens(text: string): Token[] {
  const found: Token[] = [];
  text.split('\n').forEach((line, index) => {
    for (const [word, quoted] of line.matchAll(/"((?:[^"\\]|\\.)*)"|[^\s"]\S*/g)) {
      if (quoted === undefined && word.startsWith('#')) break;
      found.push({ text: quoted ?? word, line: index + 1 });
    }
  });
  return found;
}

/** The message, as CoreDNS prints it. */
export class CorefileError extends Error {}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #file: string;
  #at = 0;

  constructor(text: string, file: string) {
    this.#tokens = tokens(text);
    this.#file = file;
  }
  get #line(): number {
    return (this.#tokens[this.#at] ?? this.#tokens.at(-1))?.line ?? 1;
  }
  fail(message: string, line = this.#line): never {
    throw new CorefileError(`${this.#file}:${line} - Error during parsing: ${message}`);
  }
  /** Words up to the end of the line or a brace. */
  #rest(line: number): string[] {
    const words: string[] = [];
    for (let token = this.#tokens[this.#at]; token?.line === line; token = this.#tokens[this.#at]) {
      if (token.text === '{' || token.text === '}') break;
      words.push(token.text);
      this.#at++;
    }
    return words;
  }
  directives(): Directive[] {
    const found: Directive[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) return this.fail('Unexpected EOF');
      this.#at++;
      if (token.text === '}') return found;
      const args = this.#rest(token.line);
      const opens = this.#tokens[this.#at];
      const hasBlock = opens?.text === '{' && opens.line === token.line;
      if (hasBlock) this.#at++;
      found.push({ name: token.text, args, line: token.line, block: hasBlock ? this.directives() : [] });
    }
  }
  servers(): ServerBlock[] {
    const servers: ServerBlock[] = [];
    while (this.#at < this.#tokens.length) {
      const keys: string[] = [];
      for (
        let token = this.#tokens[this.#at];
        token !== undefined && token.text !== '{';
        token = this.#tokens[this.#at]
      ) {
        if (token.text === '}') {
          this.fail("Unexpected '}' because no matching opening brace", token.line);
        }
        keys.push(token.text.replace(/,$/, ''));
        this.#at++;
      }
      if (this.#at >= this.#tokens.length) return this.fail('Unexpected EOF');
      this.#at++;
      const plugins = this.directives();
      const parsed = keys.map((key) => /^(?:dns:\/\/)?(.*?)(?::(\d+))?$/i.exec(key));
      servers.push({
        zones: parsed.map((match) => (match?.[1] ?? '').toLowerCase().replace(/\.$/, '')),
        port: Number(parsed[0]?.[2] ?? DNS_PORT),
        plugins,
      });
    }
    return servers;
  }
}

const ARGUMENTS = (word: string) => `Wrong argument count or unexpected line ending after '${word}'`;

/** Options that a plugin's block may have, for those that people edit. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  kubernetes: [
    'endpoint_pod_names',
    'pods',
    'namespaces',
    'endpoint',
    'tls',
    'labels',
    'namespace_labels',
    'fallthrough',
    'ttl',
    'noendpoints',
    'ignore',
    'kubeconfig',
    'startup_timeout',
    'apiserver_qps',
    'apiserver_burst',
    'apiserver_max_inflight',
    'multicluster',
  ],
  forward: [
    'except',
    'max_fails',
    'max_connect_attempts',
    'expire',
    'max_age',
    'max_idle_conns',
    'health_check',
    'force_tcp',
    'prefer_udp',
    'tls',
    'tls_servername',
    'policy',
    'failfast_all_unhealthy_upstreams',
    'max_concurrent',
    'next',
    'failover',
  ],
};

function check(plugin: Directive, fail: (message: string, line: number) => never): void {
  const { name, args, block, line } = plugin;
  const inside = (message: string, at: number): never => {
    try {
      return fail(message, at);
    } catch (error) {
      if (error instanceof CorefileError) throw new CorefileError(`plugin/${name}: ${error.message}`);
      throw error;
    }
  };
  if (name === 'forward' && args.length < 2) inside(ARGUMENTS(args.at(-1) ?? 'forward'), line);
  if (name === 'forward') {
    for (const target of args.slice(1)) {
      if (
        !target.startsWith('/') &&
        !/^((dns|tls|grpc):\/\/)?(\d{1,3}(\.\d{1,3}){3}|\[?[0-9a-f:]+\]?)(:\d+)?(%\S+)?$/i.test(target)
      ) {
        throw new CorefileError(`plugin/forward: not an IP address or file: "${target}"`);
      }
    }
  }
  if (name === 'cache' && args[0] !== undefined && !/^\d+$/.test(args[0]) && /^\d/.test(args[0])) {
    inside(`strconv.Atoi: parsing "${args[0]}": invalid syntax`, line);
  }
  const known = OPTIONS[name];
  for (const option of block) {
    if (known && !known.includes(option.name)) inside(`unknown property '${option.name}'`, option.line);
    if (name === 'kubernetes' && option.name === 'pods') {
      const [mode] = option.args;
      if (option.args.length !== 1) inside(ARGUMENTS(option.args.at(-1) ?? 'pods'), option.line);
      if (!['disabled', 'insecure', 'verified'].includes(mode ?? '')) {
        throw new CorefileError(
          `plugin/kubernetes: wrong value for pods: ${mode},  must be one of: disabled, verified, insecure`,
        );
      }
    }
    if (name === 'kubernetes' && option.name === 'ttl' && !/^\d+$/.test(option.args[0] ?? '')) {
      if (option.args.length === 0) inside(ARGUMENTS('ttl'), option.line);
      throw new CorefileError(`plugin/kubernetes: strconv.Atoi: parsing "${option.args[0]}": invalid syntax`);
    }
  }
}

/** @throws CorefileError with the sentence that CoreDNS ends with */
export function parseCorefile(text: string, file = '/etc/coredns/Corefile'): Corefile {
  const reader = new Reader(text, file);
  const servers = reader.servers();
  const fail = (message: string, line: number): never => reader.fail(message, line);
  // all names first, then each plugin's own words
  for (const { plugins } of servers) {
    for (const { name, line } of plugins) if (!PLUGINS.has(name)) fail(`Unknown directive '${name}'`, line);
  }
  for (const { plugins } of servers) for (const plugin of plugins) check(plugin, fail);
  const seen = new Set<string>();
  for (const { zones, port } of servers) {
    for (const zone of zones) {
      const key = `dns://${zone}.:${port}`;
      if (seen.has(key)) throw new CorefileError(`cannot serve ${key} - it is already defined`);
      seen.add(key);
    }
  }
  return { servers };
}

export const hasPlugin = ({ servers }: Corefile, name: string): boolean =>
  servers.some(({ plugins }) => plugins.some((plugin) => plugin.name === name));

/** What kubeadm sets up. */
export const DEFAULT_COREFILE: Corefile = parseCorefile(`.:53 {
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`);
