/** /healthz, /livez and /readyz: each check of the real server, all of them well. */
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

const text = (bytes: string, headers: Record<string, string> = {}): Reply => ({
  kind: 'bytes',
  code: 200,
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

/** undefined: no such check. `path` has no slash at its end but a wrong one. */
export function health(path: string, query: URLSearchParams): Reply | undefined {
  const [, endpoint = '', ...rest] = path.split('/');
  const checks = Object.hasOwn(HEALTH_CHECKS, endpoint) ? HEALTH_CHECKS[endpoint] : undefined;
  if (!checks) return undefined;
  if (rest.length > 0) return checks.includes(rest.join('/')) ? text('ok') : undefined;
  return text(query.has('verbose') ? verbose(endpoint, checks, new Set(query.getAll('exclude'))) : 'ok', NO_SNIFFING);
}
