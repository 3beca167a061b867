import { forbidden, invalid, path, required, type FieldError } from '../../api/field.ts';
import { ageText } from '../../api/durations.ts';
import { equal } from '../../api/merge.ts';
import type { CertificateSigningRequest } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

/** Seconds. */
const MIN_EXPIRATION = 600;

function validate({ spec }: CertificateSigningRequest): FieldError[] {
  const at = path('spec');
  const errors: FieldError[] = [];
  const pem = Buffer.from(spec.request ?? '', 'base64').toString();
  const block = /^-----BEGIN ([^-]+)-----$/m.exec(pem)?.[1];
  if (block !== 'CERTIFICATE REQUEST') {
    errors.push(invalid(at.child('request'), spec.request ?? '', 'PEM block type must be CERTIFICATE REQUEST'));
  }
  if (!spec.usages?.length) errors.push(required(at.child('usages')));
  if (!spec.signerName) errors.push(required(at.child('signerName')));
  else if (!/^[^/]+\/.+$/.test(spec.signerName)) {
    const detail = 'must be a fully qualified domain and path of the form "example.com/signer-name"';
    errors.push(invalid(at.child('signerName'), spec.signerName, detail));
  }
  const seconds = spec.expirationSeconds;
  if (seconds !== undefined && seconds < MIN_EXPIRATION) {
    const detail = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.push(invalid(at.child('expirationSeconds'), seconds, detail));
  }
  return errors;
}

function conditionText({ status }: CertificateSigningRequest): string {
  const has = (type: string) => status?.conditions?.some((condition) => condition.type === type);
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
  validate,
  validateStatusUpdate: (object, old) =>
    old.status?.certificate !== undefined && !equal(object.status?.certificate, old.status.certificate)
      ? [forbidden(path('status', 'certificate'), 'updates may not modify the certificate once set')]
      : [],
  fields: ({ spec }) => ({ 'spec.signerName': spec.signerName ?? '' }),
  cells: (object) => [
    object.metadata.name,
    object.metadata.creationTimestamp ?? null,
    object.spec.signerName || '<none>',
    object.spec.username ?? '',
    object.spec.expirationSeconds === undefined ? '<none>' : ageText(object.spec.expirationSeconds * 1000),
    conditionText(object),
  ],
};
