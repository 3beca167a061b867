import { mayHandle } from '../../access/signers.ts';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { resourceName } from '../../schema/resources.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refuse } from '../request.ts';

/** Who approves or denies requests must be trusted with their signer. */
export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  validate(request, { store }) {
    if (request.subresource !== 'approval' || request.operation !== 'UPDATE') return;
    if (resourceName(request.resource) !== 'certificatesigningrequests.certificates.k8s.io') return;
    const signerName = (request.old as CertificateSigningRequest).spec?.signerName ?? '';
    if (mayHandle(store, request.user, 'approve', signerName)) return;
    throw refuse(request, `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`);
  },
};
