import { mayHandle } from '../../access/signers.ts';
import { equal } from '../../api/merge.ts';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { resourceName } from '../../schema/resources.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refuse } from '../request.ts';

/** Who puts a certificate or a condition into a request's status must be allowed to sign for its signer. */
export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  validate(request, { store }) {
    if (request.subresource !== 'status' || request.operation !== 'UPDATE') return;
    if (resourceName(request.resource) !== 'certificatesigningrequests.certificates.k8s.io') return;
    const { spec, status: before } = request.old as CertificateSigningRequest;
    const { status } = request.object as CertificateSigningRequest;
    const same = equal(status?.conditions ?? [], before?.conditions ?? []);
    if (same && (status?.certificate ?? '') === (before?.certificate ?? '')) return;
    const signerName = spec?.signerName ?? '';
    if (mayHandle(store, request.user, 'sign', signerName)) return;
    throw refuse(request, `user not permitted to sign requests with signerName ${JSON.stringify(signerName)}`);
  },
};
