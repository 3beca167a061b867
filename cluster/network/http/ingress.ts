/** Which backend the ingress controller of nginx chooses for a request, by the Ingresses of its class. */
import { RE2JS } from 're2js';
import type { Ingress, IngressClass, Service } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';

export const NGINX_CONTROLLER = 'k8s.io/ingress-nginx';
const INGRESSES = 'ingresses.networking.k8s.io';
const CLASSES = 'ingressclasses.networking.k8s.io';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const PREFIX = 'nginx.ingress.kubernetes.io/';

type Backend = NonNullable<NonNullable<Ingress['spec']>['defaultBackend']>;

/** What the controller was started with. */
export interface ControllerOptions {
  /** `--controller-class` */
  controller: string;
  /** `--ingress-class`: the value of the older annotation. */
  annotation: string;
  /** `--watch-ingress-without-class` */
  classless: boolean;
  /** `--watch-namespace`; '': all. */
  namespace: string;
}
export const NGINX_OPTIONS: ControllerOptions = {
  controller: NGINX_CONTROLLER,
  annotation: 'nginx',
  classless: false,
  namespace: '',
};

export interface Location {
  ingress: Ingress;
  /** '': the server's own default. */
  path: string;
  kind: 'exact' | 'prefix' | 'string' | 'regex';
  backend: Backend;
}
export interface Server {
  /** '' for requests to any other host. */
  host: string;
  locations: Location[];
  /** `namespace/name` of the Secret with its certificate. */
  secret?: string;
}

export function isOfClass(store: Reader, { metadata, spec }: Ingress, options: ControllerOptions): boolean {
  if (options.namespace !== '' && metadata.namespace !== options.namespace) return false;
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  if (annotation !== undefined) return annotation === options.annotation;
  if (spec?.ingressClassName === undefined) return options.classless;
  const own = store.get<IngressClass>(CLASSES, '', spec.ingressClassName);
  return own?.spec?.controller === options.controller;
}

/** The older first: of two that claim a path it has it. */
export const ingressesOf = (store: Reader, options: ControllerOptions): Ingress[] =>
  store
    .list<Ingress>(INGRESSES)
    .filter((ingress) => ingress.metadata.deletionTimestamp === undefined && isOfClass(store, ingress, options))
    .toSorted((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1));

export const annotationOf = (ingress: Ingress, name: string): string | undefined =>
  ingress.metadata.annotations?.[PREFIX + name];

const usesRegex = (ingress: Ingress): boolean =>
  annotationOf(ingress, 'use-regex') === 'true' || annotationOf(ingress, 'rewrite-target') !== undefined;
const isCanary = (ingress: Ingress): boolean => annotationOf(ingress, 'canary') === 'true';

function serversOf(ingresses: readonly Ingress[]): Map<string, Server> {
  const servers = new Map<string, Server>();
  const serverOf = (host: string): Server => {
    const known = servers.get(host) ?? { host, locations: [] };
    servers.set(host, known);
    return known;
  };
  serverOf('');
  for (const ingress of ingresses) {
    const { rules = [], tls = [], defaultBackend } = ingress.spec ?? {};
    if (isCanary(ingress)) continue;
    for (const { host = '', http } of rules) {
      const server = serverOf(host.toLowerCase());
      for (const { path = '', pathType, backend } of http?.paths ?? []) {
        const kind = pathType === 'Exact' ? 'exact' : pathType === 'Prefix' ? 'prefix' : 'string';
        const wanted: Location = { ingress, path: path === '' ? '/' : path, kind, backend };
        const taken = server.locations.some((one) => one.path === wanted.path && one.kind === kind);
        if (!taken) server.locations.push(wanted);
      }
      if (defaultBackend && !server.locations.some(({ path }) => path === '/')) {
        server.locations.push({ ingress, path: '/', kind: 'string', backend: defaultBackend });
      }
      const secret = tls.find(({ hosts = [] }) =>
        hosts.some((one) => one.toLowerCase() === host.toLowerCase()),
      )?.secretName;
      if (secret) server.secret ??= `${ingress.metadata.namespace}/${secret}`;
    }
    const other = serverOf('');
    if (defaultBackend && rules.length === 0 && !other.locations.some(({ path }) => path === '/')) {
      other.locations.push({ ingress, path: '/', kind: 'string', backend: defaultBackend });
    }
  }
  // one rule with a pattern makes patterns of all paths of its host
  for (const server of servers.values()) {
    if (!server.locations.some(({ ingress }) => usesRegex(ingress))) continue;
    for (const location of server.locations) if (location.kind !== 'exact') location.kind = 'regex';
  }
  return servers;
}

/** By its name, or by a wildcard for exactly one label. */
export function serverFor(servers: ReadonlyMap<string, Server>, host: string): Server | undefined {
  const name = host.toLowerCase();
  return servers.get(name) ?? servers.get(`*.${name.split('.').slice(1).join('.')}`) ?? servers.get('');
}

