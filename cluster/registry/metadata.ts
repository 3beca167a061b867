/**
 * The metadata of an update is checked of every kind alike, and again by most kinds on their own: an answer's causes tell a
 * problem as often as it was found.
 */
import type { FieldError } from '../api/field.ts';
import { path } from '../api/field.ts';
import {
  validateCommonMeta,
  validateCommonMetaUpdate,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '../api/names.ts';
import type { ObjectMeta } from '../api/types.ts';
import type { ResourceName } from '../store/client.ts';
import type { Target } from './context.ts';

const METADATA = path('metadata');

/** What a kind checks: C as of a new object, U as of a changed one, in this order. Most: U. */
type Checks = '' | 'C' | 'U' | 'CC' | 'CU' | 'UC';

/** Read off a real 1.35 server's answers, first of the object, then of its status. */
const CHECKS: Readonly<Record<ResourceName, readonly [object: Checks, status?: Checks]>> = {
  configmaps: ['UC'],
  endpoints: ['UC'],
  events: [''],
  'events.events.k8s.io': [''],
  limitranges: ['C'],
  namespaces: ['CU'],
  nodes: ['CU'],
  persistentvolumeclaims: ['UC'],
  persistentvolumes: ['CC'],
  pods: ['UC'],
  secrets: ['UC'],
  serviceaccounts: ['UC'],
  'apiservices.apiregistration.k8s.io': ['UC'],
  'clusterrolebindings.rbac.authorization.k8s.io': ['CU'],
  'clusterroles.rbac.authorization.k8s.io': ['CU'],
  'controllerrevisions.apps': ['UC'],
  'cronjobs.batch': ['U', ''],
  'csinodes.storage.k8s.io': ['CC'],
  'csistoragecapacities.storage.k8s.io': ['CU'],
  'deviceclasses.resource.k8s.io': ['CU'],
  'endpointslices.discovery.k8s.io': ['C'],
  'flowschemas.flowcontrol.apiserver.k8s.io': ['C', ''],
  'ingressclasses.networking.k8s.io': ['UC'],
  'ingresses.networking.k8s.io': ['UC'],
  'ipaddresses.networking.k8s.io': ['CU'],
  'jobs.batch': ['CU'],
  'networkpolicies.networking.k8s.io': ['CU'],
  'poddisruptionbudgets.policy': ['', ''],
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': ['C', ''],
  'resourceclaims.resource.k8s.io': ['CU'],
  'resourceclaimtemplates.resource.k8s.io': ['CU'],
  'rolebindings.rbac.authorization.k8s.io': ['CU'],
  'roles.rbac.authorization.k8s.io': ['CU'],
  'runtimeclasses.node.k8s.io': ['CU'],
  'storageclasses.storage.k8s.io': ['CU'],
  'volumeattachments.storage.k8s.io': ['C', ''],
  'volumeattributesclasses.storage.k8s.io': ['UC'],
};
/** These do not ask for a finalizer's domain, as all others do. */
const ANY_FINALIZER: ReadonlySet<ResourceName> = new Set([
  'apiservices.apiregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'poddisruptionbudgets.policy',
  'runtimeclasses.node.k8s.io',
]);

/** Problems of the metadata of an object, or of its status, that replaces `old`. */
export function metadataErrors(
  { name, kind, info, custom }: Target,
  subresource: string,
  meta: ObjectMeta,
  old: ObjectMeta,
): FieldError[] {
  const at = METADATA;
  const { namespaced } = info;
  const common = !!custom || ANY_FINALIZER.has(name);
  const rules = { namespaced, nameFormat: kind.nameFormat ?? 'dns1123Subdomain' } as const;
  const [ofObject, ofStatus = 'U'] = CHECKS[name] ?? ['U'];
  return [
    ...validateCommonMeta(meta, namespaced, at),
    ...validateCommonMetaUpdate(meta, old, at),
    ...Array.from(subresource === 'status' ? ofStatus : ofObject).flatMap((check) => {
      if (check === 'C') return common ? validateCommonMeta(meta, namespaced, at) : validateObjectMeta(meta, rules, at);
      return common ? validateCommonMetaUpdate(meta, old, at) : validateObjectMetaUpdate(meta, old, at);
    }),
  ];
}
