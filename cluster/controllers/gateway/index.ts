/**
 * A controller of the Gateway API: says what it makes of classes, Gateways and routes, and starts a proxy for each Gateway. No
 * part of the controller manager: it is there as soon as a GatewayClass names a controller that is known (docs/decisions/009).
 */
import { equal } from '../../api/merge.ts';
import { StatusError } from '../../api/status.ts';
import { timeText } from '../../api/time.ts';
import type { Deployment, KubeObject, Service } from '../../api/types.ts';
import { attach, backendProblem } from '../../network/http/gateway.ts';
import {
  GATEWAY_CLASSES,
  GATEWAYS,
  GROUP,
  HTTP_ROUTES,
  type Gateway,
  type GatewayClass,
  type HttpRoute,
  type ListenerStatus,
  type RouteParentStatus,
} from '../../network/http/gateway-types.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { controllerRef, namespaceIsTerminating } from '../pod-control.ts';
import { no, withTimes, yes, type Told } from './conditions.ts';
import { judgedListener, kindsOf } from './listeners.ts';

const KNOWN: ReadonlySet<string> = new Set([
  'gateway.nginx.org/nginx-gateway-controller',
  'gateway.envoyproxy.io/gatewayclass-controller',
  'istio.io/gateway-controller',
  'io.cilium/gateway-controller',
  'traefik.io/gateway-controller',
  'projectcontour.io/gateway-controller',
  'konghq.com/kic-gateway-controller',
  'haproxy.org/gateway-controller',
  'networking.gke.io/gateway',
  'k8s.io/ingress-nginx',
]);
const IMAGE = 'ghcr.io/nginx/nginx-gateway-fabric/nginx:2.2.1';
const NAME_LABEL = `${GROUP}/gateway-name`;
/** All of them are looked at together: what one says depends on the others. */
const KEY = 'gateways';

const wake = () => [KEY];
const whereGateways = (_change: unknown, { client }: ControllerContext): readonly string[] =>
  client.list(GATEWAYS).length > 0 ? [KEY] : [];

export const gateway: Controller = {
  name: 'gateway-controller',
  user: 'system:serviceaccount:nginx-gateway:nginx-gateway',
  watches: { services: whereGateways, secrets: whereGateways, namespaces: whereGateways },
  watchesCustom: (resource) => (resource.endsWith(`.${GROUP}`) ? wake() : []),
  reconcile(_key, context) {
    const { client } = context;
    const classes = client
      .list<GatewayClass>(GATEWAY_CLASSES)
      .filter(({ spec }) => KNOWN.has(spec?.controllerName ?? ''));
    if (classes.length === 0) return;
    for (const one of classes) acceptClass(context, one);
    const controllers = new Map(classes.map((one) => [one.metadata.name, one.spec?.controllerName ?? '']));
    const own = client
      .list<Gateway>(GATEWAYS)
      .filter(({ metadata, spec }) => controllers.has(spec?.gatewayClassName ?? '') && !metadata.deletionTimestamp);
    for (const one of own) {
      startProxy(context, one);
      programGateway(context, one);
    }
    for (const route of client.list<HttpRoute>(HTTP_ROUTES)) tellRoute(context, route, controllers);
  },
};

const nowOf = ({ clock }: ControllerContext): string => timeText(clock.now());

/** A definition without a status of its own keeps it with the rest. */
function writeStatus(context: ControllerContext, resource: string, before: KubeObject, status: object): void {
  if (equal((before as { status?: object }).status ?? {}, status)) return;
  const object = { ...before, status } as KubeObject;
  try {
    context.client.updateStatus(resource, object);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
    context.client.update(resource, object);
  }
}

function acceptClass(context: ControllerContext, one: GatewayClass): void {
  const told = [
    yes('Accepted', 'Accepted', 'The GatewayClass is accepted'),
    yes('SupportedVersion', 'SupportedVersion', 'The Gateway API CRD versions are supported'),
  ];
  const conditions = withTimes(told, one.status?.conditions, one, nowOf(context));
  writeStatus(context, GATEWAY_CLASSES, one, { ...one.status, conditions });
}

const proxyName = ({ metadata, spec }: Gateway): string => `${metadata.name}-${spec?.gatewayClassName}`.slice(0, 63);

