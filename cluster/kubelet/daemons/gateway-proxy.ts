/** The proxy that a Gateway's controller starts for it: answers by the routes that are attached. */
import type { Service } from '../../api/types.ts';
import { backendProblem, chooseRule, type ChosenRule } from '../../network/http/gateway.ts';
import {
  GATEWAYS,
  type BackendRef,
  type Filter,
  type Gateway,
  type HeaderChange,
  type Listener,
  type PathChange,
} from '../../network/http/gateway-types.ts';
import type { Context, Program, Server } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { httpServer, type HttpRequest, type HttpResponse } from './http-server.ts';
import { certificateOf, drawn, handedOn, passOn, upstreamsOf } from './proxying.ts';

const WORDS: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
};
function page(status: number, headers: Record<string, string> = {}): HttpResponse {
  const title = `${status} ${WORDS[status] ?? ''}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: { 'Content-Type': 'text/html', ...headers }, body };
}

const filterOf = <K extends keyof Filter>(filters: readonly Filter[], key: K): Filter[K] | undefined =>
  filters.find((filter) => filter[key] !== undefined)?.[key];

function changedPath(path: string, change: PathChange | undefined, prefix: string): string {
  if (change === undefined) return path;
  if (change.type === 'ReplaceFullPath') return change.replaceFullPath ?? '/';
  const rest = path.slice(prefix.replace(/\/$/, '').length);
  const start = (change.replacePrefixMatch ?? '/').replace(/\/$/, '');
  return `${start}${rest.startsWith('/') || rest === '' ? rest : `/${rest}`}` || '/';
}

const pairs = (list: HeaderChange['set']): [string, string][] => (list ?? []).map(({ name, value }) => [name, value]);

/** By weights; one without a weight counts once. */
function weighted(refs: readonly BackendRef[], draw: number): BackendRef | undefined {
  const total = refs.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let at = draw * total;
  for (const ref of refs) {
    at -= ref.weight ?? 1;
    if (at < 0) return ref;
  }
  return undefined;
}

class Proxy {
  readonly #context: Context;
  readonly #port: number;

  constructor(context: Context, port: number) {
    this.#context = context;
    this.#port = port;
  }
  get gateway(): Gateway | undefined {
    const { env, box } = this.#context;
    return box.network.objects.get<Gateway>(
      GATEWAYS,
      env.get('GATEWAY_NAMESPACE') ?? '',
      env.get('GATEWAY_NAME') ?? '',
    );
  }
  listeners(): Listener[] {
    return (this.gateway?.spec?.listeners ?? []).filter(({ port }) => port === this.#port);
  }

  respond(request: HttpRequest, https: boolean): HttpResponse {
    const { box } = this.#context;
    const [path = '/', query] = request.path.split(/\?(.*)/s);
    const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const { gateway } = this;
    const chosen =
      gateway &&
      chooseRule(box.network.objects, gateway, this.#port, {
        host,
        path,
        query: new URLSearchParams(query ?? ''),
        method: request.method,
        headers: request.headers,
      });
    if (!chosen) return page(404);
    const filters = chosen.rule.filters ?? [];
    const prefix = chosen.match.path?.value ?? '/';
    const redirect = filterOf(filters, 'requestRedirect');
    if (redirect) {
      const scheme = redirect.scheme ?? (https ? 'https' : 'http');
      const number = redirect.port ?? (redirect.scheme ? undefined : this.#port);
      const port = number === undefined || number === (scheme === 'https' ? 443 : 80) ? '' : `:${number}`;
      const to = changedPath(path, redirect.path, prefix);
      const location = `${scheme}://${redirect.hostname ?? host}${port}${to}${query === undefined ? '' : `?${query}`}`;
      return page(redirect.statusCode ?? 302, { Location: location });
    }
    return this.#backend(request, chosen, { path, query, host, https });
  }

  #backend(
    request: HttpRequest,
    { route, rule, match }: ChosenRule,
    { path, query, host, https }: { path: string; query: string | undefined; host: string; https: boolean },
  ): HttpResponse {
    const { box } = this.#context;
    const store = box.network.objects;
    const ref = weighted(rule.backendRefs ?? [], box.random());
    if (!ref || backendProblem(store, route, ref, '')) return page(500);
    const service = store.get<Service>('services', ref.namespace ?? route.metadata.namespace ?? '', ref.name);
    const port = (service?.spec?.ports ?? []).find((one) => one.port === ref.port);
    const to = service && port && drawn(upstreamsOf(store, service, port), box);
    if (!to) return page(503);
    const filters = [...(rule.filters ?? []), ...(ref.filters ?? [])];
    const rewrite = filterOf(filters, 'urlRewrite');
    const headers = filterOf(filters, 'requestHeaderModifier');
    const next = changedPath(path, rewrite?.path, match.path?.value ?? '/');
    const answer = passOn(box, request, to, {
      path: query === undefined ? next : `${next}?${query}`,
      host: rewrite?.hostname ?? request.headers.get('host') ?? host,
      set: [
        ...pairs(headers?.set),
        ['X-Forwarded-For', request.from],
        ['X-Real-IP', request.from],
        ['X-Forwarded-Proto', https ? 'https' : 'http'],
        ['X-Forwarded-Host', host],
        ['X-Forwarded-Port', String(this.#port)],
      ],
      add: pairs(headers?.add),
      remove: headers?.remove ?? [],
    });
    if (answer.kind === 'failed') return page(answer.why === 'timeout' ? 504 : 502);
    const change = filterOf(filters, 'responseHeaderModifier');
    const gone = new Set(
      [...(change?.remove ?? []), ...(change?.set ?? []).map(({ name }) => name)].map((one) => one.toLowerCase()),
    );
    return handedOn(answer, { now: box.now() }, (own) => [
      ['Server', 'nginx'] as [string, string],
      ...own.filter(([name]) => !gone.has(name.toLowerCase())),
      ...pairs(change?.set),
      ...pairs(change?.add),
    ]);
  }
}

const BAD = 'HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nConnection: close\r\n\r\n';

export const gatewayProxy: Program = function* run(context: Context): Run {
  const { box, env } = context;
  for (const word of (env.get('GATEWAY_PORTS') ?? '80').split(',')) {
    const port = Number(word);
    const proxy = new Proxy(context, port);
    const now = () => box.now();
    const plain = httpServer({ name: 'nginx', now, respond: (request) => proxy.respond(request, false) });
    const inside = httpServer({ name: 'nginx', now, respond: (request) => proxy.respond(request, true) });
    const server: Server = (from) => {
      const tls = proxy.listeners().filter(({ protocol }) => protocol === 'HTTPS');
      if (tls.length === 0) return plain(from);
      const peer = {
        closed: false,
        say: (bytes: string) => {
          if (bytes === '') return '';
          peer.closed = true;
          return BAD;
        },
        secure: (name: string) => {
          const own =
            tls.find(({ hostname }) => hostname === name) ??
            tls.find(({ hostname = '' }) => hostname.startsWith('*.') && name.endsWith(hostname.slice(1))) ??
            tls[0];
          const [ref] = own?.tls?.certificateRefs ?? [];
          const namespace = ref?.namespace ?? proxy.gateway?.metadata.namespace ?? '';
          return {
            certificate: certificateOf(box.network.objects, namespace, ref?.name ?? '') ?? '',
            peer: inside(from),
          };
        },
      };
      return peer;
    };
    box.listen(port, server);
  }
  for (;;) {
    const signal = context.pending();
    if (signal === 'TERM' || signal === 'INT' || signal === 'QUIT') return 0;
    yield { until: Infinity, event: true };
  }
};
