import { forbidden, path } from '../../../api/field.ts';
import type { Service } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { cidrWarnings, ipWarnings } from '../../networking/ip-warnings.ts';
import { allocate } from './allocate.ts';
import { carryAllocated, dropUnneeded, syncClusterIps } from './change.ts';
import type { ServiceSpec } from './cluster-ip-fields.ts';
import { defaults } from './defaults.ts';
import { balancerStatusErrors, balancerStatusWarnings } from './status.ts';
import { TRAFFIC_POLICIES, validate, validateUpdate } from './validation.ts';

function externalIp({ spec = {}, status }: Service): string {
  const ips = spec.externalIPs ?? [];
  const none = ips.length > 0 ? ips.join(',') : '<none>';
  if (spec.type === 'ClusterIP' || spec.type === 'NodePort') return none;
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  if (spec.type !== 'LoadBalancer') return '<unknown>';
  const balanced = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  const all = [...new Set(balanced.filter((one) => one !== ''))].sort().concat(ips);
  return all.length > 0 ? all.join(',') : '<pending>';
}

const portsText = ({ ports = [] }: ServiceSpec) =>
  ports
    .map(({ port, nodePort, protocol }) => (nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`))
    .join(',') || '<none>';

export const selectorText = (selector: Record<string, string> | undefined): string =>
  Object.entries(selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',') || '<none>';

/** It means nothing where there is no cluster IP; a value that is none is for validation to refuse. */
function dropInternalTraffic(spec: ServiceSpec): void {
  const { type, internalTrafficPolicy = '' } = spec;
  if (type === 'ExternalName' && TRAFFIC_POLICIES.includes(internalTrafficPolicy)) delete spec.internalTrafficPolicy;
}

function warnings({ metadata, spec = {} }: Service): string[] {
  const sentences: string[] = [];
  const at = path('spec');
  const hints = 'service.kubernetes.io/topology-aware-hints';
  if (metadata.annotations?.[hints] !== undefined) {
    sentences.push(`annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  if (spec.clusterIP && spec.clusterIP !== 'None') {
    const clusterIPs = at.child('clusterIPs');
    sentences.push(...(spec.clusterIPs ?? []).flatMap((ip, i) => ipWarnings(ip, clusterIPs.index(i))));
  }
  if (spec.type === 'ClusterIP' && spec.clusterIP === 'None') {
    if (spec.loadBalancerIP) sentences.push('spec.loadBalancerIP is ignored for headless services');
    if (spec.externalIPs?.length) sentences.push('spec.externalIPs is ignored for headless services');
    if (spec.sessionAffinity !== 'None') sentences.push('spec.SessionAffinity is ignored for headless services');
  }
  sentences.push(
    ...(spec.externalIPs ?? []).flatMap((ip, i) => ipWarnings(ip, at.child('externalIPs').index(i))),
    ...ipWarnings(spec.loadBalancerIP ?? '', at.child('loadBalancerIP')),
    ...(spec.loadBalancerSourceRanges ?? []).flatMap((range, i) =>
      cidrWarnings(range, at.child('loadBalancerSourceRanges').index(i)),
    ),
  );
  if (spec.type === 'ExternalName' && spec.externalIPs?.length) {
    sentences.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (spec.type !== 'ExternalName' && spec.externalName) {
    sentences.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (spec.trafficDistribution === 'PreferClose') {
    sentences.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return sentences;
}

export const service: Kind<Service> = {
  resource: 'services',
  nameFormat: 'dns1035Label',
  createOnUpdate: true,
  defaults,
  prepareForCreate(object, context) {
    object.spec ??= {};
    syncClusterIps(object.spec, undefined);
    allocate(object, undefined, context);
    dropInternalTraffic(object.spec);
    object.status = { loadBalancer: {} };
  },
  prepareForUpdate(object, old, context) {
    const now = (object.spec ??= {});
    const before = old.spec ?? {};
    carryAllocated(now, before);
    syncClusterIps(now, before);
    allocate(object, old, context);
    dropUnneeded(object, before);
    dropInternalTraffic(now);
  },
  validate: (object) => validate(object),
  validateUpdate,
  validateStatusUpdate: ({ spec, status }, old) =>
    spec?.type !== 'LoadBalancer' && status?.loadBalancer?.ingress?.length
      ? [forbidden(path('status', 'loadBalancer', 'ingress'), "may only be used when `spec.type` is 'LoadBalancer'")]
      : balancerStatusErrors(status?.loadBalancer, old.status?.loadBalancer),
  warnings,
  statusWarnings: ({ status }) => balancerStatusWarnings(status?.loadBalancer),
  fields: ({ spec }) => ({ 'spec.clusterIP': spec?.clusterIP ?? '', 'spec.type': spec?.type ?? '' }),
  cells: (object) => [
    object.metadata.name,
    object.spec?.type ?? '',
    object.spec?.clusterIPs?.[0] ?? '<none>',
    externalIp(object),
    portsText(object.spec ?? {}),
    object.metadata.creationTimestamp ?? null,
    selectorText(object.spec?.selector),
  ],
};
