/** Answers requests as nginx's configuration says: finds the server and the location, and follows what they say. */
import { resolveNow } from '../../commands/resolve.ts';
import { normalisePath } from '../../files/file-view.ts';
import type { Box } from '../../shell/box.ts';
import type { HttpRequest } from '../http-server.ts';
import { pathOf } from '../serve.ts';
import { faultPage } from './answers.ts';
import { ConfigFault, type Config, type Directive } from './config.ts';
import { content } from './content.ts';
import { blockOf, last, named, portsOf } from './directives.ts';
import type { Answered, Serving, State } from './exchange.ts';
import { locationOf, serverOf } from './locations.ts';
import { rewrites } from './rewrites.ts';

/** How often a request may be sent on to another location. */
const MOST_ROUNDS = 10;

export class Site implements Serving {
  readonly http: readonly Directive[];
  readonly #servers: readonly Directive[];
  readonly box: Box;
  readonly version: string;

  constructor(config: Config, box: Box, version: string) {
    this.box = box;
    this.version = version;
    this.http = blockOf(last(config.directives, 'http'));
    this.#servers = named(this.http, 'server');
  }

  get ports(): number[] {
    return [...new Set(this.#servers.flatMap(portsOf))];
  }
  /** `server_tokens off` hides the version. */
  get banner(): string {
    return last(this.http, 'server_tokens')?.args[0] === 'off' ? 'nginx' : `nginx/${this.version}`;
  }

  /** Hosts that proxies name must be found when nginx starts. @throws ConfigFault */
  check(): void {
    const upstreams = new Set(named(this.http, 'upstream').map((one) => one.args[0] ?? ''));
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
    look(this.http);
  }
  #findHost({ file, line }: Directive, address: string, upstreams: ReadonlySet<string>): void {
    const host = address.replace(/:\d+$/, '');
    if (upstreams.has(address) || address.startsWith('unix:')) return;
    if (resolveNow(this.box, host).kind !== 'found')
      throw new ConfigFault(`host not found in upstream "${host}" in ${file}:${line}`);
  }

  respond(request: HttpRequest, port: number): Answered {
    const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const server = serverOf(this.#servers, host, port);
    if (server === undefined) return { response: faultPage(this, 404), logged: true };
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
    const answered = this.run(state);
    const off = last(blockOf(server), 'access_log')?.args[0] === 'off';
    return { ...answered, logged: answered.logged && !off };
  }

  run(state: State): Answered {
    if (++state.rounds > MOST_ROUNDS)
      return {
        response: faultPage(this, 500),
        logged: true,
        problem: `rewrite or internal redirection cycle while processing "${state.uri}"`,
      };
    const own = blockOf(state.server);
    const early = rewrites(this, own, state);
    if (early) return early;
    const location = locationOf(own, state.uri);
    const inner = blockOf(location);
    const later = rewrites(this, inner, state);
    if (later) return later;
    return content(this, state, location, [...this.http, ...own], inner);
  }
}
