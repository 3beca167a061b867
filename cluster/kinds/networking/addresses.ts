/** Where Services' addresses come from, as objects. */
import { invalid, path, required, type FieldError } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import { dns1123Subdomain, IMMUTABLE, pathSegment } from '../../api/names.ts';
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { strictCidrErrors, strictIpErrors } from './ip-warnings.ts';
import { parseCidr } from './ip.ts';

export type IpAddress = KubeObject & {
  spec?: { parentRef?: { group?: string; resource?: string; namespace?: string; name?: string } };
};
export type ServiceCidr = KubeObject & { spec?: { cidrs?: string[] }; status?: { conditions?: unknown[] } };

function parentErrors({ spec }: IpAddress): FieldError[] {
  const at = path('spec', 'parentRef');
  if (!spec?.parentRef) return [required(at)];
  const { group = '', resource = '', namespace = '', name = '' } = spec.parentRef;
  const segment = (field: string, value: string, needed: boolean) => {
    if (value === '') return needed ? [required(at.child(field))] : [];
    return pathSegment(value).map((detail) => invalid(at.child(field), value, detail));
  };
  return [
    ...(group === '' ? [] : dns1123Subdomain(group)).map((detail) => invalid(at.child('group'), group, detail)),
    ...segment('resource', resource, true),
    ...segment('name', name, true),
    ...segment('namespace', namespace, false),
  ];
}

/** As the server holds it. */
function shownParent({ spec }: IpAddress) {
  if (!spec?.parentRef) return null;
  const { group = '', resource = '', namespace = '', name = '' } = spec.parentRef;
  return { Group: group, Resource: resource, Namespace: namespace, Name: name };
}

/** An address is named by itself. */
const nameErrors = ({ metadata: { name, generateName = '' } }: IpAddress): FieldError[] => [
  ...(generateName === '' ? [] : strictIpErrors(generateName, path('metadata', 'generateName'))),
  ...(name ? strictIpErrors(name, path('metadata', 'name')) : []),
];

export const ipAddress: Kind<IpAddress> = {
  resource: 'ipaddresses.networking.k8s.io',
  nameFormat: 'pathSegment',
  validate: (object) => [...nameErrors(object), ...parentErrors(object)],
  validateUpdate: (object, old) => [
    ...parentErrors(object),
    ...(equal(object.spec?.parentRef, old.spec?.parentRef)
      ? []
      : [invalid(path('spec', 'parentRef'), shownParent(object), IMMUTABLE)]),
  ],
  cells({ metadata, spec }) {
    const { group, resource = '', namespace, name = '' } = spec?.parentRef ?? {};
    const of = `${group ? `${resource}.${group}` : resource}${namespace ? `/${namespace}` : ''}/${name}`;
    return [metadata.name, spec?.parentRef ? of.toLowerCase() : '<none>', metadata.creationTimestamp ?? null];
  },
};

function validate({ spec }: ServiceCidr): FieldError[] {
  const at = path('spec', 'cidrs');
  const cidrs = spec?.cidrs ?? [];
  if (cidrs.length === 0) return [required(at, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalid(at, { CIDRs: cidrs }, 'may only hold up to 2 values')];
  const errors = cidrs.flatMap((cidr, position) => strictCidrErrors(cidr, at.index(position)));
  const [one, other] = cidrs.map((cidr) => parseCidr(cidr)?.base.family);
  if (cidrs.length === 2 && one !== undefined && one === other) {
    const detail = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    errors.push(invalid(at, cidrs, detail));
  }
  return errors;
}

export const serviceCidr: Kind<ServiceCidr> = {
  resource: 'servicecidrs.networking.k8s.io',
  prepareForCreate(object) {
    object.status = {};
  },
  validate,
  validateUpdate(object, old) {
    const at = path('spec', 'cidrs');
    const [now = [], before = []] = [object.spec?.cidrs, old.spec?.cidrs];
    const changed = before.flatMap((cidr, position) =>
      cidr === now[position] ? [] : [invalid(at.index(position), now[position], IMMUTABLE)],
    );
    if (now.length === before.length) return changed;
    // a second family may come later
    if (before.length === 1 && now.length === 2) return [...changed, ...validate(object)];
    return [invalid(at, object.spec?.cidrs ?? null, IMMUTABLE)];
  },
  cells: ({ metadata, spec }) => [metadata.name, (spec?.cidrs ?? []).join(','), metadata.creationTimestamp ?? null],
};
