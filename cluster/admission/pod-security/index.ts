import { invalidError } from '../../api/status.ts';
import type { Container, CronJob, KubeObject, Namespace, Pod, PodTemplateSpec } from '../../api/types.ts';
import { resourceName } from '../../schema/resources.ts';
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { refuse } from '../request.ts';
import { detailText, reasonText, violations } from './evaluate.ts';
import { compareLevels, policyOf, printLevel, type LevelVersion } from './policy.ts';

/** Subresources of pods that can make a pod less safe. */
const POD_SUBRESOURCES = ['', 'ephemeralcontainers', 'resize'];
type Templated = KubeObject & { spec?: { template?: PodTemplateSpec } };
/** Kinds that make pods, and where they keep the template. */
const TEMPLATES: Record<string, (object: KubeObject) => PodTemplateSpec | undefined> = {
  podtemplates: (object) => (object as KubeObject & { template?: PodTemplateSpec }).template,
  'cronjobs.batch': (object) => (object as CronJob).spec?.jobTemplate.spec?.template,
  ...Object.fromEntries(
    [
      'replicationcontrollers',
      'replicasets.apps',
      'deployments.apps',
      'statefulsets.apps',
      'daemonsets.apps',
      'jobs.batch',
    ].map((resource) => [resource, (object: KubeObject) => (object as Templated).spec?.template]),
  ),
};

/** Pods that already run when a namespace gets stricter: said, not stopped. Equal complaints are counted. */
function warnOfExisting(request: AdmissionRequest, enforce: LevelVersion, { store }: AdmissionContext): void {
  const { name } = request;
  const byReason = new Map<string, string[]>();
  for (const pod of store.list<Pod>('pods', name)) {
    const reason = pod.spec ? reasonText(violations(enforce, pod.spec, pod.metadata)) : '';
    if (reason !== '') byReason.set(reason, [...(byReason.get(reason) ?? []), pod.metadata.name]);
  }
  if (byReason.size === 0) return;
  request.warn(
    `existing pods in namespace ${JSON.stringify(name)} violate the new PodSecurity enforce level "${printLevel(enforce)}"`,
  );
  const sentences = [...byReason].map(([reason, names]) => {
    const first = names.toSorted()[0] ?? '';
    if (names.length === 1) return `${first}: ${reason}`;
    return `${first} (and ${names.length - 1} other pod${names.length === 2 ? '' : 's'}): ${reason}`;
  });
  for (const sentence of sentences.sort()) request.warn(sentence);
}

function checkNamespace(request: AdmissionRequest, context: AdmissionContext): void {
  const labels = (request.object as Namespace).metadata.labels;
  const { policy, errors } = policyOf(labels);
  const before = request.old ? policyOf(request.old.metadata.labels) : undefined;
  const known = JSON.stringify(before?.errors) === JSON.stringify(errors);
  if (errors.length > 0 && !known) throw invalidError({ group: '', kind: 'Namespace' }, request.name, errors);
  if (!before) return;
  const { enforce } = policy;
  const old = before.policy.enforce;
  if (enforce.level === 'privileged' || printLevel(enforce) === printLevel(old)) return;
  if (enforce.version === old.version && compareLevels(enforce.level, old.level) < 1) return;
  warnOfExisting(request, enforce, context);
}

/** Only new images can change what was judged when the pod was made. */
function isSignificant(pod: Pod, old: Pod): boolean {
  const images = ({ spec }: Pod) =>
    [
      ...(spec?.initContainers ?? []),
      ...(spec?.containers ?? []),
      ...((spec?.ephemeralContainers ?? []) as Container[]),
    ].map(({ name, image }) => `${name} ${image ?? ''}`);
  return JSON.stringify(images(pod)) !== JSON.stringify(images(old));
}

function checkPod(
  request: AdmissionRequest,
  template: PodTemplateSpec | Pod,
  enforced: boolean,
  context: AdmissionContext,
) {
  const namespace = context.store.get<Namespace>('namespaces', '', request.namespace);
  const { policy } = policyOf(namespace?.metadata.labels);
  const { spec, metadata = {} } = template;
  if (!spec) return;
  if (enforced) {
    const found = violations(policy.enforce, spec, metadata);
    if (found.length > 0) {
      throw refuse(request, `violates PodSecurity "${printLevel(policy.enforce)}": ${detailText(found)}`);
    }
  }
  const found = violations(policy.warn, spec, metadata);
  if (found.length > 0) request.warn(`would violate PodSecurity "${printLevel(policy.warn)}": ${detailText(found)}`);
}

/** The Pod Security Standards, as a namespace's labels ask for them. Templates are warned about, pods refused. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(request, context) {
    const { operation, object, old, subresource } = request;
    if (!object || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    const resource = resourceName(request.resource);
    if (resource === 'namespaces') {
      if (subresource === '') checkNamespace(request, context);
    } else if (resource === 'pods') {
      if (!POD_SUBRESOURCES.includes(subresource)) return;
      if (operation === 'UPDATE' && old && !isSignificant(object, old)) return;
      checkPod(request, object, true, context);
    } else if (subresource === '') {
      const template = TEMPLATES[resource]?.(object);
      if (template) checkPod(request, template, false, context);
    }
  },
};
