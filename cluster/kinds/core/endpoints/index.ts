import { invalid, notSupported, path, required, type FieldError, type Path } from '../../../api/field.ts';
import { dns1123Label, dns1123Subdomain, qualifiedName } from '../../../api/names.ts';
import { equal } from '../../../api/merge.ts';
import type { Endpoints } from '../../../api/types.ts';
import { ipWarnings } from '../../networking/ip-warnings.ts';
import { IP_PROBLEM, parseIp } from '../../networking/ip.ts';
import { portNumberErrors, PROTOCOLS } from '../../networking/ports.ts';
import type { Kind } from '../../kind.ts';
import { endpointIpErrors } from '../service/validation.ts';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];
type Port = NonNullable<Subset['ports']>[number];

/** Endpoints that kubectl lists before it says how many more there are. */
const SHOWN = 3;

function addressErrors({ ip, hostname, nodeName }: Address, at: Path): FieldError[] {
  const errors = parseIp(ip) ? [] : [invalid(at.child('ip'), ip, IP_PROBLEM)];
  if (hostname) errors.push(...dns1123Label(hostname).map((detail) => invalid(at.child('hostname'), hostname, detail)));
  if (nodeName !== undefined) {
    errors.push(...dns1123Subdomain(nodeName).map((detail) => invalid(at.child('nodeName'), nodeName, detail)));
  }
  return [...errors, ...endpointIpErrors(ip, at.child('ip'))];
}

function portErrors({ name = '', port, protocol = '', appProtocol }: Port, named: boolean, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (name !== '') errors.push(...dns1123Label(name).map((detail) => invalid(at.child('name'), name, detail)));
  else if (named) errors.push(required(at.child('name')));
  errors.push(...portNumberErrors(port, at.child('port')));
  if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(at.child('protocol'), protocol, PROTOCOLS));
  if (appProtocol !== undefined) {
    errors.push(...qualifiedName(appProtocol).map((detail) => invalid(at.child('appProtocol'), appProtocol, detail)));
  }
  return errors;
}

function validate({ subsets = [] }: Endpoints): FieldError[] {
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, position) => {
    const at = path('subsets').index(position);
    const none = addresses.length === 0 && notReadyAddresses.length === 0;
    return [
      ...(none ? [required(at, 'must specify `addresses` or `notReadyAddresses`')] : []),
      ...addresses.flatMap((one, index) => addressErrors(one, at.child('addresses').index(index))),
      ...notReadyAddresses.flatMap((one, index) => addressErrors(one, at.child('notReadyAddresses').index(index))),
      ...ports.flatMap((one, index) => portErrors(one, ports.length > 1, at.child('ports').index(index))),
    ];
  });
}

function warnings({ metadata, subsets = [] }: Endpoints): string[] {
  // the controller's own are clean
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, position) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap(({ ip }, i) =>
        ipWarnings(ip, path('subsets').index(position).child(list).index(i).child('ip')),
      ),
    ),
  );
}

const hostPort = (ip: string, port: number) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

function endpointsText({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return '<none>';
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
  );
  const text = all.slice(0, SHOWN).join(',');
  return all.length > SHOWN ? `${text} + ${all.length - SHOWN} more...` : text;
}

export const endpoints: Kind<Endpoints> = {
  resource: 'endpoints',
  defaults(object) {
    for (const { ports = [] } of object.subsets ?? []) for (const port of ports) port.protocol ||= 'TCP';
  },
  validate,
  // what was stored once may stay as it is
  validateUpdate: (object, old) => (equal(object.subsets, old.subsets) ? [] : validate(object)),
  warnings,
  cells: (object) => [object.metadata.name, endpointsText(object), object.metadata.creationTimestamp ?? null],
};
