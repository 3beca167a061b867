import { authorize } from '../../access/authorizer.ts';
import { notFoundError, type StatusError } from '../../api/status.ts';
import type { KubeObject, Pod } from '../../api/types.ts';
import type { AdmissionContext, AdmissionRequest } from '../plugin.ts';

interface TokenRequest extends KubeObject {
  spec?: {
    audiences?: string[] | null;
    boundObjectRef?: { apiVersion?: string; kind?: string; name?: string; uid?: string };
  };
}

/** A kubelet asks for tokens for its pods, and for whom they are meant there. */
export function accountAudienceProblem(
  node: string,
  { operation, subresource, namespace, name, object, user }: AdmissionRequest,
  { store }: AdmissionContext,
): string | StatusError | undefined {
  if (operation !== 'CREATE' || subresource !== 'token') return undefined;
  const { audiences, boundObjectRef: ref } = (object as TokenRequest).spec ?? {};
  if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || !ref.name) return 'node requested token not bound to a pod';
  if (!ref.uid) return 'node requested token with a pod binding without a uid';
  const pod = store.get<Pod>('pods', namespace, ref.name);
  if (!pod) return notFoundError({ group: '', resource: 'pod' }, ref.name);
  if (ref.uid !== pod.metadata.uid) {
    return `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  }
  if (pod.spec?.nodeName !== node) return 'node requested token bound to a pod scheduled on a different node';
  const [audience = '', ...more] = audiences ?? [];
  if (more.length > 0) return 'node may only request 0 or 1 audiences';
  const mounted = (pod.spec.volumes ?? []).some(({ projected }) =>
    projected?.sources?.some(
      ({ serviceAccountToken }) => (serviceAccountToken?.audience ?? '') === audience && serviceAccountToken,
    ),
  );
  const asked = {
    verb: 'request-serviceaccounts-token-audience',
    group: '',
    resource: audience,
    subresource: '',
    namespace,
    name,
  };
  if (mounted || authorize(store, user, asked).allowed) return undefined;
  return `audience "${audience}" not found in pod spec volume, ${user.username} is not authorized to request tokens for this audience`;
}
