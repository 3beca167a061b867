/** Spellings of addresses and ranges: what old fields accept and warn of, new ones refuse. */
import { invalid, type FieldError, type Path } from '../../api/field.ts';
import { CIDR_PROBLEM, firstOf, IP_PROBLEM, parseCidr, parseIp, printCidr, printIp } from './ip.ts';

/** Numbers with leading zeros, IPv4 in IPv6 clothes: read in the old way only. */
const isStandard = (address: string): boolean =>
  address.includes(':') ? parseIp(address)?.family === 'IPv6' : !/(^|\.)0\d/.test(address);

/** Texts that are no address are a matter of validation. */
export function ipWarnings(value: string, at: Path): string[] {
  const ip = parseIp(value);
  if (!ip) return [];
  const canonical = printIp(ip);
  const shown = JSON.stringify(value);
  if (!isStandard(value)) {
    return [
      `${String(at)}: non-standard IP address ${shown} will be considered invalid in a future Kubernetes release: use "${canonical}"`,
    ];
  }
  if (ip.family === 'IPv4' || canonical === value) return [];
  return [`${String(at)}: IPv6 address ${shown} should be in RFC 5952 canonical format ("${canonical}")`];
}

export function cidrWarnings(value: string, at: Path): string[] {
  const cidr = parseCidr(value);
  if (!cidr) return [];
  const [address = '', bits = ''] = value.split('/');
  const shown = JSON.stringify(value);
  const canonical = printCidr(cidr);
  const warnings: string[] = [];
  if (firstOf(cidr) !== cidr.base.value) {
    const single = `${printIp(cidr.base)}/${cidr.base.family === 'IPv4' ? 32 : 128}`;
    warnings.push(
      `${String(at)}: CIDR value ${shown} is ambiguous in this context (should be "${canonical}" or "${single}"?)`,
    );
  }
  if (!isStandard(address) || /^0\d/.test(bits)) {
    warnings.push(
      `${String(at)}: non-standard CIDR value ${shown} will be considered invalid in a future Kubernetes release: use "${canonical}"`,
    );
  }
  const inFull = `${printIp(cidr.base)}/${bits}`;
  if (warnings.length === 0 && cidr.base.family === 'IPv6' && inFull !== value) {
    warnings.push(`${String(at)}: IPv6 CIDR value ${shown} should be in RFC 5952 canonical format ("${inFull}")`);
  }
  return warnings;
}

const leadingZero = (address: string) => /(^|[.:])0\d+(\.|$)/.test(address);

/** For fields that came later: one spelling only. */
export function strictIpErrors(value: string, at: Path): FieldError[] {
  const ip = parseIp(value);
  if (!ip) return [invalid(at, value, IP_PROBLEM)];
  if (leadingZero(value)) return [invalid(at, value, 'must not have leading 0s')];
  if (!isStandard(value)) return [invalid(at, value, 'must not be an IPv4-mapped IPv6 address')];
  return printIp(ip) === value ? [] : [invalid(at, value, `must be in canonical form ("${printIp(ip)}")`)];
}

export function strictCidrErrors(value: string, at: Path): FieldError[] {
  const cidr = parseCidr(value);
  if (!cidr) return [invalid(at, value, CIDR_PROBLEM)];
  const [address = '', bits = ''] = value.split('/');
  if (leadingZero(address) || /^0\d/.test(bits)) {
    return [invalid(at, value, 'must not have leading 0s in IP or prefix length')];
  }
  if (!isStandard(address)) return [invalid(at, value, 'must not have an IPv4-mapped IPv6 address')];
  if (firstOf(cidr) !== cidr.base.value) return [invalid(at, value, 'must not have bits set beyond the prefix length')];
  return printCidr(cidr) === value ? [] : [invalid(at, value, `must be in canonical form ("${printCidr(cidr)}")`)];
}
