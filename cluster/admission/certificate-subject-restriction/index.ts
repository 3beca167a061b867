import type { CertificateSigningRequest } from '../../api/types.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { objectOf, refuse } from '../request.ts';

const SIGNER = 'kubernetes.io/kube-apiserver-client';
const MASTERS = 'system:masters';
/** DER of the object identifier 2.5.4.10, organizationName: a short string follows it, as tag, length and bytes. */
const ORGANIZATION = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a]);

/** The organizations in the subject of a PEM encoded request. */
export function organizationsOf(pem: string): string[] {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const names: string[] = [];
  for (let at = der.indexOf(ORGANIZATION); at >= 0; at = der.indexOf(ORGANIZATION, at + 1)) {
    const start = at + ORGANIZATION.length + 2;
    names.push(der.subarray(start, start + (der[start - 1] ?? 0)).toString());
  }
  return names;
}

/** Nobody becomes a master of the cluster by certificate. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  validate(request) {
    const resource = 'certificatesigningrequests.certificates.k8s.io';
    const spec = objectOf<CertificateSigningRequest>(request, resource, 'CREATE')?.spec;
    if (spec?.signerName !== SIGNER) return;
    const pem = Buffer.from(spec.request ?? '', 'base64').toString();
    if (!organizationsOf(pem).includes(MASTERS)) return;
    throw refuse(request, `use of ${SIGNER} signer with ${MASTERS} group is not allowed`);
  },
};
