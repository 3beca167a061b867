import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  path,
  required,
  type FieldError,
  type Path,
} from '../../../api/field.ts';
import { dns1123Label, dns1123Subdomain, qualifiedName, validateLabels } from '../../../api/names.ts';
import type { Service } from '../../../api/types.ts';
import { CIDR_PROBLEM, contains, IP_PROBLEM, parseCidr, parseIp } from '../../networking/ip.ts';
import { portErrors, portNumberErrors, PROTOCOLS } from '../../networking/ports.ts';
import {
  clusterIpChangeErrors,
  clusterIpFieldErrors,
  familyChangeErrors,
  isHeadless,
  type ServiceSpec,
} from './cluster-ip-fields.ts';
import { isExternallyAccessible } from './defaults.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES = ['ClientIP', 'None'];
export const TRAFFIC_POLICIES = ['Cluster', 'Local'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
/** Seconds. */
const MAX_AFFINITY_TIMEOUT = 86_400;
/** Addresses that would point an endpoint at the wrong place. */
const SPECIAL: [cidr: string, detail: (ip: string) => string][] = [
  ['0.0.0.0/32', (ip) => `may not be unspecified (${ip})`],
  ['::/128', (ip) => `may not be unspecified (${ip})`],
  ['127.0.0.0/8', () => 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['::1/128', () => 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['169.254.0.0/16', () => 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['fe80::/10', () => 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['224.0.0.0/24', () => 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
  ['ff02::/16', () => 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

const at = path('spec');
const problems = (field: Path, value: unknown, details: string[]) => details.map((one) => invalid(field, value, one));

/** For addresses that traffic is sent to. */
export function endpointIpErrors(ip: string, field: Path): FieldError[] {
  const parsed = parseIp(ip);
  if (!parsed) return [invalid(field, ip, 'must be a valid IP address')];
  return SPECIAL.flatMap(([range, detail]) => {
    const cidr = parseCidr(range);
    return cidr && contains(cidr, parsed) ? [invalid(field, ip, detail(ip))] : [];
  });
}

function typeErrors(spec: ServiceSpec): FieldError[] {
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') {
    if (!isHeadless(spec)) return [];
    const detail = `may not be set to 'None' for ${spec.type} services`;
    return [invalid(at.child('clusterIPs').index(0), 'None', detail)];
  }
  if (spec.type !== 'ExternalName') return [];
  const errors: FieldError[] = [];
  for (const field of ['clusterIPs', 'ipFamilies'] as const) {
    if (spec[field]?.length) errors.push(forbidden(at.child(field), 'may not be set for ExternalName services'));
  }
  if (spec.ipFamilyPolicy !== undefined) {
    errors.push(forbidden(at.child('ipFamilyPolicy'), 'may not be set for ExternalName services'));
  }
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  const here = at.child('externalName');
  return [...errors, ...(name === '' ? [required(here)] : problems(here, name, dns1123Subdomain(name)))];
}

function portsErrors(spec: ServiceSpec): FieldError[] {
  const ports = spec.ports ?? [];
  const names = new Set<string>();
  return ports.flatMap((port, position) => {
    const here = at.child('ports').index(position);
    const errors: FieldError[] = [];
    const name = port.name ?? '';
    if (name !== '') {
      errors.push(...problems(here.child('name'), name, dns1123Label(name)));
      if (names.has(name)) errors.push(duplicate(here.child('name'), name));
      names.add(name);
    } else if (ports.length > 1) errors.push(required(here.child('name')));
    errors.push(...portNumberErrors(port.port, here.child('port')));
    if (!port.protocol) errors.push(required(here.child('protocol')));
    else if (!PROTOCOLS.includes(port.protocol)) {
      errors.push(notSupported(here.child('protocol'), port.protocol, PROTOCOLS));
    }
    errors.push(...portErrors(port.targetPort, here.child('targetPort')));
    if (port.appProtocol !== undefined) {
      errors.push(...problems(here.child('appProtocol'), port.appProtocol, qualifiedName(port.appProtocol)));
    }
    return errors;
  });
}

function affinityErrors({ sessionAffinity, sessionAffinityConfig: config }: ServiceSpec): FieldError[] {
  if (!sessionAffinity) return [required(at.child('sessionAffinity'))];
  if (!AFFINITIES.includes(sessionAffinity)) {
    return [notSupported(at.child('sessionAffinity'), sessionAffinity, AFFINITIES)];
  }
  const timeout = config?.clientIP?.timeoutSeconds;
  if (sessionAffinity !== 'ClientIP' || timeout === undefined) return [];
  if (timeout > 0 && timeout <= MAX_AFFINITY_TIMEOUT) return [];
  const here = at.child('sessionAffinityConfig', 'clientIP', 'timeoutSeconds');
  return [invalid(here, timeout, `must be greater than 0 and less than ${MAX_AFFINITY_TIMEOUT}`)];
}

function externalIpErrors(spec: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  return (spec.externalIPs ?? []).flatMap((ip, position) => {
    const here = at.child('externalIPs').index(position);
    if (!old?.externalIPs?.includes(ip) && !parseIp(ip)) return [invalid(here, ip, IP_PROBLEM)];
    return endpointIpErrors(ip, here);
  });
}

function duplicatePorts(ports: NonNullable<ServiceSpec['ports']>): FieldError[] {
  const repeated = (key: (port: (typeof ports)[number]) => string | undefined) => {
    const keys = ports.map(key);
    return [...keys.entries()].filter(([position, one]) => one !== undefined && keys.indexOf(one) < position);
  };
  const here = at.child('ports');
  return [
    ...repeated(({ protocol, nodePort }) => (nodePort ? `${protocol}/${nodePort}` : undefined)).map(([position]) =>
      duplicate(here.index(position).child('nodePort'), ports[position]?.nodePort),
    ),
    ...repeated(({ protocol, port }) => `${protocol}/${port}`).map(([position]) => {
      const { protocol, port } = ports[position] ?? {};
      // the server prints its internal type, of which it compares two fields
      const shown = { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
      return duplicate(here.index(position), shown);
    }),
  ];
}

function loadBalancerErrors(spec: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  const only = "may only be used when `type` is 'LoadBalancer'";
  const balanced = spec.type === 'LoadBalancer';
  const errors: FieldError[] = [];
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const here = at.child('LoadBalancerSourceRanges');
  if (ranges.length > 0 && !balanced) errors.push(forbidden(here, only));
  for (const [position, range] of ranges.entries()) {
    if (old?.loadBalancerSourceRanges?.includes(range) || parseCidr(range.trim())) continue;
    errors.push(invalid(here.index(position), range.trim(), CIDR_PROBLEM));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !balanced) {
    errors.push(forbidden(at.child('allocateLoadBalancerNodePorts'), only));
  }
  return [...errors, ...classErrors(spec)];
}

function classErrors({ type, loadBalancerClass }: ServiceSpec): FieldError[] {
  const here = at.child('loadBalancerClass');
  if (loadBalancerClass === undefined) return [];
  if (type !== 'LoadBalancer') return [forbidden(here, "may only be used when `type` is 'LoadBalancer'")];
  return problems(here, loadBalancerClass, qualifiedName(loadBalancerClass));
}

export const needsHealthCheckPort = (spec: ServiceSpec): boolean =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';

function trafficErrors(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const external = spec.externalTrafficPolicy ?? '';
  const here = at.child('externalTrafficPolicy');
  if (!isExternallyAccessible(spec)) {
    if (external !== '') errors.push(invalid(here, external, 'may only be set for externally-accessible services'));
  } else if (!TRAFFIC_POLICIES.includes(external)) errors.push(notSupported(here, external, TRAFFIC_POLICIES));
  const healthCheck = at.child('healthCheckNodePort');
  if (needsHealthCheckPort(spec)) errors.push(...portNumberErrors(spec.healthCheckNodePort, healthCheck));
  else if (spec.healthCheckNodePort) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid(healthCheck, spec.healthCheckNodePort, detail));
  }
  const internal = spec.internalTrafficPolicy;
  if (internal !== undefined && !TRAFFIC_POLICIES.includes(internal)) {
    errors.push(notSupported(at.child('internalTrafficPolicy'), internal, TRAFFIC_POLICIES));
  }
  if (spec.trafficDistribution !== undefined && !DISTRIBUTIONS.includes(spec.trafficDistribution)) {
    errors.push(notSupported(at.child('trafficDistribution'), spec.trafficDistribution, DISTRIBUTIONS));
  }
  return errors;
}

export function validate(object: Service, old?: Service): FieldError[] {
  const spec = object.spec ?? {};
  const ports = spec.ports ?? [];
  const errors: FieldError[] = [];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') errors.push(required(at.child('ports')));
  errors.push(...typeErrors(spec), ...portsErrors(spec));
  if (spec.selector) errors.push(...validateLabels(spec.selector, at.child('selector')));
  errors.push(...affinityErrors(spec), ...clusterIpFieldErrors(spec, old?.spec), ...externalIpErrors(spec, old?.spec));
  if (!spec.type) errors.push(required(at.child('type')));
  else if (!TYPES.includes(spec.type)) errors.push(notSupported(at.child('type'), spec.type, TYPES));
  if (spec.type === 'ClusterIP') {
    for (const [position, { nodePort }] of ports.entries()) {
      const detail = "may not be used when `type` is 'ClusterIP'";
      if (nodePort) errors.push(forbidden(at.child('ports').index(position).child('nodePort'), detail));
    }
  }
  return [...errors, ...duplicatePorts(ports), ...loadBalancerErrors(spec, old?.spec), ...trafficErrors(spec)];
}

export function validateUpdate(object: Service, old: Service): FieldError[] {
  const now = object.spec ?? {};
  const before = old.spec ?? {};
  const errors = [...clusterIpChangeErrors(now, before), ...familyChangeErrors(now, before)];
  const balanced = before.type === 'LoadBalancer' && now.type === 'LoadBalancer';
  if (balanced && before.loadBalancerClass !== now.loadBalancerClass) {
    errors.push(invalid(at.child('loadBalancerClass'), now.loadBalancerClass, 'may not change once set'));
  }
  // asked here and again with everything else
  errors.push(...classErrors(now));
  const checked = needsHealthCheckPort(before) && needsHealthCheckPort(now);
  if (checked && before.healthCheckNodePort !== now.healthCheckNodePort) {
    errors.push(forbidden(at.child('healthCheckNodePort'), 'field is immutable'));
  }
  return [...errors, ...validate(object, old)];
}
