/** Which routes a Gateway takes, and which rule of them answers a request (Gateway API v1). */
import { RE2JS } from 're2js';
import { labelSelectorMatches } from '../../api/selector.ts';
import type { Namespace, Service } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import {
  GATEWAYS,
  GROUP,
  HTTP_ROUTES,
  isGranted,
  REFERENCE_GRANTS,
  type BackendRef,
  type Gateway,
  type HttpRoute,
  type Listener,
  type NameValue,
  type ParentRef,
  type ReferenceGrant,
  type RouteMatch,
  type RouteRule,
} from './gateway-types.ts';

const ROUTE_KIND = 'HTTPRoute';

/** The more specific of two host names where one covers the other; undefined: they have none in common. */
export function commonHostname(one: string | undefined, other: string | undefined): string | undefined {
  if (!one) return other ?? '';
  if (!other) return one;
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a === b) return a;
  const covers = (wide: string, narrow: string) => wide.startsWith('*.') && narrow.endsWith(wide.slice(1));
  if (covers(a, b)) return b;
  return covers(b, a) ? a : undefined;
}

export const hostnameMatches = (hostname: string, host: string): boolean =>
  hostname === '' || hostname === host || (hostname.startsWith('*.') && host.endsWith(hostname.slice(1)));

export type Attachment =
  | { kind: 'attached'; gateway: Gateway; listeners: { listener: Listener; hostnames: string[] }[] }
  | { kind: 'refused'; gateway: Gateway; reason: string; message: string };

function admits(store: Reader, gateway: Gateway, { allowedRoutes }: Listener, namespace: string): boolean {
  const kinds = allowedRoutes?.kinds ?? [];
  if (kinds.length > 0 && !kinds.some(({ group = GROUP, kind }) => group === GROUP && kind === ROUTE_KIND))
    return false;
  const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
  if (from === 'All') return true;
  if (from === 'Same') return namespace === gateway.metadata.namespace;
  if (from !== 'Selector') return false;
  const labels = store.get<Namespace>('namespaces', '', namespace)?.metadata.labels ?? {};
  return labelSelectorMatches(selector ?? {}, labels);
}

const isHttp = ({ protocol }: Listener): boolean => protocol === 'HTTP' || protocol === 'HTTPS';

/** undefined: the parent is no Gateway, or is not there. */
export function attach(store: Reader, route: HttpRoute, parent: ParentRef): Attachment | undefined {
  if ((parent.group ?? GROUP) !== GROUP || (parent.kind ?? 'Gateway') !== 'Gateway') return undefined;
  const own = route.metadata.namespace ?? '';
  const gateway = store.get<Gateway>(GATEWAYS, parent.namespace ?? own, parent.name);
  if (!gateway) return undefined;
  const refused = (reason: string, message: string): Attachment => ({ kind: 'refused', gateway, reason, message });
  const named = (gateway.spec?.listeners ?? []).filter(
    ({ name, port }) =>
      (parent.sectionName === undefined || name === parent.sectionName) &&
      (parent.port === undefined || port === parent.port),
  );
  if (named.length === 0) return refused('NoMatchingParent', 'The Listener is not found for this parent ref');
  const open = named.filter((listener) => isHttp(listener) && admits(store, gateway, listener, own));
  if (open.length === 0) return refused('NotAllowedByListeners', 'The Route is not allowed by any listener');
  const hostnames = route.spec?.hostnames ?? [];
  const listeners = open.flatMap((listener) => {
    const common = (hostnames.length === 0 ? [undefined] : hostnames).flatMap((one) => {
      const found = commonHostname(listener.hostname, one);
      return found === undefined ? [] : [found];
    });
    return common.length === 0 ? [] : [{ listener, hostnames: common }];
  });
  if (listeners.length === 0) {
    return refused('NoMatchingListenerHostname', 'Listener hostname does not match the Route hostnames');
  }
  return { kind: 'attached', gateway, listeners };
}

