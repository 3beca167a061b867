import { duplicate, invalid, notSupported, path, required, tooMany, type FieldError } from '../../api/field.ts';
import { dns1123Label } from '../../api/names.ts';
import type { EndpointSlice } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { IP_PROBLEM, parseIp } from '../networking/ip.ts';
import { PROTOCOLS } from '../networking/ports.ts';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAX_ADDRESSES = 100;
const MAX_ENDPOINTS = 1000;
/** Entries that kubectl lists before it says how many more there are. */
const SHOWN = 3;

function validate({ addressType, endpoints, ports }: EndpointSlice): FieldError[] {
  const errors: FieldError[] = [];
  if (!addressType) errors.push(required(path('addressType')));
  else if (!ADDRESS_TYPES.includes(addressType)) {
    errors.push(notSupported(path('addressType'), addressType, ADDRESS_TYPES));
  }
  const list = endpoints ?? [];
  if (list.length > MAX_ENDPOINTS) return [...errors, tooMany(path('endpoints'), list.length, MAX_ENDPOINTS)];
  for (const [position, { addresses }] of list.entries()) {
    const at = path('endpoints').index(position).child('addresses');
    if (!addresses?.length) errors.push(required(at, 'must contain at least 1 address'));
    else if (addresses.length > MAX_ADDRESSES) errors.push(tooMany(at, addresses.length, MAX_ADDRESSES));
    if (addressType === 'FQDN') continue;
    for (const [index, address] of (addresses ?? []).entries()) {
      const family = parseIp(address)?.family;
      if (family === undefined) errors.push(invalid(at.index(index), address, IP_PROBLEM));
      else if (family !== addressType) {
        errors.push(invalid(at.index(index), address, `must be an ${addressType} address`));
      }
    }
  }
  const names = new Set<string>();
  for (const [position, { name = '', protocol }] of (ports ?? []).entries()) {
    const at = path('ports').index(position);
    if (name !== '') errors.push(...dns1123Label(name).map((detail) => invalid(at.child('name'), name, detail)));
    if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    names.add(name);
    if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
      errors.push(notSupported(at.child('protocol'), protocol, PROTOCOLS));
    }
  }
  return errors;
}

function listText(entries: readonly string[]): string {
  if (entries.length === 0) return '<unset>';
  const text = entries.slice(0, SHOWN).join(',');
  return entries.length > SHOWN ? `${text} + ${entries.length - SHOWN} more...` : text;
}

export const endpointSlice: Kind<EndpointSlice> = {
  resource: 'endpointslices.discovery.k8s.io',
  defaults({ ports }) {
    for (const port of ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },
  validate,
  validateUpdate: (object, old) => [
    ...validate(object),
    ...(object.addressType === old.addressType
      ? []
      : [invalid(path('addressType'), object.addressType, 'field is immutable')]),
  ],
  cells: ({ metadata, addressType, endpoints, ports }) => [
    metadata.name,
    addressType,
    listText((ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port)))),
    listText((endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])),
    metadata.creationTimestamp ?? null,
  ],
};
