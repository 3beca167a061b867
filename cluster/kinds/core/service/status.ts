import { forbidden, invalid, notSupported, path, required, type FieldError } from '../../../api/field.ts';
import { dns1123Subdomain } from '../../../api/names.ts';
import type { Service } from '../../../api/types.ts';
import { ipWarnings } from '../../networking/ip-warnings.ts';
import { IP_PROBLEM, parseIp } from '../../networking/ip.ts';

type Balancer = NonNullable<Service['status']>['loadBalancer'];

const IP_MODES = ['Proxy', 'VIP'];
const at = path('status', 'loadBalancer', 'ingress');

export function balancerStatusErrors(balancer: Balancer, old: Balancer): FieldError[] {
  const known = (old?.ingress ?? []).map(({ ip }) => ip ?? '');
  return (balancer?.ingress ?? []).flatMap(({ ip = '', ipMode, hostname = '' }, position) => {
    const here = at.index(position);
    const errors: FieldError[] = [];
    if (ip !== '' && !known.includes(ip) && !parseIp(ip)) errors.push(invalid(here.child('ip'), ip, IP_PROBLEM));
    const mode = here.child('ipMode');
    if (ipMode === undefined) {
      if (ip !== '') errors.push(required(mode, 'must be specified when `ip` is set'));
    } else if (ip === '') errors.push(forbidden(mode, 'may not be specified when `ip` is not set'));
    else if (!IP_MODES.includes(ipMode)) errors.push(notSupported(mode, ipMode, IP_MODES));
    if (hostname === '') return errors;
    const name = here.child('hostname');
    errors.push(...dns1123Subdomain(hostname).map((detail) => invalid(name, hostname, detail)));
    if (parseIp(hostname)) errors.push(invalid(name, hostname, 'must be a DNS name, not an IP address'));
    return errors;
  });
}

export const balancerStatusWarnings = (balancer: Balancer): string[] =>
  (balancer?.ingress ?? []).flatMap(({ ip = '' }, position) => ipWarnings(ip, at.index(position)));
