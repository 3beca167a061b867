/** /metrics: the few of the real server's that mean something here. */
import type { Cluster } from '../cluster.ts';
import { versionInfo } from '../schema/discovery/discovery.ts';
import { HEALTH_CHECKS } from './health.ts';

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

const metric = (name: string, help: string, type: 'gauge' | 'counter', lines: readonly string[]): string =>
  [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines.map((line) => `${name}${line}`), ''].join('\n');

/** The outcome of each health check. */
export function healthMetrics(): string {
  const lines = Object.entries(HEALTH_CHECKS)
    .flatMap(([type, names]) => names.map((name) => `{name="${name}",type="${type}"} 1`))
    .sort();
  return metric(
    'kubernetes_healthcheck',
    '[STABLE] This metric records the result of a single healthcheck.',
    'gauge',
    lines,
  );
}

export function metrics({ store }: Cluster): string {
  const objects = store.resources().map((name) => {
    const [resource = '', ...group] = name.split('.');
    return `{group="${group.join('.')}",resource="${resource}"} ${store.list(name).length}`;
  });
  const build = Object.entries({
    build_date: versionInfo.buildDate,
    compiler: versionInfo.compiler,
    git_commit: versionInfo.gitCommit,
    git_tree_state: versionInfo.gitTreeState,
    git_version: versionInfo.gitVersion,
    go_version: versionInfo.goVersion,
    major: versionInfo.major,
    minor: versionInfo.minor,
    platform: versionInfo.platform,
  }).map(([name, value]) => `${name}="${value}"`);
  return [
    metric(
      'apiserver_resource_objects',
      '[ALPHA] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.',
      'gauge',
      objects,
    ),
    metric(
      'kubernetes_build_info',
      "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      'gauge',
      [`{${build.join(',')}} 1`],
    ),
    healthMetrics(),
  ].join('');
}
