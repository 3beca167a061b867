/** A pod's resolver and its extra lines of /etc/hosts. */
import { isIP } from 'node:net';
import { invalid, required, type FieldError, type Path } from '../../api/field.ts';
import type { PodSpec } from '../../api/types.ts';
import { subdomain } from './scalars.ts';

/** What the resolvers of the common C libraries can take. */
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

/** Leading zeros are let through, as the real server does for old fields. */
const withoutZeros = (text: string) => (text.includes(':') ? text : text.replace(/\b0+(?=\d)/g, ''));
export const isAddress = (text: string): boolean => isIP(withoutZeros(text)) !== 0 && !text.includes('%');

export const validateAddress = (text: string, path: Path): FieldError[] =>
  isAddress(text) ? [] : [invalid(path, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];

const SEARCH_PART = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SEARCH = new RegExp(`^${SEARCH_PART}(\\.${SEARCH_PART})*$`);

function validateSearch(search: string, path: Path): FieldError[] {
  if (search === '.') return [];
  const name = search.replace(/\.$/, '');
  const errors: FieldError[] = [];
  if (name.length > 253) errors.push(invalid(path, name, 'must be no more than 253 characters'));
  if (!SEARCH.test(name))
    errors.push(
      invalid(
        path,
        name,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
      ),
    );
  return errors;
}

export function validateDns(spec: PodSpec, path: Path): FieldError[] {
  const config = spec.dnsConfig;
  const { nameservers = [], searches = [], options = [] } = config ?? {};
  if (spec.dnsPolicy === 'None') {
    if (!config) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if (nameservers.length === 0)
      return [required(path.child('nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  }
  const errors: FieldError[] = [];
  if (nameservers.length > MAX_NAMESERVERS)
    errors.push(
      invalid(path.child('nameservers'), nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`),
    );
  for (const [position, server] of nameservers.entries())
    errors.push(...validateAddress(server, path.child('nameservers').index(position)));
  if (searches.length > MAX_SEARCHES)
    errors.push(invalid(path.child('searches'), searches, `must not have more than ${MAX_SEARCHES} search paths`));
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS)
    errors.push(
      invalid(
        path.child('searches'),
        searches,
        `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`,
      ),
    );
  for (const [position, search] of searches.entries())
    errors.push(...validateSearch(search, path.child('searches').index(position)));
  for (const [position, { name }] of options.entries())
    if (!name) errors.push(required(path.child('options').index(position), 'must not be empty'));
  return errors;
}

export const validateHostAliases = (aliases: NonNullable<PodSpec['hostAliases']>, path: Path): FieldError[] =>
  aliases.flatMap(({ ip, hostnames }, position) => [
    ...validateAddress(ip, path.index(position).child('ip')),
    ...(hostnames ?? []).flatMap((name, which) =>
      subdomain(name, path.index(position).child('hostnames').index(which)),
    ),
  ]);
