import { invalid, required, type FieldError, type Path } from '../../api/field.ts';
import { dns1035Label, dns1123Subdomain, pathSegment } from '../../api/names.ts';
import type { Ingress } from '../../api/types.ts';
import { portNameErrors, portNumberErrors } from './ports.ts';

export type Backend = NonNullable<NonNullable<Ingress['spec']>['defaultBackend']>;

/** A reference to an object of any kind. */
export function referenceErrors(
  { apiGroup, kind = '', name = '' }: { apiGroup?: string | null; kind?: string; name?: string },
  at: Path,
): FieldError[] {
  const segment = (field: string, value: string) =>
    value === ''
      ? [required(at.child(field))]
      : pathSegment(value).map((detail) => invalid(at.child(field), value, detail));
  return [
    // a reference keeps the group that it does not have
    ...(typeof apiGroup === 'string' ? dns1123Subdomain(apiGroup) : []).map((detail) =>
      invalid(at.child('apiGroup'), apiGroup, detail),
    ),
    ...segment('kind', kind),
    ...segment('name', name),
  ];
}

export function backendErrors({ resource, service }: Backend, at: Path): FieldError[] {
  if (resource && service) return [invalid(at, '', 'cannot set both resource and service backends')];
  if (resource) return referenceErrors(resource, at.child('resource'));
  if (!service) return [invalid(at, '', 'resource or service backend is required')];
  const namePath = at.child('service', 'name');
  const errors = service.name
    ? dns1035Label(service.name).map((detail) => invalid(namePath, service.name, detail))
    : [required(namePath)];
  const { name, number } = service.port ?? {};
  const port = at.child('service', 'port');
  if (name && number) errors.push(invalid(at, '', 'cannot set both port name & port number'));
  else if (name) errors.push(...portNameErrors(name, port.child('name')));
  else if (number) errors.push(...portNumberErrors(number, port.child('number')));
  else errors.push(required(at, 'port name or number is required'));
  return errors;
}
