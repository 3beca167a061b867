import {
  duplicate,
  invalid,
  notSupported,
  path,
  required,
  tooMany,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import { dns1123Label, dns1123Subdomain, qualifiedName } from '../../api/names.ts';
import type { EndpointSlice } from '../../api/types.ts';
import { endpointIpErrors } from '../core/service/validation.ts';
import type { Kind } from '../kind.ts';
import { IP_PROBLEM, parseIp } from '../networking/ip.ts';
import { PROTOCOLS } from '../networking/ports.ts';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAX_ADDRESSES = 100;
const MAX_ENDPOINTS = 1000;
/** Entries that kubectl lists before it says how many more there are. */
const SHOWN = 3;

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

function portsErrors(ports: EndpointSlice['ports']): FieldError[] {
  const names = new Set<string>();
  return (ports ?? []).flatMap(({ name = '', protocol, appProtocol }, position) => {
    const at = path('ports').index(position);
    const errors = name === '' ? [] : dns1123Label(name).map((detail) => invalid(at.child('name'), name, detail));
    if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    names.add(name);
    if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
      errors.push(notSupported(at.child('protocol'), protocol, PROTOCOLS));
    }
    if (appProtocol !== undefined) {
      errors.push(...qualifiedName(appProtocol).map((detail) => invalid(at.child('appProtocol'), appProtocol, detail)));
    }
    return errors;
  });
}

function addressErrors(address: string, addressType: string, at: Path, position: number): FieldError[] {
  const here = at.index(position);
  if (addressType === 'FQDN') return dns1123Subdomain(address).map((detail) => invalid(here, address, detail));
  const family = parseIp(address)?.family;
  if (family === undefined) return [invalid(here, address, IP_PROBLEM)];
  // the family is a matter of the list, and told of its path
  const wrong = family === addressType ? [] : [invalid(at, address, `must be an ${addressType} address`)];
  return [...wrong, ...endpointIpErrors(address, here)];
}

function endpointErrors({ addresses, nodeName, hostname }: Endpoint, addressType: string, at: Path): FieldError[] {
  const list = at.child('addresses');
  const errors: FieldError[] = [];
  if (!addresses?.length) errors.push(required(list, 'must contain at least 1 address'));
  else if (addresses.length > MAX_ADDRESSES) errors.push(tooMany(list, addresses.length, MAX_ADDRESSES));
  errors.push(...(addresses ?? []).flatMap((address, position) => addressErrors(address, addressType, list, position)));
  if (nodeName !== undefined) {
    errors.push(...dns1123Subdomain(nodeName).map((detail) => invalid(at.child('nodeName'), nodeName, detail)));
  }
  if (hostname !== undefined) {
    errors.push(...dns1123Label(hostname).map((detail) => invalid(at.child('hostname'), hostname, detail)));
  }
  return errors;
}

function validate({ addressType, endpoints, ports }: EndpointSlice): FieldError[] {
  const at = path('addressType');
  // without a type nothing else can be judged
  if (!addressType) return [required(at)];
  if (!ADDRESS_TYPES.includes(addressType)) return [notSupported(at, addressType, ADDRESS_TYPES)];
  const list = endpoints ?? [];
  const tooLong = list.length > MAX_ENDPOINTS ? [tooMany(path('endpoints'), list.length, MAX_ENDPOINTS)] : undefined;
  return [
    ...portsErrors(ports),
    ...(tooLong ??
      list.flatMap((one, position) => endpointErrors(one, addressType, path('endpoints').index(position)))),
  ];
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
