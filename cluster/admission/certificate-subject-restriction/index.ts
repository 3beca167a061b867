import type { CertificateSigningRequest } from '../../api/types.ts';
import { parseRequest } from '../../x509/request.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { objectOf, refuse } from '../request.ts';

const SIGNER = 'kubernetes.io/kube-apiserver-client';
const MASTERS = 'system:masters';
/** Nobody becomes a master of the cluster by certificate. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  validate(request) {
    const resource = 'certificatesigningrequests.certificates.k8s.io';
    const spec = objectOf<CertificateSigningRequest>(request, resource, 'CREATE')?.spec;
    if (spec?.signerName !== SIGNER) return;
    const asked = parseRequest(Buffer.from(spec.request ?? '', 'base64').toString());
    if ('problem' in asked) throw refuse(request, `failed to parse CSR: ${asked.problem}`);
    if (!asked.subject.organization.includes(MASTERS)) return;
    throw refuse(request, `use of ${SIGNER} signer with ${MASTERS} group is not allowed`);
  },
};