/** A Deployment and a Service in front of it, which go with the Gateway. */
function startProxy({ client }: ControllerContext, one: Gateway): void {
  const { name, namespace = '' } = one.metadata;
  const ports = [...new Set((one.spec?.listeners ?? []).map(({ port }) => port))];
  const labels = {
    'app.kubernetes.io/instance': 'nginx-gateway',
    'app.kubernetes.io/managed-by': 'nginx-gateway-nginx',
    'app.kubernetes.io/name': proxyName(one),
    [NAME_LABEL]: name,
  };
  const metadata = { name: proxyName(one), namespace, labels, ownerReferences: [controllerRef(one)] };
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      selector: labels,
      ports: ports.map((port) => ({ name: `port-${port}`, port, targetPort: port, protocol: 'TCP' })),
    },
  };
  const env = { GATEWAY_NAMESPACE: namespace, GATEWAY_NAME: name, GATEWAY_PORTS: ports.join(',') };
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'nginx',
              image: IMAGE,
              env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
              ports: ports.map((port) => ({ name: `port-${port}`, containerPort: port, protocol: 'TCP' })),
            },
          ],
        },
      },
    },
  };
  try {
    const served = client.get<Service>('services', namespace, metadata.name);
    if (!served) client.create('services', service);
    else if (
      !equal(
        (served.spec?.ports ?? []).map(({ port }) => port),
        ports,
      )
    ) {
      client.update<Service>('services', { ...served, spec: { ...served.spec, ports: service.spec?.ports ?? [] } });
    }
    const running = client.get<Deployment>('deployments.apps', namespace, metadata.name);
    const given = running?.spec?.template.spec?.containers?.[0]?.env?.map(({ value }) => value);
    if (!running) client.create('deployments.apps', deployment);
    else if (!equal(given, Object.values(env)) && running.spec) {
      const { template } = deployment.spec ?? running.spec;
      client.update<Deployment>('deployments.apps', { ...running, spec: { ...running.spec, template } });
    }
  } catch (error) {
    if (!namespaceIsTerminating(error)) throw error;
  }
}

function addressesOf({ client }: ControllerContext, one: Gateway): { type: string; value: string }[] {
  const service = client.get<Service>('services', one.metadata.namespace ?? '', proxyName(one));
  const external = (service?.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const own = service?.spec?.clusterIP ? [service.spec.clusterIP] : [];
  return (external.length > 0 ? external : own).map((value) => ({
    type: /^[\d.:a-f]+$/.test(value) ? 'IPAddress' : 'Hostname',
    value,
  }));
}

function attachedTo({ client }: ControllerContext, one: Gateway, listener: string): number {
  return client.list<HttpRoute>(HTTP_ROUTES).filter((route) =>
    (route.spec?.parentRefs ?? []).some((parent) => {
      const found = attach(client, route, parent);
      return (
        found?.kind === 'attached' &&
        found.gateway.metadata.uid === one.metadata.uid &&
        found.listeners.some((each) => each.listener.name === listener)
      );
    }),
  ).length;
}

function programGateway(context: ControllerContext, one: Gateway): void {
  const { client } = context;
  const now = nowOf(context);
  const judged = (one.spec?.listeners ?? []).map((listener) => ({
    listener,
    ...judgedListener(client, one, listener),
  }));
  const valid = judged.filter((each) => each.valid).length;
  const told: Told[] =
    valid === 0
      ? [
          no('Accepted', 'ListenersNotValid', 'The Gateway has no valid listeners'),
          no('Programmed', 'Invalid', 'The Gateway has no valid listeners'),
        ]
      : [
          valid === judged.length
            ? yes('Accepted', 'Accepted', 'The Gateway is accepted')
            : yes('Accepted', 'ListenersNotValid', 'The Gateway has at least one valid listener'),
          yes('Programmed', 'Programmed', 'The Gateway is programmed'),
        ];
  const listeners = judged.map(({ listener, told: own }): ListenerStatus => {
    const before = one.status?.listeners?.find(({ name }) => name === listener.name);
    return {
      attachedRoutes: attachedTo(context, one, listener.name),
      conditions: withTimes(own, before?.conditions, one, now),
      name: listener.name,
      supportedKinds: kindsOf(listener),
    };
  });
  const conditions = withTimes(told, one.status?.conditions, one, now);
  writeStatus(context, GATEWAYS, one, { addresses: addressesOf(context, one), conditions, listeners });
}

/** One entry for each Gateway of ours that it names; those of other controllers stay. */
function tellRoute(context: ControllerContext, route: HttpRoute, controllers: ReadonlyMap<string, string>): void {
  const { client } = context;
  const own: RouteParentStatus[] = (route.spec?.parentRefs ?? []).flatMap((parentRef) => {
    const found = attach(client, route, parentRef);
    const controllerName = controllers.get(found?.gateway.spec?.gatewayClassName ?? '');
    if (!found || controllerName === undefined) return [];
    const before = route.status?.parents?.find((one) => equal(one.parentRef, parentRef));
    const problem = (route.spec?.rules ?? [])
      .flatMap(({ backendRefs = [] }, rule) =>
        backendRefs.map((ref, index) =>
          backendProblem(client, route, ref, `spec.rules[${rule}].backendRefs[${index}]`),
        ),
      )
      .find((one) => one !== undefined);
    const told = [
      found.kind === 'attached'
        ? yes('Accepted', 'Accepted', 'The Route is accepted')
        : no('Accepted', found.reason, found.message),
      problem
        ? no('ResolvedRefs', problem.reason, problem.message)
        : yes('ResolvedRefs', 'ResolvedRefs', 'All references are resolved'),
    ];
    return [{ conditions: withTimes(told, before?.conditions, route, nowOf(context)), controllerName, parentRef }];
  });
  const names = new Set(controllers.values());
  const others = (route.status?.parents ?? []).filter(({ controllerName }) => !names.has(controllerName));
  if (own.length === 0 && (route.status?.parents ?? []).length === others.length) return;
  writeStatus(context, HTTP_ROUTES, route, { ...route.status, parents: [...others, ...own] });
}
