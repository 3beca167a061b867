/** What each of Kubernetes' own signers demands of a request. */
import type { CertificateRequest } from '../../x509/request.ts';

/** What is wrong with a request, for its signer; undefined: nothing. */
type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

const NODES = 'system:nodes';
const NODE = 'system:node:';

const same = (usages: readonly string[], wanted: readonly string[]) =>
  new Set(usages).size === wanted.length && wanted.every((one) => usages.includes(one));

/** A key that is no RSA key enciphers no other keys. */
function usagesProblem(usages: readonly string[], purpose: string): string | undefined {
  if (same(usages, ['digital signature', purpose])) return undefined;
  const all = ['digital signature', 'key encipherment', purpose].sort();
  return same(usages, all) ? undefined : `usages did not match [${all.join(' ')}]`;
}

const organizationProblem = ({ subject }: CertificateRequest) =>
  subject.organization.length === 1 && subject.organization[0] === NODES
    ? undefined
    : `subject organization is not ${NODES}`;

const nameProblem = ({ subject }: CertificateRequest) =>
  (subject.commonName[0] ?? '').startsWith(NODE) ? undefined : `subject common name does not begin with ${NODE}`;

export const kubeletServingProblem: Check = (request, usages) => {
  const { dnsNames, addresses, emails, uris } = request;
  const wrongOrganization = organizationProblem(request);
  if (wrongOrganization !== undefined) return wrongOrganization;
  if (dnsNames.length === 0 && addresses.length === 0) return 'DNS or IP subjectAltName is required';
  if (emails.length > 0) return 'Email subjectAltNames are not allowed';
  if (uris.length > 0) return 'URI subjectAltNames are not allowed';
  return usagesProblem(usages, 'server auth') ?? nameProblem(request);
};

export const kubeletClientProblem: Check = (request, usages) => {
  const { dnsNames, addresses, emails, uris } = request;
  const wrongOrganization = organizationProblem(request);
  if (wrongOrganization !== undefined) return wrongOrganization;
  if (dnsNames.length > 0) return 'DNS subjectAltNames are not allowed';
  if (emails.length > 0) return 'Email subjectAltNames are not allowed';
  if (addresses.length > 0) return 'IP subjectAltNames are not allowed';
  if (uris.length > 0) return 'URI subjectAltNames are not allowed';
  return nameProblem(request) ?? usagesProblem(usages, 'client auth');
};

const clientProblem: Check = (_request, usages) => {
  const other = usages.find((one) => !['digital signature', 'key encipherment', 'client auth'].includes(one));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
};

export const KUBELET_CLIENT = 'kubernetes.io/kube-apiserver-client-kubelet';

export const signers: readonly { signerName: string; controller: string; check: Check }[] = [
  {
    signerName: 'kubernetes.io/kubelet-serving',
    controller: 'csrsigning-kubelet-serving',
    check: kubeletServingProblem,
  },
  { signerName: KUBELET_CLIENT, controller: 'csrsigning-kubelet-client', check: kubeletClientProblem },
  {
    signerName: 'kubernetes.io/kube-apiserver-client',
    controller: 'csrsigning-kube-apiserver-client',
    check: clientProblem,
  },
  { signerName: 'kubernetes.io/legacy-unknown', controller: 'csrsigning-legacy-unknown', check: () => undefined },
];
