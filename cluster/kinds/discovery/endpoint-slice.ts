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
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from '../../api/names.ts';
import { equal } from '../../api/merge.ts';
import type { EndpointSlice } from '../../api/types.ts';
import { endpointIpErrors } from '../core/service/validation.ts';
import type { Kind } from '../kind.ts';
import { ipWarnings, strictIpErrors } from '../networking/ip-warnings.ts';
import { IP_PROBLEM, parseIp } from '../networking/ip.ts';
import { PROTOCOLS } from '../networking/ports.ts';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAX_ADDRESSES = 100;
const MAX_ENDPOINTS = 1000;
/** Of each kind. */
const MAX_HINTS = 8;
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

/** A full name, with a dot at its end or without. */
function domainErrors(name: string, at: Path): FieldError[] {
  if (name === '') return [required(at)];
  const bare = name.replace(/\.$/, '');
  const problems = dns1123Subdomain(bare);
  if (problems.length > 0) return [invalid(at, bare, problems.join(','))];
  const labels = bare.split('.');
  if (labels.length < 2) return [invalid(at, bare, 'should be a domain with at least two segments separated by dots')];
  return labels.flatMap((label) => dns1123Label(label).map((detail) => invalid(at, label, detail)));
}

/** Each once, and not too many: more than that are not looked at. */
function hintErrors({ forZones = [], forNodes = [] }: NonNullable<Endpoint['hints']>, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  for (const [field, hints, check] of [
    ['forZones', forZones, labelValue],
    ['forNodes', forNodes, dns1123Subdomain],
  ] as const) {
    const list = at.child(field);
    if (hints.length > MAX_HINTS) return [...errors, tooMany(list, hints.length, MAX_HINTS)];
    for (const [position, { name = '' }] of hints.entries()) {
      const here = list.index(position).child('name');
      if (hints.findIndex((hint) => (hint.name ?? '') === name) < position) errors.push(duplicate(here, name));
      errors.push(...check(name).map((detail) => invalid(here, name, detail)));
    }
  }
  return errors;
}

function addressErrors(address: string, addressType: string, at: Path, position: number): FieldError[] {
  const here = at.index(position);
  if (addressType === 'FQDN') return domainErrors(address, here);
  if (!ADDRESS_TYPES.includes(addressType)) return [];
  const family = parseIp(address)?.family;
  // IPv6 came later, when one spelling was accepted only
  const malformed = addressType === 'IPv6' ? strictIpErrors(address, here) : [];
  if (malformed.length > 0) return malformed;
  if (family === undefined) return [invalid(here, address, IP_PROBLEM)];
  // the family is a matter of the list, and told of its path
  const wrong = family === addressType ? [] : [invalid(at, address, `must be an ${addressType} address`)];
  return [...wrong, ...endpointIpErrors(address, here)];
}

function endpointErrors(
  { addresses, nodeName, hostname, hints }: Endpoint,
  addressType: string,
  at: Path,
): FieldError[] {
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
  if (hints) errors.push(...hintErrors(hints, at.child('hints')));
  return errors;
}

function validate({ addressType, endpoints, ports }: EndpointSlice, old?: EndpointSlice): FieldError[] {
  const at = path('addressType');
  const ofType = addressType
    ? ADDRESS_TYPES.includes(addressType)
      ? []
      : [notSupported(at, addressType, ADDRESS_TYPES)]
    : [required(at)];
  const list = endpoints ?? [];
  const tooLong = list.length > MAX_ENDPOINTS ? [tooMany(path('endpoints'), list.length, MAX_ENDPOINTS)] : undefined;
  return [
    ...ofType,
    ...portsErrors(ports),
    // what was stored once may stay as it is
    ...(old && equal(endpoints, old.endpoints)
      ? []
      : (tooLong ??
        list.flatMap((one, position) => endpointErrors(one, addressType ?? '', path('endpoints').index(position))))),
  ];
}

function listText(entries: readonly string[]): string {
  if (entries.length === 0) return '<unset>';
  const text = entries.slice(0, SHOWN).join(',');
  return entries.length > SHOWN ? `${text} + ${entries.length - SHOWN} more...` : text;
}

/** A field of the version before v1. */
function dropTopology(object: EndpointSlice): void {
  for (const endpoint of object.endpoints ?? []) delete endpoint.deprecatedTopology;
}

const CONTROLLERS = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

function warnings({ metadata, addressType, endpoints }: EndpointSlice, old?: EndpointSlice): string[] {
  // the controllers' own are clean
  const own = CONTROLLERS.includes(metadata.labels?.['endpointslice.kubernetes.io/managed-by'] ?? '');
  return [
    ...(!old && addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
    ...(own ? [] : (endpoints ?? [])).flatMap(({ addresses }, position) =>
      (addresses ?? []).flatMap((address, i) =>
        ipWarnings(address, path('endpoints').index(position).child('addresses').index(i)),
      ),
    ),
  ];
}

export const endpointSlice: Kind<EndpointSlice> = {
  resource: 'endpointslices.discovery.k8s.io',
  defaults({ ports }) {
    for (const port of ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },
  prepareForCreate: dropTopology,
  prepareForUpdate(object, old) {
    if (!equal(object.endpoints, old.endpoints)) dropTopology(object);
    const { labels = {} } = object.metadata;
    // labels count as well
    if (!equal(labels, old.metadata.labels ?? {})) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: (object) => validate(object),
  warnings,
  validateUpdate: (object, old) => [
    ...validate(object, old),
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
