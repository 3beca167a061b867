/** Making and removing pods on behalf of an owner, with the events that tell of it. */
import { wireCopy } from '../api/merge.ts';
import { StatusError } from '../api/status.ts';
import type { KubeObject, ObjectMeta, OwnerReference, Pod, PodTemplateSpec } from '../api/types.ts';
import type { ControllerContext } from './controller.ts';

export const controllerRef = (owner: KubeObject): OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

/** A namespace on its way out refuses all creations: nothing to report, nothing to retry. */
export const namespaceIsTerminating = (error: unknown): boolean =>
  error instanceof StatusError &&
  (error.status.details?.causes ?? []).some((cause) => cause.reason === 'NamespaceTerminating');

export const hasReason = (error: unknown, reason: string): boolean =>
  error instanceof StatusError && error.reason === reason;

const MAX_PREFIX = 253;

/** A pod as the template says, owned by `owner`; its name is drawn from the owner's. */
export function podFromTemplate(template: PodTemplateSpec, owner: KubeObject): Pod {
  const prefix = `${owner.metadata.name}-`;
  const { labels, annotations, finalizers } = wireCopy(template.metadata ?? {});
  const metadata = {
    generateName: prefix.length > MAX_PREFIX ? owner.metadata.name : prefix,
    ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
    labels: labels ?? {},
    ...(annotations === undefined ? {} : { annotations }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ownerReferences: [controllerRef(owner)],
    // A name is drawn by the server: until then there is none.
    name: '',
  } satisfies ObjectMeta;
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: wireCopy(template.spec ?? { containers: [] }) };
}

/** @throws StatusError when refused, after saying so in an event (not in a terminating namespace). */
export function createPod(context: ControllerContext, component: string, owner: KubeObject, pod: Pod): Pod {
  try {
    const created = context.client.create('pods', pod);
    context.events.event(component, {
      regarding: owner,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${created.metadata.name}`,
    });
    return created;
  } catch (error) {
    if (error instanceof StatusError && !namespaceIsTerminating(error)) {
      context.events.event(component, {
        regarding: owner,
        type: 'Warning',
        reason: 'FailedCreate',
        message: `Error creating: ${error.message}`,
      });
    }
    throw error;
  }
}

/** @throws StatusError when refused, after saying so in an event. */
export function deletePod(context: ControllerContext, component: string, owner: KubeObject, pod: Pod): void {
  try {
    context.client.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name);
  } catch (error) {
    if (error instanceof StatusError) {
      context.events.event(component, {
        regarding: owner,
        type: 'Warning',
        reason: 'FailedDelete',
        message: `Error deleting: ${error.message}`,
      });
    }
    throw error;
  }
  context.events.event(component, {
    regarding: owner,
    type: 'Normal',
    reason: 'SuccessfulDelete',
    message: `Deleted pod: ${pod.metadata.name}`,
  });
}

/**
 * Runs `action` `count` times in batches of 1, 2, 4, ...: a batch with a failure is the last, so that a quota that is used up is
 * met a few times and not a hundred. Returns the first failure.
 */
export function slowStart(count: number, action: () => void): StatusError | undefined {
  let remaining = count;
  for (let batch = 1; remaining > 0; batch *= 2) {
    let failure: StatusError | undefined;
    const size = Math.min(batch, remaining);
    for (let i = 0; i < size; i++) {
      try {
        action();
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        if (!namespaceIsTerminating(error)) failure ??= error;
      }
    }
    if (failure !== undefined) return failure;
    remaining -= size;
  }
  return undefined;
}