/** Why a backend can't be used; undefined: it can. */
export function backendProblem(
  store: Reader,
  route: HttpRoute,
  ref: BackendRef,
  at: string,
): { reason: string; message: string } | undefined {
  const { group = '', kind = 'Service', name, port } = ref;
  if (group !== '' && group !== 'core') {
    return {
      reason: 'InvalidKind',
      message: `${at}.group: Unsupported value: "${group}": supported values: "core", ""`,
    };
  }
  if (kind !== 'Service') {
    return { reason: 'InvalidKind', message: `${at}.kind: Unsupported value: "${kind}": supported values: "Service"` };
  }
  const own = route.metadata.namespace ?? '';
  const namespace = ref.namespace ?? own;
  const from = { group: GROUP, kind: ROUTE_KIND, namespace: own };
  if (!isGranted(store.list<ReferenceGrant>(REFERENCE_GRANTS), from, { group: '', kind, namespace, name })) {
    return {
      reason: 'RefNotPermitted',
      message: `${at}.namespace: Forbidden: Backend ref to Service ${namespace}/${name} not permitted by any ReferenceGrant`,
    };
  }
  const service = store.get<Service>('services', namespace, name);
  if (!service) return { reason: 'BackendNotFound', message: `${at}.name: Not found: "${name}"` };
  if (!(service.spec?.ports ?? []).some((one) => one.port === port)) {
    return { reason: 'BackendNotFound', message: `${at}.port: Not found: ${port}` };
  }
  return undefined;
}

export interface HttpAsked {
  host: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  method: string;
  /** By lower-case name. */
  headers: ReadonlyMap<string, string>;
}

const fits = ({ type = 'Exact', value }: NameValue, given: string | null | undefined): boolean => {
  if (given === undefined || given === null) return false;
  if (type !== 'RegularExpression') return given === value;
  try {
    return RE2JS.compile(value).matches(given);
  } catch {
    // a pattern that does not compile matches nothing
    return false;
  }
};

function pathFits({ type = 'PathPrefix', value = '/' }: NonNullable<RouteMatch['path']>, path: string): boolean {
  if (type === 'Exact') return path === value;
  if (type === 'PathPrefix') {
    const bare = value.replace(/\/$/, '');
    return bare === '' || path === bare || path.startsWith(`${bare}/`);
  }
  try {
    return RE2JS.compile(value).matcher(path).find();
  } catch {
    return false;
  }
}

const matchFits = ({ path = {}, headers = [], queryParams = [], method }: RouteMatch, asked: HttpAsked): boolean =>
  pathFits(path, asked.path) &&
  (method === undefined || method === asked.method) &&
  headers.every((one) => fits(one, asked.headers.get(one.name.toLowerCase()))) &&
  queryParams.every((one) => fits(one, asked.query.get(one.name)));

export interface ChosenRule {
  route: HttpRoute;
  rule: RouteRule;
  match: RouteMatch;
}

const PATH_RANK: Readonly<Record<string, number>> = { Exact: 2, PathPrefix: 1, RegularExpression: 0 };
/** What comes first in the order in which the specification prefers matches. */
function rank(hostname: string, { path, headers = [], queryParams = [], method }: RouteMatch): number[] {
  return [
    hostname === '' ? 0 : hostname.startsWith('*.') ? 1 : 2,
    hostname.length,
    PATH_RANK[path?.type ?? 'PathPrefix'] ?? 0,
    (path?.value ?? '/').length,
    method === undefined ? 0 : 1,
    headers.length,
    queryParams.length,
  ];
}
function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, one] of a.entries()) if (one !== b[index]) return (b[index] ?? 0) - one;
  return 0;
}

/** By the listeners of a Gateway on one port. undefined: nobody's. */
export function chooseRule(store: Reader, gateway: Gateway, port: number, asked: HttpAsked): ChosenRule | undefined {
  const found: (ChosenRule & { rank: number[] })[] = [];
  const routes = store
    .list<HttpRoute>(HTTP_ROUTES)
    .toSorted((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1));
  for (const route of routes) {
    const hostnames = (route.spec?.parentRefs ?? []).flatMap((parent) => {
      const attached = attach(store, route, parent);
      if (attached?.kind !== 'attached' || attached.gateway.metadata.uid !== gateway.metadata.uid) return [];
      return attached.listeners.filter(({ listener }) => listener.port === port).flatMap((one) => one.hostnames);
    });
    const own = hostnames.filter((hostname) => hostnameMatches(hostname, asked.host));
    for (const hostname of own) {
      for (const rule of route.spec?.rules ?? [{}]) {
        for (const match of rule.matches?.length ? rule.matches : [{}]) {
          if (matchFits(match, asked)) found.push({ route, rule, match, rank: rank(hostname, match) });
        }
      }
    }
  }
  return found.toSorted((a, b) => compare(a.rank, b.rank))[0];
}
