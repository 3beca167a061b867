/** A kubelet writes about its own node and its own pods only, whatever its user may do otherwise. */
import { nodeOf } from '../../access/node-authorizer.ts';
import { accountAudienceProblem } from './audience.ts';
import type { StatusError } from '../../api/status.ts';
import type { CertificateSigningRequest, KubeObject, Pod } from '../../api/types.ts';
import { resourceName } from '../../schema/resources.ts';
import { parseRequest } from '../../x509/request.ts';
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { refuse } from '../request.ts';
import { nodeProblem } from './node.ts';
import { claimStatusProblem, podCreateProblem, podStatusProblem } from './pod.ts';

const LEASES = 'kube-node-lease';
const SIGNERS = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet'];

/** What is wrong with a request of `node`'s kubelet: a sentence for a Forbidden, or a refusal of another kind. */
type Problem = string | StatusError | undefined;
type Look = (node: string, request: AdmissionRequest, context: AdmissionContext) => Problem;

const pods: Look = (node, request, { store }) => {
  const { operation, subresource, namespace, name } = request;
  const nodeOfPod = () => store.get<Pod>('pods', namespace, name)?.spec?.nodeName;
  switch (subresource) {
    case '':
      if (operation === 'CREATE') return podCreateProblem(node, request.object as Pod, store);
      if (operation !== 'DELETE') {
        return `unexpected operation "${operation}", node "${node}" can only create and delete mirror pods`;
      }
      return nodeOfPod() === node ? undefined : `node "${node}" can only delete pods with spec.nodeName set to itself`;
    case 'status':
      if (operation !== 'UPDATE') return `unexpected operation "${operation}"`;
      return podStatusProblem(node, request.object as Pod, request.old as Pod);
    case 'eviction':
      if (operation !== 'CREATE') return `unexpected operation ${operation}`;
      return nodeOfPod() === node ? undefined : `node ${node} can only evict pods with spec.nodeName set to itself`;
    default:
      return `unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`;
  }
};

const claims: Look = (node, { operation, subresource, object, old }) => {
  if (subresource !== 'status') return 'may only update PVC status';
  if (operation !== 'UPDATE') return `unexpected operation "${operation}"`;
  return claimStatusProblem(node, object, old);
};

/** Leases and CSINodes have the name of their node. */
const ownName = (node: string, { operation, name, object }: AdmissionRequest, what: string): Problem =>
  (operation === 'CREATE' ? object?.metadata.name : name) === node
    ? undefined
    : `can only access ${what} with the same name as the requesting node`;

const leases: Look = (node, request) =>
  request.namespace === LEASES
    ? ownName(node, request, 'node lease')
    : `can only access leases in the "${LEASES}" system namespace`;

interface Slice extends KubeObject {
  spec?: { nodeName?: string };
}
const slices: Look = (node, { operation, object, old }) => {
  if (operation !== 'CREATE' && operation !== 'DELETE') return undefined;
  const slice: Slice | undefined = operation === 'CREATE' ? object : old;
  if (slice?.spec?.nodeName === node) return undefined;
  return `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`;
};

const requests: Look = (node, { operation, object }) => {
  const { spec } = (object ?? {}) as CertificateSigningRequest;
  if (operation !== 'CREATE' || !SIGNERS.includes(spec?.signerName ?? '')) return undefined;
  const request = parseRequest(Buffer.from(spec?.request ?? '', 'base64').toString());
  if ('problem' in request) return `unable to parse csr: ${request.problem}`;
  const wanted = `system:node:${node}`;
  return request.subject.commonName[0] === wanted ? undefined : `can only create a node CSR with CN=${wanted}`;
};

const LOOKS: Readonly<Record<string, Look>> = {
  pods,
  nodes: nodeProblem,
  persistentvolumeclaims: claims,
  serviceaccounts: accountAudienceProblem,
  'leases.coordination.k8s.io': leases,
  'csinodes.storage.k8s.io': (node, request) => ownName(node, request, 'CSINode'),
  'resourceslices.resource.k8s.io': slices,
  'certificatesigningrequests.certificates.k8s.io': requests,
};

function check(request: AdmissionRequest, context: AdmissionContext): void {
  const node = nodeOf(request.user);
  if (node === undefined) return;
  if (node === '') throw refuse(request, `could not determine node from user "${request.user.username}"`);
  const problem = LOOKS[resourceName(request.resource)]?.(node, request, context);
  if (problem === undefined) return;
  throw typeof problem === 'string' ? refuse(request, problem) : problem;
}

export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  mutate: check,
  validate(request, context) {
    // what is deleted is not changed before
    if (request.operation === 'DELETE') check(request, context);
  },
};
