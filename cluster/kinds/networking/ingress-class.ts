import {
  forbidden,
  invalid,
  notSupported,
  path,
  required,
  tooLong,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import { dns1123Label, dns1123Subdomain, regexProblem } from '../../api/names.ts';
import type { IngressClass } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { referenceErrors } from './ingress-backend.ts';

type Parameters = NonNullable<NonNullable<IngressClass['spec']>['parameters']>;

/** Letters. */
const MAX_CONTROLLER = 250;
const HTTP_PATH = String.raw`[A-Za-z0-9/\-._~%!$&'()*+,;=:]+`;
const SCOPES = ['Cluster', 'Namespace'];

function controllerErrors(controller: string, at: Path): FieldError[] {
  const long = controller.length > MAX_CONTROLLER ? [tooLong(at, MAX_CONTROLLER)] : [];
  if (controller === '') return [required(at)];
  const slash = controller.indexOf('/');
  const host = controller.slice(0, Math.max(slash, 0));
  const rest = controller.slice(slash + 1);
  if (slash < 0 || host === '' || rest === '') {
    return [...long, invalid(at, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const errors = [...long, ...dns1123Subdomain(host).map((detail) => invalid(at, host, detail))];
  if (!new RegExp(`^${HTTP_PATH}$`).test(rest)) errors.push(invalid(at, rest, regexProblem('Invalid path', HTTP_PATH)));
  return errors;
}

function parametersErrors(parameters: Parameters, at: Path): FieldError[] {
  const errors = referenceErrors(parameters, at);
  const { scope, namespace } = parameters;
  const here = at.child('namespace');
  if (scope === undefined) return [...errors, required(at.child('scope'))];
  if (!SCOPES.includes(scope)) return [...errors, notSupported(at.child('scope'), scope, SCOPES)];
  if (scope === 'Cluster') {
    return namespace === undefined ? errors : [...errors, forbidden(here, "`parameters.scope` is set to 'Cluster'")];
  }
  if (namespace === undefined) return [...errors, required(here, "`parameters.scope` is set to 'Namespace'")];
  return [...errors, ...dns1123Label(namespace).map((detail) => invalid(here, namespace, detail))];
}

function validate({ spec }: IngressClass): FieldError[] {
  const at = path('spec');
  return [
    ...controllerErrors(spec?.controller ?? '', at.child('controller')),
    ...(spec?.parameters ? parametersErrors(spec.parameters, at.child('parameters')) : []),
  ];
}

function parametersText({ apiGroup, kind, name }: Parameters): string {
  return apiGroup === undefined ? `${kind}/${name}` : `${kind}.${apiGroup}/${name}`;
}

export const ingressClass: Kind<IngressClass> = {
  resource: 'ingressclasses.networking.k8s.io',
  defaults({ spec }) {
    if (spec?.parameters) spec.parameters.scope ??= 'Cluster';
  },
  validate,
  validateUpdate: (object, old) => [
    ...(object.spec?.controller === old.spec?.controller
      ? []
      : [invalid(path('spec', 'controller'), object.spec?.controller ?? '', 'field is immutable')]),
    ...validate(object),
  ],
  cells: ({ metadata, spec }) => [
    metadata.name,
    spec?.controller ?? '',
    spec?.parameters ? parametersText(spec.parameters) : '<none>',
    metadata.creationTimestamp ?? null,
  ],
};
