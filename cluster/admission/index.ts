/** The plugins that are on by default in Kubernetes 1.35, in the order in which they see a request. */
import { certificateApproval } from './certificate-approval/index.ts';
import { certificateRequester } from './certificate-requester/index.ts';
import { certificateSigning } from './certificate-signing/index.ts';
import { certificateSubjectRestriction } from './certificate-subject-restriction/index.ts';
import { defaultIngressClass } from './default-ingress-class/index.ts';
import { defaultStorageClass } from './default-storage-class/index.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds/index.ts';
import { limitRanger } from './limit-ranger/index.ts';
import { namespaceLifecycle } from './namespace-lifecycle/index.ts';
import { nodeRestriction } from './node-restriction/index.ts';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize/index.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { podSecurity } from './pod-security/index.ts';
import { priority } from './priority/index.ts';
import { resourceQuota } from './resource-quota/index.ts';
import { roleEscalation } from './role-escalation/index.ts';
import { runtimeClass } from './runtime-class/index.ts';
import { serviceAccount } from './service-account/index.ts';
import { storageObjectInUseProtection } from './storage-object-in-use-protection/index.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition/index.ts';
import { validatingAdmissionPolicy } from './validating-admission-policy/index.ts';
import { mutatingAdmissionWebhook, validatingAdmissionWebhook } from './webhooks/index.ts';

export const admissionPlugins: readonly AdmissionPlugin[] = [
  // not a real plugin: see there
  certificateRequester,
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  // last, so that nothing is charged for what another plugin refuses
  resourceQuota,
  // no real plugin either: the storage's own look, once the object is what it will be
  roleEscalation,
];
