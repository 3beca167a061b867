/** All kinds that have something special about them, sorted by folder. Others are served from the schema facts alone. */
import type { ResourceName } from '../store/client.ts';
import { validatingAdmissionPolicyBinding } from './admissionregistration/validating-admission-policy-binding.ts';
import { validatingAdmissionPolicy } from './admissionregistration/validating-admission-policy.ts';
import {
  mutatingWebhookConfiguration,
  validatingWebhookConfiguration,
} from './admissionregistration/webhook-configuration.ts';
import { customResourceDefinition } from './apiextensions/custom-resource-definition/index.ts';
import { apiService } from './apiregistration/index.ts';
import { controllerRevision } from './apps/controller-revision/index.ts';
import { daemonSet } from './apps/daemon-set/index.ts';
import { deployment } from './apps/deployment/index.ts';
import { replicaSet } from './apps/replica-set/index.ts';
import { statefulSet } from './apps/stateful-set/index.ts';
import { horizontalPodAutoscaler } from './autoscaling/horizontal-pod-autoscaler/index.ts';
import { cronJob } from './batch/cron-job/index.ts';
import { job } from './batch/job/index.ts';
import { certificateSigningRequest } from './certificates/certificate-signing-request.ts';
import { lease } from './coordination/lease.ts';
import { binding } from './core/binding/index.ts';
import { componentStatus } from './core/component-status/index.ts';
import { configMap } from './core/config-map/index.ts';
import { endpoints } from './core/endpoints/index.ts';
import { event } from './core/event/index.ts';
import { limitRange } from './core/limit-range/index.ts';
import { namespace } from './core/namespace/index.ts';
import { node } from './core/node/index.ts';
import { persistentVolumeClaim } from './core/persistent-volume-claim/index.ts';
import { persistentVolume } from './core/persistent-volume/index.ts';
import { podTemplate } from './core/pod-template/index.ts';
import { pod } from './core/pod/index.ts';
import { replicationController } from './core/replication-controller/index.ts';
import { resourceQuota } from './core/resource-quota/index.ts';
import { secret } from './core/secret/index.ts';
import { serviceAccount } from './core/service-account/index.ts';
import { service } from './core/service/index.ts';
import { endpointSlice } from './discovery/endpoint-slice.ts';
import { flowSchema } from './flowcontrol/flow-schema.ts';
import { priorityLevelConfiguration } from './flowcontrol/priority-level-configuration.ts';
import { ipAddress, serviceCidr } from './networking/addresses.ts';
import { ingressClass } from './networking/ingress-class.ts';
import { ingress } from './networking/ingress.ts';
import { networkPolicy } from './networking/network-policy.ts';
import { runtimeClass } from './node/runtime-class.ts';
import { podDisruptionBudget } from './policy/pod-disruption-budget/index.ts';
import { clusterRoleBinding, roleBinding } from './rbac/bindings.ts';
import { clusterRole } from './rbac/cluster-role.ts';
import { role } from './rbac/role.ts';
import { deviceClass, resourceClaim, resourceClaimTemplate, resourceSlice } from './resource/index.ts';
import { priorityClass } from './scheduling/priority-class.ts';
import { csiDriver } from './storage/csi-driver.ts';
import { csiNode } from './storage/csi-node.ts';
import { csiStorageCapacity } from './storage/csi-storage-capacity.ts';
import { storageClass } from './storage/storage-class.ts';
import { volumeAttachment } from './storage/volume-attachment.ts';
import { volumeAttributesClass } from './storage/volume-attributes-class.ts';
import type { Kind } from './kind.ts';

/** A kind's hooks are only ever called with objects of that kind: the map's key is what guarantees it. */
const list = [
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  customResourceDefinition,
  apiService,
  controllerRevision,
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  horizontalPodAutoscaler,
  cronJob,
  job,
  certificateSigningRequest,
  lease,
  binding,
  componentStatus,
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  podTemplate,
  pod,
  replicationController,
  resourceQuota,
  secret,
  serviceAccount,
  service,
  endpointSlice,
  flowSchema,
  priorityLevelConfiguration,
  ipAddress,
  serviceCidr,
  ingressClass,
  ingress,
  networkPolicy,
  runtimeClass,
  podDisruptionBudget,
  clusterRoleBinding,
  roleBinding,
  clusterRole,
  role,
  deviceClass,
  resourceClaim,
  resourceClaimTemplate,
  resourceSlice,
  priorityClass,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  volumeAttachment,
  volumeAttributesClass,
  storageClass,
] as unknown as readonly Kind[];

export const kinds: ReadonlyMap<ResourceName, Kind> = new Map(list.map((kind) => [kind.resource, kind]));
