import { forbiddenError, notFoundError, StatusError } from '../../api/status.ts';
import type { Namespace } from '../../api/types.ts';
import { resourceName } from '../../schema/resources.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { refuse } from '../request.ts';

const IMMORTAL = ['default', 'kube-system', 'kube-public'];
const NAMESPACES = { group: '', resource: 'namespaces' };

function terminating(request: AdmissionRequest): StatusError {
  const { namespace } = request;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { status } = refuse(request, why);
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  return new StatusError({ ...status, details: { ...status.details, causes: [cause] } });
}

/** Nothing is written into a namespace that does not exist or is on its way out; some namespaces never go. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  mutate(request, { store }) {
    const { operation, namespace } = request;
    const resource = resourceName(request.resource);
    if (resource === 'namespaces' || namespace === '' || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    // saying that the namespace is not there would tell more than the answer to the review may
    if (resource === 'localsubjectaccessreviews.authorization.k8s.io') return;
    const stored = store.get<Namespace>('namespaces', '', namespace);
    if (!stored) throw notFoundError(NAMESPACES, namespace);
    if (operation === 'CREATE' && stored.status?.phase === 'Terminating') throw terminating(request);
  },
  validate({ operation, resource, name }) {
    if (operation !== 'DELETE' || resourceName(resource) !== 'namespaces' || !IMMORTAL.includes(name)) return;
    throw forbiddenError(NAMESPACES, name, 'this namespace may not be deleted');
  },
};
