/**
 * metrics.k8s.io/v1beta1, which the API server passes on to the metrics server: there while its APIService is, and answering while a
 * pod of it runs. Its objects are made when they are asked for.
 */
import { matches, parseLabelSelector } from '../api/selector.ts';
import { methodNotAllowed, notFoundError, StatusError } from '../api/status.ts';
import { timeText } from '../api/time.ts';
import type { ContainerUsage, Sample } from '../api/resource-metrics.ts';
import type { KubeObject, Node, Pod } from '../api/types.ts';
import type { Cluster } from '../cluster.ts';
import { customResources } from '../custom-resources/index.ts';
import type { ResourceInfo } from '../schema/resources.ts';
import type { Call, Reply } from './api.ts';
import { wantedBy } from './negotiate.ts';

const GROUP = 'metrics.k8s.io';
const API_SERVICE = 'v1beta1.metrics.k8s.io';

const resource = (name: string, kind: string, namespaced: boolean): ResourceInfo => ({
  group: GROUP,
  version: 'v1beta1',
  resource: name,
  kind,
  namespaced,
  singular: '',
  shortNames: [],
  categories: [],
  verbs: ['get', 'list'],
  subresources: [],
});
const METRICS: readonly ResourceInfo[] = [
  resource('nodes', 'NodeMetrics', false),
  resource('pods', 'PodMetrics', true),
];

const isRegistered = ({ store }: Cluster): boolean =>
  store.get('apiservices.apiregistration.k8s.io', '', API_SERVICE) !== undefined;

/** Everything that is served: what is built in, what definitions add, and what is passed on to a server that answers. */
export function servedResources(cluster: Cluster): readonly ResourceInfo[] {
  const { all } = customResources(cluster.store);
  return isRegistered(cluster) && cluster.metrics.served ? withMetrics(all) : all;
}

const joined = new WeakMap<readonly ResourceInfo[], readonly ResourceInfo[]>();
function withMetrics(all: readonly ResourceInfo[]): readonly ResourceInfo[] {
  const made = joined.get(all) ?? [...all, ...METRICS];
  joined.set(all, made);
  return made;
}

/** @throws StatusError when the metrics server is registered and does not answer */
export function metricsResource(cluster: Cluster, group: string, version: string, name: string) {
  if (group !== GROUP || version !== 'v1beta1' || !isRegistered(cluster)) return undefined;
  if (!cluster.metrics.served) {
    throw new StatusError({
      message: 'the server is currently unable to handle the request',
      reason: 'ServiceUnavailable',
      details: {},
      code: 503,
    });
  }
  return METRICS.find((info) => info.resource === name);
}

export const isMetrics = (info: ResourceInfo): boolean => METRICS.includes(info);

const written = ({ cpu, memory }: ContainerUsage) => ({ cpu: `${cpu}n`, memory: `${Math.round(memory / 1024)}Ki` });

function objectOf(kind: string, { metadata }: KubeObject, sample: Sample, now: number, rest: object): KubeObject {
  const { name, namespace, labels } = metadata;
  return {
    kind,
    apiVersion: `${GROUP}/v1beta1`,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: timeText(now),
      ...(labels ? { labels: { ...labels } } : {}),
    },
    timestamp: timeText(sample.timestamp),
    window: `${sample.window / 1000}s`,
    ...rest,
  } as KubeObject;
}

function podMetrics({ metrics, now }: Cluster, pod: Pod): KubeObject | undefined {
  const sample = metrics.pod(pod.metadata.namespace ?? '', pod.metadata.name);
  if (!sample) return undefined;
  const containers = [...sample.containers].map(([name, usage]) => ({ name, usage: written(usage) }));
  return objectOf('PodMetrics', pod, sample, now, { containers });
}

function nodeMetrics({ metrics, now }: Cluster, node: Node): KubeObject | undefined {
  const sample = metrics.node(node.metadata.name);
  return sample && objectOf('NodeMetrics', node, sample, now, { usage: written(sample.usage) });
}

const ofPods = (info: ResourceInfo): boolean => info.resource === 'pods';

/** Answers for one of the metrics' resources. */
export function readMetrics({ cluster, request, info, target }: Call, warnings: string[]): Reply {
  const { store } = cluster;
  const about = target.info;
  if (info.verb !== 'get' && info.verb !== 'list') throw methodNotAllowed(about, info.verb);
  const asked = wantedBy(request);
  // clients that ask for protobuf take JSON too
  const wanted = asked.encoding === 'protobuf' ? { ...asked, encoding: 'json' as const } : asked;
  const subject = { target };
  const measured = (object: KubeObject) => (ofPods(about) ? podMetrics(cluster, object) : nodeMetrics(cluster, object));
  if (info.verb === 'get') {
    const object = store.get(about.resource, about.namespaced ? info.namespace : '', info.name);
    const found = object && measured(object);
    if (!found) {
      const name = about.namespaced ? `${info.namespace}/${info.name}` : info.name;
      throw notFoundError({ group: GROUP, resource: ofPods(about) ? 'podmetrics' : 'nodemetrics' }, name);
    }
    return { kind: 'object', code: 200, object: found, wanted, subject, warnings };
  }
  const selector = parseLabelSelector(request.query.get('labelSelector') ?? '');
  const items = store
    .list(about.resource, about.namespaced ? info.namespace : '')
    .filter(({ metadata }) => matches(selector, metadata.labels ?? {}))
    .flatMap((object) => measured(object) ?? []);
  return { kind: 'list', items, metadata: {}, wanted, subject, warnings };
}