function matches({ kind, path }: Location, asked: string): boolean {
  const bare = path.endsWith('/') && path !== '/' ? path.slice(0, -1) : path;
  switch (kind) {
    case 'exact':
      return asked === path;
    case 'prefix':
      return path === '/' || asked === bare || asked.startsWith(`${bare}/`);
    case 'string':
      return asked.startsWith(path);
    default:
      try {
        return RE2JS.compile(`(?i)^${path}`).matcher(asked).find();
      } catch {
        // nginx leaves a location out whose pattern does not compile
        return false;
      }
  }
}

/** Exact before everything, then the longest. */
export function locationFor({ locations }: Server, asked: string): Location | undefined {
  const found = locations.filter((location) => matches(location, asked));
  return (
    found.find(({ kind }) => kind === 'exact') ??
    found.toSorted(
      (a, b) => b.path.length - a.path.length || Number(b.kind === 'prefix') - Number(a.kind === 'prefix'),
    )[0]
  );
}

export interface Asked {
  host: string;
  /** Without the query. */
  path: string;
  /** By lower-case name. */
  headers: ReadonlyMap<string, string>;
  /** In [0, 1). */
  random: number;
}

function canaryWants(ingress: Ingress, { headers, random }: Asked): boolean {
  const header = annotationOf(ingress, 'canary-by-header');
  const value = header === undefined ? undefined : headers.get(header.toLowerCase());
  const expected = annotationOf(ingress, 'canary-by-header-value');
  const pattern = annotationOf(ingress, 'canary-by-header-pattern');
  if (value !== undefined) {
    if (expected !== undefined) {
      if (value === expected) return true;
    } else if (pattern !== undefined) {
      if (RE2JS.compile(pattern).matcher(value).find()) return true;
    } else if (value === 'always') return true;
    else if (value === 'never') return false;
  }
  const cookie = annotationOf(ingress, 'canary-by-cookie');
  const cookies = headers.get('cookie') ?? '';
  const given =
    cookie === undefined
      ? undefined
      : new RegExp(`(?:^|;\\s*)${cookie.replace(/\W/g, '\\$&')}=([^;]*)`).exec(cookies)?.[1];
  if (given === 'always') return true;
  if (given === 'never') return false;
  const total = Number(annotationOf(ingress, 'canary-weight-total') ?? 100);
  return random * total < Number(annotationOf(ingress, 'canary-weight') ?? 0);
}

/** The canary's backend instead, where one is for the same host and path, and wants the request. */
function canaryFor(
  ingresses: readonly Ingress[],
  location: Location,
  host: string,
  asked: Asked,
): Location | undefined {
  for (const ingress of ingresses) {
    if (!isCanary(ingress) || ingress.metadata.namespace !== location.ingress.metadata.namespace) continue;
    for (const rule of ingress.spec?.rules ?? []) {
      if ((rule.host ?? '').toLowerCase() !== host) continue;
      const path = rule.http?.paths.find((one) => (one.path || '/') === location.path);
      if (path && canaryWants(ingress, asked)) return { ...location, backend: path.backend };
    }
  }
  return undefined;
}

export interface Chosen {
  server: Server;
  /** undefined: nobody's, answered with 404. */
  location: Location | undefined;
}

export function chooseIngress(store: Reader, options: ControllerOptions, asked: Asked): Chosen {
  const ingresses = ingressesOf(store, options);
  const servers = serversOf(ingresses);
  const server = serverFor(servers, asked.host) ?? { host: '', locations: [] };
  const location = locationFor(server, asked.path);
  if (!location) return { server, location };
  return { server, location: canaryFor(ingresses, location, server.host, asked) ?? location };
}

/** The Secret of the server that TLS is spoken for. */
export const ingressSecret = (store: Reader, options: ControllerOptions, host: string): string | undefined =>
  serverFor(serversOf(ingressesOf(store, options)), host)?.secret;

/** The path that the backend is asked for. */
export function rewrittenPath({ ingress, path, kind }: Location, asked: string): string {
  const target = annotationOf(ingress, 'rewrite-target');
  if (target === undefined) return asked;
  const pattern = kind === 'regex' || kind === 'string' || kind === 'prefix' ? path : `${path}$`;
  try {
    const matcher = RE2JS.compile(`(?i)${pattern}`).matcher(asked);
    if (!matcher.find()) return asked;
    const written = target.replaceAll(/\$(\d)/g, (_all, group: string) =>
      Number(group) <= matcher.groupCount() ? (matcher.group(Number(group)) ?? '') : '',
    );
    return written === '' ? '/' : written;
  } catch {
    return asked;
  }
}

/** A Service's port by the number or name that a backend gives. */
export function servicePort(store: Reader, namespace: string, { service }: Backend) {
  const found = service && store.get<Service>('services', namespace, service.name);
  const port = (found?.spec?.ports ?? []).find(
    (one) =>
      (service?.port?.number !== undefined && one.port === service.port.number) ||
      (service?.port?.name !== undefined && one.name === service.port.name),
  );
  return found && port ? { service: found, port } : undefined;
}
