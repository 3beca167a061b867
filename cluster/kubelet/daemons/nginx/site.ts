/** Answers requests as nginx's configuration says: servers, locations, rewrites, files, proxies. */
import { RE2JS } from 're2js';
import { resolveNow } from '../../commands/resolve.ts';
import { formatDate } from '../../commands/date.ts';
import { normalisePath } from '../../files/file-view.ts';
import type { Box } from '../../shell/box.ts';
import { REASONS, type HttpRequest, type HttpResponse } from '../http-server.ts';
import { pageAt, pathOf, textOf, typeOf } from '../serve.ts';
import type { Config, Directive } from './config.ts';
import { ConfigFault } from './config.ts';

export interface Answered {
  response: HttpResponse;
  /** For the error log, without its stamp. */
  problem?: string;
  /** The access log's, unless that is off. */
  logged: boolean;
}

const named = (directives: readonly Directive[], name: string): readonly Directive[] =>
  directives.filter((one) => one.name === name);
const last = (directives: readonly Directive[], name: string): Directive | undefined => named(directives, name).at(-1);
const blockOf = (directive: Directive | undefined): readonly Directive[] => directive?.block ?? [];

function compiled(text: string, insensitive: boolean): RE2JS | undefined {
  try {
    return RE2JS.compile(text, insensitive ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    // nginx's expressions can do more than these: one that can't be read matches nothing
    return undefined;
  }
}

const portOf = (listen: Directive): number => {
  const [address = '80'] = listen.args;
  return Number(/^(?:.*:)?(\d+)$/.exec(address)?.[1] ?? 80);
};

/** How often a request may be sent on to another location. */
const MOST_ROUNDS = 10;

interface State {
  request: HttpRequest;
  server: Directive;
  port: number;
  uri: string;
  args: string;
  variables: Map<string, string>;
  rounds: number;
}

export class Site {
  readonly #http: readonly Directive[];
  readonly #servers: readonly Directive[];
  readonly #box: Box;
  readonly #version: string;

  constructor(config: Config, box: Box, version: string) {
    this.#box = box;
    this.#version = version;
    this.#http = blockOf(last(config.directives, 'http'));
    this.#servers = named(this.#http, 'server');
  }

  get ports(): number[] {
    const listed = this.#servers.flatMap((server) => {
      const listens = named(blockOf(server), 'listen');
      return listens.length === 0 ? [80] : listens.map(portOf);
    });
    return [...new Set(listed)];
  }
  /** `server_tokens off` hides the version. */
  get banner(): string {
    return last(this.#http, 'server_tokens')?.args[0] === 'off' ? 'nginx' : `nginx/${this.#version}`;
  }

  /** Hosts that proxies name must be found when nginx starts. @throws ConfigFault */
  check(): void {
    const upstreams = new Set(named(this.#http, 'upstream').map((one) => one.args[0] ?? ''));
    const look = (directives: readonly Directive[]): void => {
      for (const one of directives) {
        const [target = ''] = one.args;
        if (one.name === 'proxy_pass' && !target.includes('$')) {
          if (!/^https?:\/\//.test(target)) throw new ConfigFault(`invalid URL prefix in ${one.file}:${one.line}`);
          this.#findHost(one, target.replace(/^https?:\/\//, '').replace(/[/?].*$/, ''), upstreams);
        }
        if (one.name === 'server' && one.block === undefined) this.#findHost(one, target, upstreams);
        if (one.block) look(one.block);
      }
    };
    look(this.#http);
  }
  #findHost({ file, line }: Directive, address: string, upstreams: ReadonlySet<string>): void {
    const host = address.replace(/:\d+$/, '');
    if (upstreams.has(address) || address.startsWith('unix:')) return;
    if (resolveNow(this.#box, host).kind !== 'found')
      throw new ConfigFault(`host not found in upstream "${host}" in ${file}:${line}`);
  }

  respond(request: HttpRequest, port: number): Answered {
    const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const server = this.#serverOf(host, port);
    if (server === undefined) return { response: this.#fault(404), logged: true };
    const [path = '/', ...query] = request.path.split('?');
    const state: State = {
      request,
      server,
      port,
      uri: normalisePath(pathOf(path) ?? '/') + (/[^/]\/+$/.test(path) ? '/' : ''),
      args: query.join('?'),
      variables: new Map(),
      rounds: 0,
    };
    const answered = this.#run(state);
    const off = last(blockOf(server), 'access_log')?.args[0] === 'off';
    return { ...answered, logged: answered.logged && !off };
  }

  #serverOf(host: string, port: number): Directive | undefined {
    const here = this.#servers.filter((server) => {
      const listens = named(blockOf(server), 'listen');
      return (listens.length === 0 ? [80] : listens.map(portOf)).includes(port);
    });
    const names = (server: Directive) => named(blockOf(server), 'server_name').flatMap((one) => one.args);
    const fits = (name: string): boolean =>
      name === host ||
      (name.startsWith('*.') && host.endsWith(name.slice(1))) ||
      (name.startsWith('.') && (host === name.slice(1) || host.endsWith(name))) ||
      (name.endsWith('.*') && host.startsWith(name.slice(0, -1))) ||
      (name.startsWith('~') && compiled(name.slice(1), false)?.matcher(host).find() === true);
    return (
      here.find((server) => names(server).includes(host)) ??
      here.find((server) => names(server).some(fits)) ??
      here.find((server) =>
        named(blockOf(server), 'listen').some((one) => portOf(one) === port && one.args.includes('default_server')),
      ) ??
      here[0]
    );
  }

  #run(state: State): Answered {
    if (++state.rounds > MOST_ROUNDS)
      return {
        response: this.#fault(500),
        logged: true,
        problem: `rewrite or internal redirection cycle while processing "${state.uri}"`,
      };
    const own = blockOf(state.server);
    const early = this.#rewrites(own, state);
    if (early) return early;
    const location = this.#locationOf(own, state);
    const inner = blockOf(location);
    const later = this.#rewrites(inner, state);
    if (later) return later;
    return this.#content(state, location, [...this.#http, ...own], inner);
  }

  /** `set`, `if`, `rewrite` and `return`, in their order. */
  #rewrites(directives: readonly Directive[], state: State): Answered | undefined {
    for (const one of directives) {
      const [first = '', second = ''] = one.args;
      if (one.name === 'set') state.variables.set(first.slice(1), this.#fill(second, state));
      else if (one.name === 'if' && this.#holds(one.args, state)) {
        const found = this.#rewrites(blockOf(one), state);
        if (found) return found;
      } else if (one.name === 'return') return this.#returned(one.args, directives, state);
      else if (one.name === 'rewrite') {
        const matcher = compiled(first, false)?.matcher(state.uri);
        if (!matcher?.find()) continue;
        for (let group = 1; group <= matcher.groupCount(); group++)
          state.variables.set(String(group), matcher.group(group) ?? '');
        const target = this.#fill(second, state);
        const flag = one.args[2] ?? '';
        if (flag === 'permanent' || flag === 'redirect' || /^https?:\/\//.test(target))
          return this.#redirect(flag === 'permanent' ? 301 : 302, target, state);
        const [uri = '/', query] = target.split('?');
        state.uri = uri;
        if (query !== undefined) state.args = query;
        if (flag === 'last' || flag === '') return this.#run(state);
        if (flag === 'break') return undefined;
      }
    }
    return undefined;
  }
  #holds(args: readonly string[], state: State): boolean {
    const words = args
      .join(' ')
      .replace(/^\(\s*|\s*\)$/g, '')
      .split(/\s+/);
    const [left = '', operator, ...rest] = words;
    const value = this.#fill(left, state);
    const right = rest.join(' ').replace(/^["']|["']$/g, '');
    switch (operator) {
      case undefined:
        return left.startsWith('!') ? false : value !== '' && value !== '0';
      case '=':
        return value === right;
      case '!=':
        return value !== right;
      case '~':
      case '~*':
        return (
          compiled(right, operator === '~*')
            ?.matcher(value)
            .find() === true
        );
      case '!~':
      case '!~*':
        return (
          compiled(right, operator === '!~*')
            ?.matcher(value)
            .find() !== true
        );
      default:
        if (left === '-f' || left === '!-f') {
          const node = this.#box.files.find(this.#fill(words[1] ?? '', state));
          return (node?.kind === 'file') !== left.startsWith('!');
        }
        return false;
    }
  }
  #returned(args: readonly string[], directives: readonly Directive[], state: State): Answered {
    const [first = '', second] = args;
    if (!/^\d+$/.test(first)) return this.#redirect(302, this.#fill(first, state), state);
    const status = Number(first);
    if (status === 444) return { response: { status, body: '', raw: '' }, logged: true };
    if ([301, 302, 303, 307, 308].includes(status))
      return this.#redirect(status, this.#fill(second ?? '', state), state);
    if (second === undefined) return { response: this.#fault(status), logged: true };
    const type =
      last(directives, 'default_type')?.args[0] ??
      last(blockOf(state.server), 'default_type')?.args[0] ??
      last(this.#http, 'default_type')?.args[0] ??
      'text/plain';
    const headers = { 'Content-Type': type, ...this.#added(directives, state, status) };
    return { response: { status, body: this.#fill(second, state), headers }, logged: true };
  }
  #redirect(status: number, target: string, state: State): Answered {
    const host = state.request.headers.get('host') ?? 'localhost';
    const location = target.startsWith('/') ? `http://${host}${target}` : target;
    const fault = this.#fault(status);
    return { response: { ...fault, headers: { ...fault.headers, Location: location } }, logged: true };
  }

  #locationOf(directives: readonly Directive[], { uri }: State): Directive | undefined {
    const locations = named(directives, 'location');
    const sign = (one: Directive) =>
      one.args.length > 1 ? (one.args[0] ?? '') : one.args[0]?.startsWith('=') ? '=' : '';
    const path = (one: Directive) => (one.args.at(-1) ?? '').replace(/^=/, '');
    const exact = locations.find((one) => sign(one) === '=' && path(one) === uri);
    if (exact) return exact;
    const [prefix] = locations
      .filter((one) => (sign(one) === '' || sign(one) === '^~') && uri.startsWith(path(one)))
      .toSorted((a, b) => path(b).length - path(a).length);
    if (prefix !== undefined && sign(prefix) === '^~') return prefix;
    const pattern = locations.find(
      (one) =>
        sign(one).startsWith('~') &&
        compiled(path(one), sign(one) === '~*')
          ?.matcher(uri)
          .find() === true,
    );
    const found = pattern ?? prefix;
    const inner = found === undefined ? [] : named(blockOf(found), 'location');
    return inner.length > 0 ? (this.#locationOf(blockOf(found), { uri } as State) ?? found) : found;
  }

  #content(
    state: State,
    location: Directive | undefined,
    outer: readonly Directive[],
    inner: readonly Directive[],
  ): Answered {
    const either = (name: string) => last(inner, name) ?? last(outer, name);
    const proxy = last(inner, 'proxy_pass');
    if (
      named(inner, 'deny').some((one) => one.args[0] === 'all') &&
      !named(inner, 'allow').some((one) => one.args[0] === state.request.from)
    )
      return { ...this.#denied(state), problem: 'access forbidden by rule' };
    if (last(inner, 'internal')) return { response: this.#fault(404), logged: true };
    if (last(inner, 'stub_status'))
      return {
        response: {
          status: 200,
          body: `Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n`,
          headers: { 'Content-Type': 'text/plain' },
        },
        logged: true,
      };
    const password = either('auth_basic');
    if (password !== undefined && password.args[0] !== 'off' && !this.#isUser(either('auth_basic_user_file'), state)) {
      const fault = this.#fault(401);
      return {
        response: { ...fault, headers: { ...fault.headers, 'WWW-Authenticate': `Basic realm="${password.args[0]}"` } },
        logged: true,
      };
    }
    if (proxy !== undefined) return this.#proxied(proxy, state, location, inner, outer);
    const { method } = state.request;
    const root = this.#fill(either('root')?.args[0] ?? '/etc/nginx/html', state);
    const alias = last(inner, 'alias')?.args[0];
    const fileOf = (uri: string) =>
      alias === undefined
        ? normalisePath(root + uri, '/etc/nginx')
        : `${this.#fill(alias, state)}${uri.slice((location?.args.at(-1) ?? '').length)}`;
    const tries = either('try_files');
    if (tries !== undefined) {
      const names = tries.args.slice(0, -1).map((one) => this.#fill(one, state));
      const hit = names.find((name) => {
        const node = this.#box.files.find(normalisePath(fileOf(name.replace(/\/$/, ''))));
        return name.endsWith('/') ? node?.kind === 'folder' : node !== undefined && node.kind !== 'folder';
      });
      if (hit === undefined) {
        const fallback = tries.args.at(-1) ?? '';
        if (/^=\d+$/.test(fallback)) return this.#faulty(Number(fallback.slice(1)), state, outer, inner);
        if (fallback.startsWith('@')) {
          const to = named(blockOf(state.server), 'location').find((one) => one.args[0] === fallback);
          return to ? this.#content(state, to, outer, blockOf(to)) : this.#faulty(500, state, outer, inner);
        }
        const [uri = '/', query] = this.#fill(fallback, state).split('?');
        state.uri = uri;
        if (query !== undefined) state.args = query;
        return this.#run(state);
      }
      state.uri = hit;
    }
    if (method !== 'GET' && method !== 'HEAD') return this.#faulty(405, state, outer, inner);
    const full = fileOf(state.uri);
    const page = pageAt(this.#box, '', full);
    const failed = (status: number, words: string): Answered => ({
      ...this.#faulty(status, state, outer, inner),
      problem: words,
    });
    if (page.kind === 'folder') {
      if (!state.uri.endsWith('/')) return this.#redirect(301, `${state.uri}/`, state);
      const names = either('index')?.args ?? ['index.html'];
      const index = names.find((name) => this.#box.files.find(`${page.path}/${name}`)?.kind === 'file');
      if (index !== undefined) {
        state.uri += index;
        return this.#run(state);
      }
      if (either('autoindex')?.args[0] === 'on') return { response: this.#listing(page.path, state.uri), logged: true };
      return failed(403, `directory index of "${full.replace(/\/?$/, '/')}" is forbidden`);
    }
    if (page.kind === 'missing') return failed(404, `open() "${full}" failed (2: No such file or directory)`);
    if (page.kind === 'denied') return failed(403, `open() "${full}" failed (13: Permission denied)`);
    const tag = `"${Math.floor(page.mtime / 1000).toString(16)}-${page.body.length.toString(16)}"`;
    const modified = new Date(page.mtime).toUTCString();
    const headers = {
      'Content-Type': typeOf(page.path) ?? either('default_type')?.args[0] ?? 'text/plain',
      'Last-Modified': modified,
      ETag: tag,
      'Accept-Ranges': 'bytes',
      ...this.#added([...outer, ...inner], state, 200),
    };
    if (state.request.headers.get('if-none-match') === tag)
      return { response: { status: 304, body: '', headers }, logged: true };
    return { response: { status: 200, body: page.body, headers }, logged: true };
  }

  #isUser(file: Directive | undefined, state: State): boolean {
    const [, given = ''] = /^Basic (.*)$/.exec(state.request.headers.get('authorization') ?? '') ?? [];
    const [user = '', password = ''] = Buffer.from(given, 'base64').toString('latin1').split(':');
    const lines = textOf(this.#box, normalisePath(file?.args[0] ?? '', '/etc/nginx'))?.split('\n') ?? [];
    // only passwords that are not scrambled can be compared here; a scrambled one lets its user in
    return lines.some((line) => line === `${user}:{PLAIN}${password}` || (user !== '' && line.startsWith(`${user}:$`)));
  }
  #denied(state: State): Answered {
    return this.#faulty(403, state, [...this.#http, ...blockOf(state.server)], []);
  }
  #added(directives: readonly Directive[], state: State, status: number): Record<string, string> {
    const found = named(directives, 'add_header').filter(
      (one) => one.args.includes('always') || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(status),
    );
    return Object.fromEntries(found.map(({ args }) => [args[0] ?? '', this.#fill(args[1] ?? '', state)]));
  }
  #listing(folder: string, uri: string): HttpResponse {
    const rows = this.#box.files.list(folder).map((name) => {
      const node = this.#box.files.find(`${folder}/${name}`);
      const shown = node?.kind === 'folder' ? `${name}/` : name;
      const size = node?.kind === 'file' ? String(node.data.length) : '-';
      return `<a href="${shown}">${shown}</a>${' '.repeat(Math.max(1, 51 - shown.length))}${formatDate(node?.mtime ?? 0, '%d-%b-%Y %H:%M')} ${size.padStart(19)}\r\n`;
    });
    return {
      status: 200,
      body: `<html>\r\n<head><title>Index of ${uri}</title></head>\r\n<body>\r\n<h1>Index of ${uri}</h1><hr><pre><a href="../">../</a>\r\n${rows.join('')}</pre><hr></body>\r\n</html>\r\n`,
      headers: { 'Content-Type': 'text/html' },
    };
  }

  /** A failure, or the page that is configured for it. */
  #faulty(status: number, state: State, outer: readonly Directive[], inner: readonly Directive[]): Answered {
    const pages = [...named(inner, 'error_page'), ...named(outer, 'error_page')];
    const page = pages.find((one) => one.args.includes(String(status)));
    const target = page?.args.at(-1);
    const response = this.#fault(status);
    if (target === undefined || !target.startsWith('/') || state.rounds > 2) return { response, logged: true };
    state.uri = target;
    state.rounds += 2;
    const found = this.#run(state);
    const asked = page?.args.find((one) => /^=\d+$/.test(one))?.slice(1);
    return found.response.status === 200
      ? { response: { ...found.response, status: asked === undefined ? status : Number(asked) }, logged: true }
      : { response, logged: true };
  }
  #fault(status: number): HttpResponse {
    const title = `${status} ${REASONS[status] ?? ''}`.trim();
    return {
      status,
      body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${this.banner}</center>\r\n</body>\r\n</html>\r\n`,
      headers: { 'Content-Type': 'text/html' },
    };
  }

  #proxied(
    proxy: Directive,
    state: State,
    location: Directive | undefined,
    inner: readonly Directive[],
    outer: readonly Directive[],
  ): Answered {
    const { request } = state;
    const target = this.#fill(proxy.args[0] ?? '', state);
    const [, hostPort = '', path = ''] = /^https?:\/\/([^/]+)(\/.*)?$/.exec(target) ?? [];
    const upstream = named(this.#http, 'upstream').find((one) => one.args[0] === hostPort);
    const servers =
      upstream === undefined ? [hostPort] : named(blockOf(upstream), 'server').map((one) => one.args[0] ?? '');
    const prefix = location?.args.at(-1) ?? '';
    const rest = path === '' ? request.path : path + request.path.slice(prefix.length);
    const headers = new Map([...request.headers].filter(([name]) => !['host', 'connection'].includes(name)));
    headers.set('host', hostPort);
    for (const one of [...named(outer, 'proxy_set_header'), ...named(inner, 'proxy_set_header')])
      headers.set((one.args[0] ?? '').toLowerCase(), this.#fill(one.args[1] ?? '', state));
    const head = [...headers]
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `${name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}: ${value}\r\n`);
    const from = this.#box.random() * servers.length;
    const url = (one: string) => `http://${one}${rest}`;
    let problem = 'no live upstreams while connecting to upstream';
    let status = 502;
    for (let tried = 0; tried < servers.length; tried++) {
      const server = servers[Math.floor(from + tried) % servers.length] ?? '';
      const [, host = '', port = '80'] = /^(.*?)(?::(\d+))?$/.exec(server) ?? [];
      const resolved = resolveNow(this.#box, host);
      if (resolved.kind !== 'found') {
        problem = `${host} could not be resolved (3: Host not found)`;
        continue;
      }
      const [address = ''] = resolved.addresses;
      const dialled = this.#box.network.dial(address, Number(port));
      if (dialled.kind !== 'open') {
        const why = {
          refused: '111: Connection refused',
          silent: '110: Operation timed out',
          unreachable: '113: Host is unreachable',
        };
        problem = `connect() failed (${why[dialled.kind]}) while connecting to upstream`;
        if (dialled.kind === 'silent') {
          status = 504;
          problem = 'upstream timed out (110: Operation timed out) while connecting to upstream';
        } else status = 502;
        problem += `|${url(`${address}:${port}`)}`;
        continue;
      }
      const said = dialled.peer.say(
        `${request.method} ${rest} HTTP/1.0\r\n${head.join('')}Connection: close\r\n\r\n${request.body}`,
      );
      const end = said.indexOf('\r\n\r\n');
      const line = /^HTTP\/1\.[01] (\d+)/.exec(said);
      if (end === -1 || line === null) {
        problem = `upstream prematurely closed connection while reading response header from upstream|${url(`${address}:${port}`)}`;
        continue;
      }
      const own: Record<string, string> = {};
      for (const one of said.slice(0, end).split('\r\n').slice(1)) {
        const colon = one.indexOf(':');
        const name = one.slice(0, colon);
        if (!/^(server|date|connection|content-length)$/i.test(name)) own[name] = one.slice(colon + 1).trim();
      }
      return {
        response: {
          status: Number(line[1]),
          headers: { ...own, ...this.#added([...outer, ...inner], state, 200) },
          body: said.slice(end + 4),
        },
        logged: true,
      };
    }
    return { ...this.#faulty(status, state, outer, inner), problem };
  }

  #fill(text: string, state: State): string {
    return text.replace(/\$(\w+)/g, (all, name: string) => this.#variable(name, state) ?? all);
  }
  #variable(name: string, { request, server, port, uri, args, variables }: State): string | undefined {
    const own = variables.get(name);
    if (own !== undefined) return own;
    const host = request.headers.get('host') ?? '';
    const names = named(blockOf(server), 'server_name').flatMap((one) => one.args);
    const forwarded = request.headers.get('x-forwarded-for');
    const known: Record<string, string> = {
      uri,
      document_uri: uri,
      request_uri: request.path,
      args,
      query_string: args,
      is_args: args === '' ? '' : '?',
      host: (host === '' ? (names[0] ?? '') : host).replace(/:\d+$/, '').toLowerCase(),
      http_host: host,
      hostname: this.#box.hostname,
      server_name: names[0] ?? '',
      server_addr: this.#box.network.address,
      server_port: String(port),
      server_protocol: request.version,
      remote_addr: request.from,
      remote_port: '40312',
      remote_user: '',
      proxy_add_x_forwarded_for: forwarded === undefined ? request.from : `${forwarded}, ${request.from}`,
      proxy_host: '',
      scheme: 'http',
      request_method: request.method,
      request: `${request.method} ${request.path} ${request.version}`,
      request_body: request.body,
      content_type: request.headers.get('content-type') ?? '',
      content_length: request.headers.get('content-length') ?? '',
      nginx_version: this.#version,
      pid: '29',
      status: '200',
      time_local: formatDate(this.#box.now(), '%d/%b/%Y:%H:%M:%S +0000'),
      time_iso8601: formatDate(this.#box.now(), '%Y-%m-%dT%H:%M:%S+00:00'),
      msec: (this.#box.now() / 1000).toFixed(3),
      request_id: '0'.repeat(32),
      http_upgrade: request.headers.get('upgrade') ?? '',
    };
    if (known[name] !== undefined) return known[name];
    if (name.startsWith('http_')) return request.headers.get(name.slice(5).replaceAll('_', '-')) ?? '';
    if (name.startsWith('arg_')) return new URLSearchParams(args).get(name.slice(4)) ?? '';
    return /^\d$/.test(name) ? '' : undefined;
  }
}
