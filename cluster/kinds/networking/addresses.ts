/** Where Services' addresses come from, as objects. */
import { invalid, path, required, type FieldError } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { CIDR_PROBLEM, parseCidr } from './ip.ts';

export type IpAddress = KubeObject & {
  spec?: { parentRef?: { group?: string; resource?: string; namespace?: string; name?: string } };
};
export type ServiceCidr = KubeObject & { spec?: { cidrs?: string[] }; status?: { conditions?: unknown[] } };

export const ipAddress: Kind<IpAddress> = {
  resource: 'ipaddresses.networking.k8s.io',
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
  return cidrs.flatMap((cidr, position) => (parseCidr(cidr) ? [] : [invalid(at.index(position), cidr, CIDR_PROBLEM)]));
}

export const serviceCidr: Kind<ServiceCidr> = {
  resource: 'servicecidrs.networking.k8s.io',
  prepareForCreate(object) {
    object.status = {};
  },
  validate,
  validateUpdate: (object, old) =>
    equal(object.spec, old.spec)
      ? []
      : [invalid(path('spec', 'cidrs'), object.spec?.cidrs ?? null, 'field is immutable')],
  cells: ({ metadata, spec }) => [metadata.name, (spec?.cidrs ?? []).join(','), metadata.creationTimestamp ?? null],
};
