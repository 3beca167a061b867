import { invalid, notSupported, path, required, type FieldError, type Path } from '../../api/field.ts';
import { dns1123Subdomain, wildcardDns1123Subdomain } from '../../api/names.ts';
import type { Ingress } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { backendErrors } from './ingress-backend.ts';
import { ipWarnings } from './ip-warnings.ts';
import { IP_PROBLEM, parseIp } from './ip.ts';

type Spec = NonNullable<Ingress['spec']>;
type Rule = NonNullable<Spec['rules']>[number];
type HttpPath = NonNullable<NonNullable<Rule['http']>['paths']>[number];

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const NOT_WITHIN = ['//', '/./', '/../', '%2f', '%2F'];
const NOT_AT_END = ['/..', '/.'];
const NO_ADDRESS = 'must be a DNS name, not an IP address';
const BALANCERS = path('status', 'loadBalancer', 'ingress');
/** Hosts that kubectl lists before it says how many more there are. */
const SHOWN = 3;

const problems = (at: Path, value: string, details: string[]) => details.map((detail) => invalid(at, value, detail));
const hostErrors = (host: string, at: Path) =>
  problems(at, host, host.includes('*') ? wildcardDns1123Subdomain(host) : dns1123Subdomain(host));

function pathErrors({ path: text = '', pathType, backend }: HttpPath, at: Path): FieldError[] {
  if (typeof pathType !== 'string') return [required(at.child('pathType'), 'pathType must be specified')];
  const here = at.child('path');
  const errors: FieldError[] = [];
  const absolute = text.startsWith('/');
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!absolute) errors.push(invalid(here, text, 'must be an absolute path'));
    for (const part of NOT_WITHIN.filter((one) => text.includes(one))) {
      errors.push(invalid(here, text, `must not contain '${part}'`));
    }
    for (const end of NOT_AT_END.filter((one) => text.endsWith(one))) {
      errors.push(invalid(here, text, `cannot end with '${end}'`));
    }
  } else if (pathType === 'ImplementationSpecific') {
    if (text !== '' && !absolute) errors.push(invalid(here, text, 'must be an absolute path'));
  } else errors.push(notSupported(at.child('pathType'), pathType, PATH_TYPES));
  return [...errors, ...backendErrors(backend ?? {}, at.child('backend'))];
}

function ruleErrors({ host, http }: Rule, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (host) {
    if (parseIp(host)) errors.push(invalid(at.child('host'), host, NO_ADDRESS));
    errors.push(...hostErrors(host, at.child('host')));
  }
  if (!http) return errors;
  const paths = at.child('http', 'paths');
  if (!http.paths?.length) errors.push(required(paths));
  return [...errors, ...(http.paths ?? []).flatMap((one, position) => pathErrors(one, paths.index(position)))];
}

function validate({ spec = {} }: Ingress): FieldError[] {
  const at = path('spec');
  const rules = spec.rules ?? [];
  const errors: FieldError[] = [];
  if (rules.length === 0 && !spec.defaultBackend) {
    errors.push(invalid(at, null, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (spec.defaultBackend) errors.push(...backendErrors(spec.defaultBackend, at.child('defaultBackend')));
  errors.push(...rules.flatMap((rule, position) => ruleErrors(rule, at.child('rules').index(position))));
  for (const [position, { hosts = [], secretName }] of (spec.tls ?? []).entries()) {
    const here = at.child('tls').index(position);
    errors.push(...hosts.flatMap((host, index) => hostErrors(host, here.child('hosts').index(index))));
    if (secretName) errors.push(...problems(here.child('secretName'), secretName, dns1123Subdomain(secretName)));
  }
  const className = spec.ingressClassName;
  if (className !== undefined) {
    errors.push(...problems(at.child('ingressClassName'), className, dns1123Subdomain(className)));
  }
  return errors;
}

function hostsText(rules: readonly Rule[]): string {
  const hosts = rules.map(({ host }) => host ?? '').filter((host) => host !== '');
  if (hosts.length === 0) return '*';
  // a rule without a host, once enough hosts are shown, makes for more as well
  const last = rules.findIndex(({ host }) => host === hosts[SHOWN - 1]);
  const more = hosts.length > SHOWN || (hosts.length === SHOWN && last < rules.length - 1);
  const text = hosts.slice(0, SHOWN).join(',');
  return more ? `${text} + ${rules.length - SHOWN} more...` : text;
}

export const ingress: Kind<Ingress> = {
  resource: 'ingresses.networking.k8s.io',
  prepareForCreate(object) {
    object.status = { loadBalancer: {} };
  },
  validate(object) {
    const errors = validate(object);
    const annotation = object.metadata.annotations?.[CLASS_ANNOTATION];
    const className = object.spec?.ingressClassName;
    if (annotation !== undefined && className !== undefined && annotation !== className) {
      const detail = 'must match `ingressClassName` when both are specified';
      errors.push(invalid(path('annotations', CLASS_ANNOTATION), annotation, detail));
    }
    return errors;
  },
  validateUpdate: validate,
  validateStatusUpdate: ({ status }, old) => {
    const known = (old.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
    return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '', hostname = '' }, position) => {
      const at = BALANCERS.index(position);
      const errors: FieldError[] = [];
      if (ip !== '' && !known.includes(ip) && !parseIp(ip)) errors.push(invalid(at.child('ip'), ip, IP_PROBLEM));
      if (hostname !== '') errors.push(...problems(at.child('hostname'), hostname, dns1123Subdomain(hostname)));
      if (parseIp(hostname)) errors.push(invalid(at.child('hostname'), hostname, NO_ADDRESS));
      return errors;
    });
  },
  statusWarnings: ({ status }) =>
    (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '' }, position) => ipWarnings(ip, BALANCERS.index(position))),
  warnings: ({ metadata, spec }, old) =>
    !old && spec?.ingressClassName === undefined && metadata.annotations?.[CLASS_ANNOTATION] !== undefined
      ? [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  cells({ metadata, spec, status }) {
    const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
    return [
      metadata.name,
      spec?.ingressClassName ?? '<none>',
      hostsText(spec?.rules ?? []),
      [...new Set(addresses.filter((one) => one !== ''))].sort().join(','),
      spec?.tls?.length ? '80, 443' : '80',
      metadata.creationTimestamp ?? null,
    ];
  },
};
