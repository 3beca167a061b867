import { X509Certificate } from 'node:crypto';
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  path,
  required,
  tooLong,
  type FieldError,
} from '../../api/field.ts';
import { ageText } from '../../api/durations.ts';
import { dns1123Label, dns1123Subdomain, MAX_SUBDOMAIN } from '../../api/names.ts';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
import { decodePem } from '../../x509/der.ts';
import { parseRequest } from '../../x509/request.ts';
import type { Kind, UpdateContext } from '../kind.ts';

type Status = NonNullable<CertificateSigningRequest['status']>;
type Condition = NonNullable<Status['conditions']>[number];

/** Seconds. */
const MIN_EXPIRATION = 600;
const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
/** What a person decides, in the `approval` subresource; the status is for the signer. */
const DECISIONS = ['Approved', 'Denied'];
/** Said only when true. */
const TRUE_ONLY = [...DECISIONS, 'Failed'];
/** A domain, a slash, and the longest name that a label and a subdomain make. */
const MAX_SIGNER_NAME = MAX_SUBDOMAIN + 1 + (MAX_SUBDOMAIN + 1 + 63);
const LEGACY_SIGNER = 'kubernetes.io/legacy-unknown';

function signerErrors(signerName: string): FieldError[] {
  const at = path('spec', 'signerName');
  if (signerName === '') return [required(at)];
  const [domain = '', name = '', ...rest] = signerName.split('/');
  if (rest.length > 0 || !signerName.includes('/')) {
    return [invalid(at, signerName, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  }
  const labels = domain.split('.');
  const problems = (parts: readonly string[], check: (text: string) => string[]) => {
    const wrong = parts.find((part) => check(part).length > 0);
    return wrong === undefined ? [] : check(wrong).map((one) => `validating label ${JSON.stringify(wrong)}: ${one}`);
  };
  const details = problems(labels, dns1123Label);
  if (labels.length < 2) details.push('should be a domain with at least two segments separated by dots');
  return [
    ...(domain.length > MAX_SUBDOMAIN ? [tooLong(at, MAX_SUBDOMAIN)] : []),
    ...details.map((detail) => invalid(at, domain, detail)),
    ...problems(name.split('.'), dns1123Subdomain).map((detail) => invalid(at, name, detail)),
    ...(signerName.length > MAX_SIGNER_NAME ? [tooLong(at, MAX_SIGNER_NAME)] : []),
  ];
}

/** Wrongs that an object already has may stay: rules came later than objects. */
function validateBoth(object: CertificateSigningRequest, old: CertificateSigningRequest | undefined): FieldError[] {
  return [...specErrors(object, old), ...conditionErrors(object, old), ...certificateErrors(object, old)];
}

function specErrors({ spec }: CertificateSigningRequest, old: CertificateSigningRequest | undefined): FieldError[] {
  const at = path('spec');
  const errors: FieldError[] = [];
  const usages: readonly string[] = spec?.usages ?? [];
  const request = parseRequest(Buffer.from(spec?.request ?? '', 'base64').toString());
  const problem = 'problem' in request ? request.problem : request.signatureProblem;
  if (problem !== undefined) errors.push(invalid(at.child('request'), spec?.request || null, problem));
  if (usages.length === 0) errors.push(required(at.child('usages')));
  for (const [position, usage] of usages.entries()) {
    const here = at.child('usages').index(position);
    const tolerated = old?.spec?.usages?.some((one) => !USAGES.includes(one)) ?? false;
    if (!tolerated && !USAGES.includes(usage)) errors.push(notSupported(here, usage, USAGES));
  }
  for (const [position, usage] of usages.entries()) {
    const tolerated = old !== undefined && new Set(old.spec?.usages).size < (old.spec?.usages?.length ?? 0);
    if (!tolerated && usages.indexOf(usage) < position) {
      errors.push(duplicate(at.child('usages').index(position), usage));
    }
  }
  if (spec?.signerName === LEGACY_SIGNER && old?.spec?.signerName !== LEGACY_SIGNER) {
    const detail = 'the legacy signerName is not allowed via this API version';
    errors.push(invalid(at.child('signerName'), LEGACY_SIGNER, detail));
  } else errors.push(...signerErrors(spec?.signerName ?? ''));
  const seconds = spec?.expirationSeconds;
  if (seconds !== undefined && seconds < MIN_EXPIRATION) {
    const detail = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.push(invalid(at.child('expirationSeconds'), seconds, detail));
  }
  return errors;
}

function conditionErrors(
  { status }: CertificateSigningRequest,
  old: CertificateSigningRequest | undefined,
): FieldError[] {
  const at = path('status', 'conditions');
  const before = old?.status?.conditions ?? [];
  const has = (wanted: string) => before.some(({ type }) => type === wanted);
  const both = DECISIONS.every(has);
  const repeated = new Set(before.map(({ type }) => type)).size < before.length;
  const seen = new Set<string>();
  return (status?.conditions ?? []).flatMap(({ type, status: value }, position) => {
    const here = at.index(position);
    const errors: FieldError[] = [];
    if (type === '' && !has('')) errors.push(required(here.child('type')));
    const choices = TRUE_ONLY.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (!value) errors.push(required(here.child('status')));
    else if (!choices.includes(value)) errors.push(notSupported(here.child('status'), value, choices));
    const other = type === 'Approved' ? 'Denied' : 'Approved';
    if (!both && DECISIONS.includes(type) && seen.has(other)) {
      errors.push(invalid(at, type, 'Approved and Denied conditions are mutually exclusive'));
    }
    if (!repeated && seen.has(type)) errors.push(duplicate(here.child('type'), type));
    seen.add(type);
    return errors;
  });
}

/** What a signer put there; undefined: as it should be. */
function certificateProblem(content: string): string | undefined {
  const text = Buffer.from(content, 'base64').toString();
  const labels = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label]) => label ?? '');
  const other = labels.find((label) => label !== 'CERTIFICATE');
  if (other !== undefined) return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(other)}`;
  if (!decodePem(text)) return 'must contain at least one CERTIFICATE PEM block';
  try {
    // all of them: each begins where the one before ended
    for (const block of text.split(/(?=-----BEGIN CERTIFICATE-----)/)) {
      if (block.startsWith('-----BEGIN')) void new X509Certificate(block);
    }
  } catch {
    return 'x509: malformed certificate';
  }
  return undefined;
}

function certificateErrors(
  { status }: CertificateSigningRequest,
  old: CertificateSigningRequest | undefined,
): FieldError[] {
  const content = status?.certificate ?? '';
  if (content === '' || content === old?.status?.certificate) return [];
  const problem = certificateProblem(content);
  return problem === undefined ? [] : [invalid(path('status', 'certificate'), '<certificate data>', problem)];
}

/** Dates what is new; a condition that says what it said keeps its date. */
function dated(conditions: readonly Condition[], old: readonly Condition[], now: string): Condition[] {
  return conditions.map((condition) => ({
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? now,
    lastTransitionTime:
      condition.lastTransitionTime ??
      old.find(({ type, status }) => type === condition.type && status === condition.status)?.lastTransitionTime ??
      now,
  }));
}

/** A signer may not touch what people decided: the old conditions stand, as long as there are as many. */
function keepDecisions(conditions: readonly Condition[], old: readonly Condition[]): Condition[] {
  return DECISIONS.reduce<Condition[]>((all, type) => {
    const kept = old.filter((one) => one.type === type);
    if (kept.length !== all.filter((one) => one.type === type).length) return all;
    const rest = kept.values();
    return all.map((one) => (one.type === type ? (rest.next().value ?? one) : one));
  }, Array.from(conditions));
}

function prepareForStatusUpdate(
  object: CertificateSigningRequest,
  old: CertificateSigningRequest,
  { clock, subresource }: UpdateContext,
): void {
  const before = old.status?.conditions ?? [];
  const now = timeText(clock.now());
  const asked = object.status?.conditions ?? [];
  const conditions = dated(subresource === 'approval' ? asked : keepDecisions(asked, before), before, now);
  const { conditions: _asked, ...status } =
    (subresource === 'approval' ? structuredClone(old.status) : object.status) ?? {};
  object.status = { ...status, ...(conditions.length > 0 ? { conditions } : {}) };
}

function validateUpdate(
  object: CertificateSigningRequest,
  old: CertificateSigningRequest,
  { subresource }: UpdateContext,
): FieldError[] {
  const { status } = object;
  const at = path('status', 'conditions');
  const errors = validateBoth(object, old);
  const count = (of: Status | undefined, type: string) =>
    (of?.conditions ?? []).filter((condition) => condition.type === type).length;
  for (const type of TRUE_ONLY) {
    if (count(status, type) < count(old.status, type)) {
      errors.push(forbidden(at, `updates may not remove a condition of type "${type}"`));
    }
  }
  for (const type of subresource === 'approval' ? [] : DECISIONS) {
    if (count(status, type) > count(old.status, type)) {
      errors.push(forbidden(at, `updates may not add a condition of type "${type}"`));
    }
  }
  const certificate = old.status?.certificate ?? '';
  if ((status?.certificate ?? '') !== certificate) {
    const content = path('status', 'certificate');
    if (subresource !== 'status') errors.push(forbidden(content, 'updates may not set certificate content'));
    else if (certificate !== '') {
      errors.push(forbidden(content, 'updates may not modify existing certificate content'));
    }
  }
  return errors;
}

function conditionText({ status }: CertificateSigningRequest): string {
  const has = (wanted: string) => status?.conditions?.some(({ type }) => type === wanted);
  const states = ['Pending'];
  if (has('Approved')) states[0] = 'Approved';
  if (has('Denied')) states[0] = 'Denied';
  if (has('Failed')) states.push('Failed');
  if (status?.certificate) states.push('Issued');
  return states.join(',');
}

export const certificateSigningRequest: Kind<CertificateSigningRequest> = {
  resource: 'certificatesigningrequests.certificates.k8s.io',
  prepareForCreate(object) {
    object.status = {};
  },
  prepareForUpdate(object, old) {
    object.spec = structuredClone(old.spec);
  },
  prepareForStatusUpdate,
  nameFormat: 'pathSegment',
  validate: (object) => validateBoth(object, undefined),
  validateUpdate,
  validateStatusUpdate: validateUpdate,
  fields: ({ spec }) => ({ 'spec.signerName': spec?.signerName ?? '' }),
  cells: (object) => [
    object.metadata.name,
    object.metadata.creationTimestamp ?? null,
    object.spec?.signerName || '<none>',
    object.spec?.username ?? '',
    object.spec?.expirationSeconds === undefined ? '<none>' : ageText(object.spec.expirationSeconds * 1000),
    conditionText(object),
  ],
};
