/** Approves the requests of kubelets for their own client certificates, when their user may make such. */
import { authorize } from '../../access/authorizer.ts';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { parseRequest } from '../../x509/request.ts';
import { kubeletClientProblem, KUBELET_CLIENT } from '../certificate-signing/signers.ts';
import type { Controller } from '../controller.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';

/** Tried in this order. */
const RECOGNIZED = [
  {
    subresource: 'selfnodeclient',
    /** The node asks for itself. */
    own: true,
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  },
  {
    subresource: 'nodeclient',
    own: false,
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
  },
];

export const certificateApproving: Controller = {
  name: 'certificatesigningrequest-approving-controller',
  user: 'system:serviceaccount:kube-system:certificate-controller',
  watches: {
    [RESOURCE]: ({ type, object }) =>
      type !== 'DELETED' && (object as CertificateSigningRequest).spec?.signerName === KUBELET_CLIENT
        ? [object.metadata.name]
        : [],
  },
  reconcile(name, { client }) {
    const stored = client.get<CertificateSigningRequest>(RESOURCE, '', name);
    const { spec, status } = stored ?? {};
    if (!stored || !spec || status?.certificate) return;
    if (status?.conditions?.some(({ type }) => type === 'Approved' || type === 'Denied')) return;
    const request = parseRequest(Buffer.from(spec.request, 'base64').toString());
    if ('problem' in request || kubeletClientProblem(request, spec.usages ?? []) !== undefined) return;
    const user = { username: spec.username ?? '', groups: spec.groups ?? [] };
    const found = RECOGNIZED.find(
      ({ subresource, own }) =>
        (!own || spec.username === request.subject.commonName[0]) &&
        authorize(client, user, {
          verb: 'create',
          group: 'certificates.k8s.io',
          resource: 'certificatesigningrequests',
          subresource,
          namespace: '',
          name: '',
        }).allowed,
    );
    if (!found) return;
    const object = structuredClone(stored);
    const approved = { type: 'Approved', status: 'True', reason: 'AutoApproved', message: found.message };
    object.status = { ...object.status, conditions: [...(object.status?.conditions ?? []), approved] };
    client.updateSubresource(RESOURCE, 'approval', object);
  },
};
