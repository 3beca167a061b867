/** clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy say the same thing in four ways: here they are checked against each other. */
import { duplicate, invalid, notSupported, path, required, type FieldError } from '../../../api/field.ts';
import type { Service } from '../../../api/types.ts';
import { IP_PROBLEM, parseIp } from '../../networking/ip.ts';

export type ServiceSpec = NonNullable<Service['spec']>;

const FAMILIES = ['IPv4', 'IPv6'];
const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

const spec = path('spec');
const clusterIPs = spec.child('clusterIPs');

export const isHeadless = ({ clusterIPs: ips }: ServiceSpec): boolean => ips?.length === 1 && ips[0] === 'None';
/** As the server prints a list: null when there is none. */
const shown = (list: readonly string[] | undefined) => (list?.length ? list : null);

function syncErrors({ clusterIP, clusterIPs: ips = [] }: ServiceSpec): FieldError[] {
  if (!clusterIP) {
    return ips.length === 0 ? [] : [invalid(clusterIPs, ips, 'must be empty when `clusterIP` is not specified')];
  }
  if (ips.length === 0) return [required(clusterIPs)];
  return ips[0] === clusterIP ? [] : [invalid(clusterIPs, ips, 'first value must match `clusterIP`')];
}

function familyErrors({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): FieldError[] {
  const errors = ipFamilies.flatMap((family, position) => {
    const at = spec.child('ipFamilies').index(position);
    return [
      ...(FAMILIES.includes(family) ? [] : [notSupported(at, family, FAMILIES)]),
      ...(ipFamilies.indexOf(family) < position ? [duplicate(at, family)] : []),
    ];
  });
  if (ipFamilyPolicy !== undefined && !POLICIES.includes(ipFamilyPolicy)) {
    errors.push(notSupported(spec.child('ipFamilyPolicy'), ipFamilyPolicy, POLICIES));
  }
  return errors;
}

function addressErrors(ips: readonly string[], known: readonly string[]): { errors: FieldError[]; broken: boolean } {
  const errors: FieldError[] = [];
  for (const [position, ip] of ips.entries()) {
    if (position === 0 && ip === 'None') {
      if (ips.length > 1) errors.push(invalid(clusterIPs, ips, "'None' must be the first and only value"));
    } else if (!known.includes(ip) && !parseIp(ip)) errors.push(invalid(clusterIPs.index(position), ip, IP_PROBLEM));
  }
  const broken = errors.length > 0;
  if (ips.length > 2) errors.push(invalid(clusterIPs, ips, 'may only hold up to 2 values'));
  return { errors, broken };
}

export function clusterIpFieldErrors(now: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  if (now.type === 'ExternalName') return [];
  const ips = now.clusterIPs ?? [];
  const { errors: malformed, broken } = addressErrors(ips, old?.clusterIPs ?? []);
  const errors = [...syncErrors(now), ...familyErrors(now), ...malformed];
  if (broken) return errors;
  const families = ips.map((ip) => parseIp(ip)?.family);
  if (ips.length > 1 && new Set(families).size < 2) {
    errors.push(invalid(clusterIPs, ips, 'may specify no more than one IP for each IP family'));
  }
  if (isHeadless(now)) return errors;
  for (const [position, ip] of ips.entries()) {
    const expected = now.ipFamilies?.[position];
    if (expected === undefined || !FAMILIES.includes(expected) || expected === families[position]) continue;
    const detail = `expected an ${expected} value as indicated by \`ipFamilies[${position}]\``;
    errors.push(invalid(clusterIPs.index(position), ip, detail));
  }
  return errors;
}

/** The first address stays for life, unless the Service is or becomes an ExternalName. */
export function clusterIpChangeErrors(now: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (now.type === 'ExternalName' || old.type === 'ExternalName') return [];
  if (isHeadless(now) && isHeadless(old)) return [];
  const before = old.clusterIPs ?? [];
  const after = now.clusterIPs ?? [];
  const changed = (position: number) => invalid(clusterIPs.index(position), shown(after), 'may not change once set');
  if (before.length === after.length) {
    return before.flatMap((ip, position) => (ip === after[position] ? [] : [changed(position)]));
  }
  const errors: FieldError[] = [];
  if (after.length === 0) {
    errors.push(invalid(clusterIPs.index(0), shown(after), 'primary clusterIP can not be unset'));
  } else if (before.length > 0 && before[0] !== after[0]) errors.push(changed(0));
  if (before.length > after.length && after.length === 1 && now.ipFamilyPolicy !== 'SingleStack') {
    const detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    errors.push(invalid(spec.child('ipFamilyPolicy'), now.ipFamilyPolicy, detail));
  }
  return errors;
}

/** So does the first family. */
export function familyChangeErrors(now: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (now.type === 'ExternalName' || old.type === 'ExternalName') return [];
  if (isHeadless(now) || isHeadless(old)) return [];
  const before = old.ipFamilies ?? [];
  const after = now.ipFamilies ?? [];
  const at = spec.child('ipFamilies').index(0);
  if (before.length === after.length) {
    return before.flatMap((family, position) =>
      family === after[position] ? [] : [invalid(at, after, 'may not change once set')],
    );
  }
  const errors: FieldError[] = [];
  const released = before.length > after.length;
  if (released && !now.clusterIPs?.length) errors.push(invalid(at, shown(after), 'primary ipFamily can not be unset'));
  // the value shown is the addresses': so does the real server
  if (before.length > 0 && after.length > 0 && before[0] !== after[0]) {
    errors.push(invalid(at, shown(now.clusterIPs), 'may not change once set'));
  }
  if (released && after.length === 1 && now.ipFamilyPolicy !== 'SingleStack') {
    const detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
    errors.push(invalid(spec.child('ipFamilyPolicy'), now.ipFamilyPolicy, detail));
  }
  return errors;
}
