/** Says of each API that a server in the cluster provides whether that server can be reached. Part of the API server. */
import { equal } from '../../api/merge.ts';
import type { EndpointSlice, KubeObject, Service } from '../../api/types.ts';
import { timestamp } from '../conditions.ts';
import type { Change, Controller, ControllerContext } from '../controller.ts';

const RESOURCE = 'apiservices.apiregistration.k8s.io';
const SLICES = 'endpointslices.discovery.k8s.io';
const SERVICE_LABEL = 'kubernetes.io/service-name';
/** The only API of this kind that somebody in a simulated cluster answers for. */
const ANSWERED = 'metrics.k8s.io';

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}
interface ApiService extends KubeObject {
  spec?: { group?: string; version?: string; service?: { namespace?: string; name?: string; port?: number } };
  status?: { conditions?: Condition[] };
}

const servedBy = ({ client }: ControllerContext, namespace: string, name: string): string[] =>
  client
    .list<ApiService>(RESOURCE)
    .filter(({ spec }) => spec?.service?.namespace === namespace && spec.service.name === name)
    .map(({ metadata }) => metadata.name);

export const apiServiceAvailability: Controller = {
  name: 'api-service-availability-controller',
  user: 'system:apiserver',
  watches: {
    [RESOURCE]: ({ type, object }) =>
      type !== 'DELETED' && (object as ApiService).spec?.service ? [object.metadata.name] : [],
    services: ({ object }, context) => servedBy(context, object.metadata.namespace ?? '', object.metadata.name),
    [SLICES]: ({ object }: Change, context) =>
      servedBy(context, object.metadata.namespace ?? '', object.metadata.labels?.[SERVICE_LABEL] ?? ''),
  },
  reconcile(name, context) {
    const { client } = context;
    const found = client.get<ApiService>(RESOURCE, '', name);
    if (!found?.spec?.service) return;
    const { status, reason, message } = check(found, context);
    const before = found.status?.conditions ?? [];
    const old = before.find(({ type }) => type === 'Available');
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp(context.clock);
    const next: Condition = {
      type: 'Available',
      status,
      reason,
      message,
      ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
    };
    if (equal(old, next)) return;
    const conditions = old ? before.map((one) => (one === old ? next : one)) : [...before, next];
    client.updateStatus<ApiService>(RESOURCE, { ...found, status: { ...found.status, conditions } });
  },
};

interface Verdict {
  status: 'True' | 'False';
  reason: string;
  message: string;
}
const fails = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });

function check({ spec }: ApiService, { client }: ControllerContext): Verdict {
  const { namespace = '', name = '', port = 443 } = spec?.service ?? {};
  const what = `service/${name} in ${JSON.stringify(namespace)}`;
  const service = client.get<Service>('services', namespace, name);
  if (!service) return fails('ServiceNotFound', `${what} is not present`);
  const url = `https://${service.spec?.clusterIP ?? ''}:${port}/apis/${spec?.group}/${spec?.version}`;
  if ((service.spec?.type ?? 'ClusterIP') === 'ClusterIP') {
    const listening = (service.spec?.ports ?? []).find((one) => one.port === port);
    if (!listening) return fails('ServicePortError', `${what} is not listening on port ${port}`);
    const slices = client
      .list<EndpointSlice>(SLICES, namespace)
      .filter(({ metadata }) => metadata.labels?.[SERVICE_LABEL] === name);
    if (slices.length === 0) return fails('EndpointsNotFound', `cannot find endpointslices for ${what}`);
    const portName = listening.name ?? '';
    const active = slices.some(
      ({ endpoints, ports }) =>
        (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) &&
        (ports ?? []).some((one) => one.name === portName && one.port !== undefined),
    );
    if (!active) {
      const why = `endpointslices for ${what} have no addresses with port name ${JSON.stringify(portName)}`;
      return fails('MissingEndpoints', why);
    }
  }
  if (spec?.group === ANSWERED) return { status: 'True', reason: 'Passed', message: 'all checks passed' };
  const refused = `Get ${JSON.stringify(url)}: dial tcp ${service.spec?.clusterIP ?? ''}:${port}: connect: connection refused`;
  return fails('FailedDiscoveryCheck', `failing or missing response from ${url}: ${refused}`);
}
