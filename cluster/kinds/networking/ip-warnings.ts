/** What is accepted of addresses and ranges today, and will not be one day. */
import type { Path } from '../../api/field.ts';
import { firstOf, parseCidr, parseIp, printCidr, printIp } from './ip.ts';

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
      `${at}: non-standard IP address ${shown} will be considered invalid in a future Kubernetes release: use "${canonical}"`,
    ];
  }
  if (ip.family === 'IPv4' || canonical === value) return [];
  return [`${at}: IPv6 address ${shown} should be in RFC 5952 canonical format ("${canonical}")`];
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
    warnings.push(`${at}: CIDR value ${shown} is ambiguous in this context (should be "${canonical}" or "${single}"?)`);
  }
  if (!isStandard(address) || /^0\d/.test(bits)) {
    warnings.push(
      `${at}: non-standard CIDR value ${shown} will be considered invalid in a future Kubernetes release: use "${canonical}"`,
    );
  }
  const inFull = `${printIp(cidr.base)}/${bits}`;
  if (warnings.length === 0 && cidr.base.family === 'IPv6' && inFull !== value) {
    warnings.push(`${at}: IPv6 CIDR value ${shown} should be in RFC 5952 canonical format ("${inFull}")`);
  }
  return warnings;
}
