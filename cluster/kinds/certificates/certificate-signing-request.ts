import { duplicate, forbidden, invalid, notSupported, path, required, type FieldError } from '../../api/field.ts';
import { ageText } from '../../api/durations.ts';
import { dns1123Label } from '../../api/names.ts';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
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

function signerErrors(signerName: string): FieldError[] {
  const at = path('spec', 'signerName');
  if (signerName === '') return [required(at)];
  const [domain = '', ...rest] = signerName.split('/');
  if (rest.length !== 1) {
    return [invalid(at, signerName, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  }
  const labels = domain.split('.');
  const wrong = labels.find((label) => dns1123Label(label).length > 0);
  const details = wrong === undefined ? [] : dns1123Label(wrong).map((one) => `validating label "${wrong}": ${one}`);
  if (labels.length < 2) details.push('should be a domain with at least two segments separated by dots');
  return details.map((detail) => invalid(at, domain, detail));
}

function validate({ spec }: CertificateSigningRequest): FieldError[] {
  const at = path('spec');
  const errors: FieldError[] = [];
  const usages: readonly string[] = spec?.usages ?? [];
  const pem = Buffer.from(spec?.request ?? '', 'base64').toString();
  if (/^-----BEGIN ([^-]+)-----$/m.exec(pem)?.[1] !== 'CERTIFICATE REQUEST') {
    errors.push(invalid(at.child('request'), spec?.request ?? '', 'PEM block type must be CERTIFICATE REQUEST'));
  }
  if (usages.length === 0) errors.push(required(at.child('usages')));
  for (const [position, usage] of usages.entries()) {
    const here = at.child('usages').index(position);
    if (!USAGES.includes(usage)) errors.push(notSupported(here, usage, USAGES));
  }
  for (const [position, usage] of usages.entries()) {
    if (usages.indexOf(usage) < position) errors.push(duplicate(at.child('usages').index(position), usage));
  }
  errors.push(...signerErrors(spec?.signerName ?? ''));
  const seconds = spec?.expirationSeconds;
  if (seconds !== undefined && seconds < MIN_EXPIRATION) {
    const detail = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.push(invalid(at.child('expirationSeconds'), seconds, detail));
  }
  return errors;
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

function prepareForStatusUpdate(
  object: CertificateSigningRequest,
  old: CertificateSigningRequest,
  { clock, subresource }: UpdateContext,
): void {
  const before = old.status?.conditions ?? [];
  const conditions = dated(object.status?.conditions ?? [], before, timeText(clock.now()));
  const status = subresource === 'approval' ? structuredClone(old.status) : object.status;
  object.status = { ...status, ...(conditions.length > 0 ? { conditions } : {}) };
}

function validateStatusUpdate(
  { status }: CertificateSigningRequest,
  old: CertificateSigningRequest,
  { subresource }: UpdateContext,
): FieldError[] {
  const at = path('status', 'conditions');
  const errors: FieldError[] = [];
  const count = (of: Status | undefined, type: string) =>
    (of?.conditions ?? []).filter((condition) => condition.type === type).length;
  if (DECISIONS.every((type) => count(status, type) > 0)) {
    const last = (status?.conditions ?? []).findLast(({ type }) => DECISIONS.includes(type))?.type;
    errors.push(invalid(at, last, 'Approved and Denied conditions are mutually exclusive'));
  }
  for (const type of [...DECISIONS, 'Failed']) {
    if (count(status, type) < count(old.status, type)) {
      errors.push(forbidden(at, `updates may not remove a condition of type "${type}"`));
    }
  }
  for (const type of subresource === 'approval' ? [] : DECISIONS) {
    if (count(status, type) > count(old.status, type)) {
      errors.push(forbidden(at, `updates may not add a condition of type "${type}"`));
    }
  }
  const certificate = old.status?.certificate;
  if (certificate !== undefined && status?.certificate !== certificate) {
    errors.push(forbidden(path('status', 'certificate'), 'updates may not modify existing certificate content'));
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
  validate,
  validateStatusUpdate,
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
