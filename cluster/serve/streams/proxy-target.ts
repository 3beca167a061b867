/** Where a proxy request goes: which pod, service or kubelet, which port, which path. */
import { StatusError } from '../../api/status.ts';
import type { Pod, Service } from '../../api/types.ts';
import { targetsOf } from '../../network/service-route.ts';
import type { Call } from '../api.ts';
import { badRequest, unreachable } from './pod-containers.ts';

export interface ProxyRequest {
  kind: 'proxy';
  /** Go there instead: the path lacked its slash. */
  redirect: string | undefined;
  /** Whose port: an address and, where a pod has it, its uid. */
  address: string;
  uid: string | undefined;
  /** Of a node's kubelet. */
  node: string | undefined;
  port: number;
  scheme: string;
  path: string;
}

export const unavailable = (message: string): StatusError =>
  new StatusError({ message, reason: 'ServiceUnavailable', code: 503 });

/** `scheme:name:port`, `name:port` or `name`; undefined: none of them. */
function split(text: string): { scheme: string; name: string; port: string } | undefined {
  const parts = text.split(':');
  const [first = '', second = '', third = ''] = parts;
  if (parts.length === 1) return { scheme: '', name: first, port: '' };
  if (parts.length === 2) return { scheme: '', name: first, port: second };
  return parts.length === 3 && (first === 'http' || first === 'https' || first === '')
    ? { scheme: first, name: second, port: third }
    : undefined;
}

/** @throws StatusError */
export function proxyStream(call: Call): ProxyRequest {
  const { cluster, request, info, target } = call;
  const { resource, namespace } = info;
  const singular = { pods: 'pod', services: 'service', nodes: 'node' }[resource] ?? resource;
  const asked = split(info.name);
  if (asked === undefined) throw badRequest(`invalid ${singular} request ${JSON.stringify(info.name)}`);
  const { name, scheme } = asked;
  const [, rest] = /^.*?\/(?:pods|services|nodes)\/[^/]+\/proxy(.*)$/s.exec(request.path) ?? [];
  const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
  const path = `${rest === undefined || rest === '' ? '/' : rest}${query}`;
  const redirect =
    (rest ?? '') === '' && (request.method === 'GET' || request.method === 'HEAD')
      ? `${request.path}/${query}`
      : undefined;
  const found = cluster.registry.get(target, resource === 'nodes' ? '' : namespace, name);
  const to = {
    kind: 'proxy' as const,
    redirect,
    path,
    scheme: scheme === '' ? 'http' : scheme,
    uid: undefined,
    node: undefined,
  };
  if (resource === 'nodes') {
    const gone = unreachable(cluster, name);
    if (!cluster.hasContainers) throw badRequest('address not allowed');
    if (gone !== undefined) throw unavailable(`error trying to reach service: ${gone}`);
    return { ...to, address: name, node: name, port: asked.port === '' ? 10_250 : Number(asked.port) };
  }
  if (resource === 'pods') {
    const pod = found as Pod;
    const address = pod.status?.podIP ?? '';
    if (address === '') throw badRequest('address not allowed');
    const declared = pod.spec?.containers.find((container) => (container.ports ?? []).length > 0)?.ports?.[0]
      ?.containerPort;
    const port = asked.port === '' ? (declared ?? 80) : Number(asked.port);
    if (port > 65_535)
      throw unavailable(`error trying to reach service: dial tcp: address ${asked.port}: invalid port`);
    return { ...to, address, uid: pod.metadata.uid, port: Number.isNaN(port) ? 0 : port };
  }
  const service = found as Service;
  let portName = asked.port;
  if (/^\d+$/.test(asked.port)) {
    const port = service.spec?.ports?.find((one) => one.port === Number(asked.port));
    if (port === undefined)
      throw unavailable(`no service port ${asked.port} found for service ${JSON.stringify(name)}`);
    portName = port.name ?? '';
  }
  const targets = targetsOf(cluster.store, service, portName);
  const backend = targets.find(({ endpoint }) => endpoint.conditions?.ready !== false);
  if (backend === undefined) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  const pod = cluster.store.list<Pod>('pods', namespace).find((one) => one.status?.podIP === backend.address);
  return { ...to, address: backend.address, uid: pod?.metadata.uid, port: backend.port };
}
