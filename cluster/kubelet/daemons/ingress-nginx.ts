/** The ingress controller of nginx: its own server, that asks the API server's objects at each request. */
import { createHash } from 'node:crypto';
import type { Ingress, Secret } from '../../api/types.ts';
import { inCidr } from '../../network/address.ts';
import {
  annotationOf,
  chooseIngress,
  ingressSecret,
  NGINX_OPTIONS,
  rewrittenPath,
  servicePort,
  type Chosen,
  type ControllerOptions,
  type Location,
} from '../../network/http/ingress.ts';
import { formatDate } from '../commands/date.ts';
import type { Context, Program, Server } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { httpServer, type HttpRequest, type HttpResponse } from './http-server.ts';
import { certificateOf, drawn, handedOn, passOn, upstreamsOf } from './proxying.ts';

const WORDS: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Authorization Required',
  403: 'Forbidden',
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

function page(status: number, headers: Record<string, string> = {}): HttpResponse {
  const title = `${status} ${WORDS[status] ?? ''}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: { 'Content-Type': 'text/html', ...headers }, body };
}

const flag = (argv: readonly string[], name: string): string | undefined =>
  argv.find((word) => word === `--${name}` || word.startsWith(`--${name}=`))?.replace(/^--[\w-]+=?/, '');

export const ingressOptions = (argv: readonly string[]): ControllerOptions => ({
  controller: flag(argv, 'controller-class') || NGINX_OPTIONS.controller,
  annotation: flag(argv, 'ingress-class') || NGINX_OPTIONS.annotation,
  classless: ['', 'true'].includes(flag(argv, 'watch-ingress-without-class') ?? 'false'),
  namespace: flag(argv, 'watch-namespace') ?? '',
});

/** One controller's way to answer. */
class Proxy {
  readonly #context: Context;
  readonly #options: ControllerOptions;

  constructor(context: Context, options: ControllerOptions) {
    this.#context = context;
    this.#options = options;
  }
  get #box() {
    return this.#context.box;
  }
  get #store() {
    return this.#box.network.objects;
  }

  respond(request: HttpRequest, https: boolean): HttpResponse {
    const [path = '/', query] = request.path.split(/\?(.*)/s);
    const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '');
    const chosen = chooseIngress(this.#store, this.#options, {
      host,
      path,
      headers: request.headers,
      random: this.#box.random(),
    });
    const { location } = chosen;
    if (!location) return this.#logged(request, page(404), '');
    const refused = this.#refusal(location.ingress, chosen, request, https);
    if (refused) return this.#logged(request, refused, '');
    return this.#backend(request, location, { path, query, host, https });
  }

  #refusal(ingress: Ingress, { server }: Chosen, request: HttpRequest, https: boolean): HttpResponse | undefined {
    const of = (name: string) => annotationOf(ingress, name);
    const host = request.headers.get('host') ?? '';
    const bare = host.replace(/:\d+$/, '');
    const forced =
      of('force-ssl-redirect') === 'true' || (server.secret !== undefined && of('ssl-redirect') !== 'false');
    if (!https && forced) return page(308, { Location: `https://${bare}${request.path}` });
    const allowed = of('whitelist-source-range') ?? of('allowlist-source-range');
    const denied = of('denylist-source-range');
    const inside = (ranges: string) =>
      ranges
        .split(',')
        .some((range) => inCidr(request.from, range.trim().includes('/') ? range.trim() : `${range.trim()}/32`));
    if ((allowed !== undefined && !inside(allowed)) || (denied !== undefined && inside(denied))) return page(403);
    if (of('auth-type') === 'basic' && !this.#authorized(ingress, request)) {
      return page(401, { 'WWW-Authenticate': `Basic realm="${of('auth-realm') ?? ''}"` });
    }
    const permanent = of('permanent-redirect');
    if (permanent !== undefined) return page(Number(of('permanent-redirect-code') ?? 301), { Location: permanent });
    const temporal = of('temporal-redirect');
    if (temporal !== undefined) return page(302, { Location: temporal });
    const root = of('app-root');
    if (root !== undefined && request.path === '/')
      return page(302, { Location: `${https ? 'https' : 'http'}://${host}${root}` });
    return undefined;
  }
  /** htpasswd's lines, as far as they can be checked here: {SHA} and plain words. */
  #authorized(ingress: Ingress, request: HttpRequest): boolean {
    const [name = '', namespace = ingress.metadata.namespace ?? ''] = (annotationOf(ingress, 'auth-secret') ?? '')
      .split('/')
      .toReversed();
    const secret = this.#store.get<Secret>('secrets', namespace, name);
    const lines = Buffer.from(secret?.data?.['auth'] ?? '', 'base64')
      .toString()
      .split('\n');
    const given = /^basic (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (given === undefined) return false;
    const [user = '', password = ''] = Buffer.from(given, 'base64').toString().split(/:(.*)/s);
    const stored = lines
      .find((line) => line.startsWith(`${user}:`))
      ?.slice(user.length + 1)
      .trim();
    if (stored === undefined) return false;
    if (stored.startsWith('{SHA}')) return stored.slice(5) === createHash('sha1').update(password).digest('base64');
    // salted sums are believed: whoever knows the name has made them
    return stored.startsWith('$') ? password !== '' : stored === password;
  }

  #backend(
    request: HttpRequest,
    location: Location,
    { path, query, host, https }: { path: string; query: string | undefined; host: string; https: boolean },
  ): HttpResponse {
    const { ingress, backend } = location;
    const namespace = ingress.metadata.namespace ?? '';
    const found = servicePort(this.#store, namespace, backend);
    const label = `${namespace}-${backend.service?.name ?? ''}-${backend.service?.port?.name ?? backend.service?.port?.number ?? ''}`;
    const upstreams = found ? upstreamsOf(this.#store, found.service, found.port) : [];
    const to = drawn(upstreams, this.#box);
    if (!to) return this.#logged(request, page(503), label);
    const rewritten = rewrittenPath(location, path);
    const id = createHash('md5').update(`${this.#box.now()} ${this.#box.random()}`).digest('hex');
    const answer = passOn(this.#box, request, to, {
      path: query === undefined ? rewritten : `${rewritten}?${query}`,
      host: annotationOf(ingress, 'upstream-vhost') ?? request.headers.get('host') ?? host,
      https: annotationOf(ingress, 'backend-protocol')?.toUpperCase() === 'HTTPS',
      set: [
        ['X-Request-ID', id],
        ['X-Real-IP', request.from],
        ['X-Forwarded-For', request.from],
        ['X-Forwarded-Host', request.headers.get('host') ?? host],
        ['X-Forwarded-Port', https ? '443' : '80'],
        ['X-Forwarded-Proto', https ? 'https' : 'http'],
        ['X-Forwarded-Scheme', https ? 'https' : 'http'],
        ['X-Scheme', https ? 'https' : 'http'],
      ],
    });
    const upstream = `${to.address}:${to.port}`;
    if (answer.kind === 'failed') {
      return this.#logged(request, page(answer.why === 'timeout' ? 504 : 502), label, upstream);
    }
    const secured: [string, string][] = https
      ? [['Strict-Transport-Security', 'max-age=31536000; includeSubDomains']]
      : [];
    const response = handedOn(answer, { now: this.#box.now() }, (headers) => [...headers, ...secured]);
    return this.#logged(request, request.method === 'HEAD' ? { ...response } : response, label, upstream);
  }

  #logged(request: HttpRequest, response: HttpResponse, label: string, upstream = '-'): HttpResponse {
    const at = formatDate(this.#box.now(), '%d/%b/%Y:%H:%M:%S +0000');
    const agent = request.headers.get('user-agent') ?? '-';
    const id = createHash('md5').update(`${at} ${request.path}`).digest('hex');
    this.#context.io.stdout.write(
      `${request.from} - - [${at}] "${request.method} ${request.path} ${request.version}" ${response.status} ${response.body.length} "-" "${agent}" ${request.head.length + 4} 0.001 [${label}] [] ${upstream} ${upstream === '-' ? '-' : response.body.length} ${upstream === '-' ? '-' : '0.001'} ${upstream === '-' ? '-' : response.status} ${id}\n`,
    );
    return response;
  }
}

const healthy: Server = httpServer({
  now: () => 0,
  respond: ({ path }) =>
    path.startsWith('/healthz')
      ? { status: 200, headers: { 'Content-Type': 'text/plain' }, body: '' }
      : { status: 404, headers: { 'Content-Type': 'text/plain' }, body: '404 page not found\n' },
});

export const ingressNginxController: Program = function* run(context: Context): Run {
  const { box, io, argv } = context;
  const version = /:(v?[\d.]+)/.exec(box.image)?.[1] ?? 'v1.13.3';
  io.stderr.write(
    `-------------------------------------------------------------------------------\nNGINX Ingress controller\n  Release:       ${version.startsWith('v') ? version : `v${version}`}\n  Repository:    https://github.com/kubernetes/ingress-nginx\n  nginx version: nginx/1.27.1\n\n-------------------------------------------------------------------------------\n\n`,
  );
  const options = ingressOptions(argv);
  const proxy = new Proxy(context, options);
  const now = () => box.now();
  const plain = httpServer({ name: '', now, respond: (request) => proxy.respond(request, false) });
  const inside = httpServer({ name: '', now, respond: (request) => proxy.respond(request, true) });
  const secured: Server = (from) => {
    const peer = {
      closed: false,
      say: (bytes: string) => {
        if (bytes === '') return '';
        peer.closed = true;
        const body = page(400).body.replace(
          '400 Bad Request</h1></center>',
          '400 Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>',
        );
        return `HTTP/1.1 400 Bad Request\r\nDate: ${new Date(box.now()).toUTCString()}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
      },
      secure: (name: string) => {
        const [namespace = '', secret = ''] = (ingressSecret(box.network.objects, options, name) ?? '').split('/');
        return { certificate: certificateOf(box.network.objects, namespace, secret) ?? '', peer: inside(from) };
      },
    };
    return peer;
  };
  box.listen(Number(flag(argv, 'http-port') ?? 80), plain);
  box.listen(Number(flag(argv, 'https-port') ?? 443), secured);
  box.listen(Number(flag(argv, 'healthz-port') ?? 10_254), healthy);
  for (;;) {
    const signal = context.pending();
    if (signal === 'TERM' || signal === 'INT' || signal === 'QUIT') return 0;
    yield { until: Infinity, event: true };
  }
};
