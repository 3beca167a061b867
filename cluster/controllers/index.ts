/** The controller manager's loops, in the order in which they take their turns: owners before what they own, clean-up last. */
import type { TokenSigner } from '../access/tokens.ts';
import type { CertificateSigner } from '../x509/certificate.ts';
import { attachDetach } from './attach-detach/index.ts';
import { bootstrapSigner } from './bootstrap-signer/index.ts';
import { certificateApproving } from './certificate-approving/index.ts';
import { certificateCleaner } from './certificate-cleaner/index.ts';
import { certificateSigning } from './certificate-signing/index.ts';
import { clusterRoleAggregation } from './cluster-role-aggregation/index.ts';
import { apiServerIdentity } from './api-server-identity/index.ts';
import { apiServiceAvailability } from './api-service-availability/index.ts';
import type { ResourceMetrics } from '../api/resource-metrics.ts';
import type { Controller } from './controller.ts';
import { customApiServices } from './custom-resource-definition/api-services.ts';
import { customResourceDefinitions } from './custom-resource-definition/index.ts';
import { cronjob } from './cronjob/index.ts';
import { daemonset } from './daemonset/index.ts';
import { deployment } from './deployment/index.ts';
import { disruption } from './disruption/index.ts';
import { endpoints } from './endpoints/index.ts';
import { endpointslice } from './endpointslice/index.ts';
import { endpointsliceMirroring } from './endpointslice-mirroring/index.ts';
import { ephemeralVolume } from './ephemeral-volume/index.ts';
import { gateway } from './gateway/index.ts';
import { garbageCollector } from './garbage-collector/index.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler/index.ts';
import { ingressNginx } from './ingress-nginx/index.ts';
import { job } from './job/index.ts';
import { leaderElection } from './leader-election/index.ts';
import { localPathProvisioner } from './local-path-provisioner/index.ts';
import { namespace } from './namespace/index.ts';
import { nodeIpam } from './node-ipam/index.ts';
import { nodeHeartbeat } from './node-lifecycle/heartbeat.ts';
import { nodeLifecycle } from './node-lifecycle/index.ts';
import { persistentVolumeBinder } from './persistent-volume-binder/index.ts';
import { podGc } from './pod-gc/index.ts';
import { pvProtection } from './pv-protection/index.ts';
import { pvcProtection } from './pvc-protection/index.ts';
import { replicaset } from './replicaset/index.ts';
import { replicationController } from './replication-controller/index.ts';
import { resourceQuota } from './resource-quota/index.ts';
import { rootCa } from './root-ca/index.ts';
import { serviceAccount } from './service-account/index.ts';
import { serviceAccountToken } from './service-account-token/index.ts';
import { statefulset } from './statefulset/index.ts';
import { taintEviction } from './taint-eviction/index.ts';
import { tokenCleaner } from './token-cleaner/index.ts';
import { ttlAfterFinished } from './ttl-after-finished/index.ts';
import { validatingAdmissionPolicyStatus } from './validating-admission-policy-status/index.ts';
import { volumeExpand } from './volume-expand/index.ts';

export interface ControllerOptions {
  /** PEM, published to every namespace as the ConfigMap kube-root-ca.crt. */
  caCertificate: string;
  /** For the tokens in Secrets. */
  tokens: TokenSigner;
  /** For what certificate requests ask for. */
  certificates: CertificateSigner;
  /** What the autoscalers measure by. */
  metrics: ResourceMetrics;
}

export const makeControllers = ({ caCertificate, tokens, certificates, metrics }: ControllerOptions): Controller[] => [
  // the API server's own, ahead of everybody who may ask for what it serves
  customResourceDefinitions,
  customApiServices,
  apiServiceAvailability,
  apiServerIdentity,
  leaderElection('kube-controller-manager'),
  leaderElection('kube-scheduler'),
  nodeIpam,
  nodeHeartbeat,
  nodeLifecycle,
  serviceAccount,
  rootCa(caCertificate),
  serviceAccountToken({ signer: tokens, caCertificate }),
  tokenCleaner,
  bootstrapSigner,
  clusterRoleAggregation,
  certificateApproving,
  ...certificateSigning(certificates),
  certificateCleaner,
  // ahead of who makes pods: a pod of a StatefulSet comes back under the name by which it was to be disrupted
  disruption,
  deployment,
  replicaset,
  replicationController,
  daemonset,
  statefulset,
  cronjob,
  job,
  horizontalPodAutoscaler(metrics),
  endpoints,
  endpointslice,
  endpointsliceMirroring,
  ephemeralVolume,
  persistentVolumeBinder,
  attachDetach,
  volumeExpand,
  // no part of the controller manager: see cluster/cluster.ts
  localPathProvisioner,
  // nor are these: they are there when what they are for is installed
  ingressNginx,
  gateway,
  pvcProtection,
  pvProtection,
  taintEviction,
  ttlAfterFinished,
  validatingAdmissionPolicyStatus,
  resourceQuota,
  podGc,
  garbageCollector,
  namespace,
];
