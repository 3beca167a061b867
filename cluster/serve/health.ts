/** /healthz, /livez and /readyz: each check of the real server. Only etcd can be unwell. */
import type { Reply } from './api.ts';

const START = [
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/priority-and-fairness-config-consumer',
  'poststarthook/priority-and-fairness-filter',
  'poststarthook/storage-object-count-tracker-hook',
  'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/start-system-namespaces-controller',
  'poststarthook/start-cluster-authentication-info-controller',
  'poststarthook/start-kube-apiserver-identity-lease-controller',
  'poststarthook/start-kube-apiserver-identity-lease-garbage-collector',
  'poststarthook/start-legacy-token-tracking-controller',
  'poststarthook/start-service-ip-repair-controllers',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/priority-and-fairness-config-producer',
  'poststarthook/bootstrap-controller',
  'poststarthook/start-kubernetes-service-cidr-controller',
  'poststarthook/start-kube-aggregator-informers',
  'poststarthook/apiservice-status-local-available-controller',
  'poststarthook/apiservice-status-remote-available-controller',
  'poststarthook/apiservice-registration-controller',
  'poststarthook/apiservice-discovery-controller',
  'poststarthook/kube-apiserver-autoregistration',
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
];
const BASIC = ['ping', 'log', 'etcd'];

/** In the order in which they are told. */
export const HEALTH_CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: [...BASIC, ...START],
  livez: [...BASIC, ...START],
  readyz: [...BASIC, 'etcd-readiness', 'informer-sync', ...START, 'shutdown'],
};

const text = (bytes: string, headers: Record<string, string> = {}, code = 200): Reply => ({
  kind: 'bytes',
  code,
  contentType: 'text/plain; charset=utf-8',
  bytes,
  headers,
});
/** Only the answer about all checks says so. */
const NO_SNIFFING = { 'x-content-type-options': 'nosniff' };

const quotedNames = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(',');

function verbose(endpoint: string, checks: readonly string[], excluded: ReadonlySet<string>): string {
  const lines = checks.map((name) => `[+]${name} ${excluded.has(name) ? 'excluded: ok' : 'ok'}`);
  const unknown = [...excluded].filter((name) => !checks.includes(name)).sort();
  if (unknown.length > 0) {
    lines.push(`warn: some health checks cannot be excluded: no matches for ${quotedNames(unknown)}`);
  }
  return [...lines, `${endpoint} check passed`, ''].join('\n');
}

const OF_ETCD: ReadonlySet<string> = new Set(['etcd', 'etcd-readiness']);

/** What is told while etcd does not answer: always all checks. */
function sick(endpoint: string, checks: readonly string[], excluded: ReadonlySet<string>): Reply {
  const lines = checks.map((name) => {
    if (excluded.has(name)) return `[+]${name} excluded: ok`;
    return OF_ETCD.has(name) ? `[-]${name} failed: reason withheld` : `[+]${name} ok`;
  });
  return text([...lines, `${endpoint} check failed`, ''].join('\n'), NO_SNIFFING, 500);
}

/** undefined: no such check. `path` has no slash at its end but a wrong one. `hasEtcd`: whether etcd answers. */
export function health(path: string, query: URLSearchParams, hasEtcd: boolean): Reply | undefined {
  const [, endpoint = '', ...rest] = path.split('/');
  const checks = Object.hasOwn(HEALTH_CHECKS, endpoint) ? HEALTH_CHECKS[endpoint] : undefined;
  if (!checks) return undefined;
  const excluded = new Set(query.getAll('exclude'));
  if (rest.length > 0) {
    const check = rest.join('/');
    if (!checks.includes(check)) return undefined;
    if (hasEtcd || !OF_ETCD.has(check)) return text('ok');
    return text('internal server error: context deadline exceeded\n', NO_SNIFFING, 500);
  }
  if (!hasEtcd && checks.some((name) => OF_ETCD.has(name) && !excluded.has(name))) {
    return sick(endpoint, checks, excluded);
  }
  return text(query.has('verbose') ? verbose(endpoint, checks, excluded) : 'ok', NO_SNIFFING);
}
