/** Making and removing a StatefulSet's pods and claims, told in its own words. */
import { StatusError } from '../../api/status.ts';
import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types.ts';
import { equal } from '../../api/merge.ts';
import type { ControllerContext } from '../controller.ts';
import { controllerRef, namespaceIsTerminating } from '../pod-control.ts';
import { claimNames, firstOrdinal, newClaims, ordinalOf } from './identity.ts';

const COMPONENT = 'statefulset-controller';
const CLAIMS = 'persistentvolumeclaims';

type Verb = 'Create' | 'Update' | 'Delete';

function tellPod(context: ControllerContext, set: StatefulSet, verb: Verb, name: string, refusal?: StatusError): void {
  const about = `${verb} Pod ${name} in StatefulSet ${set.metadata.name}`;
  context.events.event(COMPONENT, {
    regarding: set,
    type: refusal ? 'Warning' : 'Normal',
    reason: `${refusal ? 'Failed' : 'Successful'}${verb}`,
    message: refusal ? `${about} failed error: ${refusal.message}` : `${about} successful`,
  });
}

function told<T>(context: ControllerContext, set: StatefulSet, verb: Verb, name: string, action: () => T): T {
  try {
    const result = action();
    tellPod(context, set, verb, name);
    return result;
  } catch (error) {
    if (error instanceof StatusError && !namespaceIsTerminating(error)) tellPod(context, set, verb, name, error);
    throw error;
  }
}

/** The claims first, then the pod. @throws StatusError when refused */
export function createPod(context: ControllerContext, set: StatefulSet, pod: Pod): void {
  try {
    createClaims(context, set, pod);
  } catch (error) {
    if (error instanceof StatusError) tellPod(context, set, 'Create', pod.metadata.name, error);
    throw error;
  }
  told(context, set, 'Create', pod.metadata.name, () => context.client.create('pods', pod));
}

export function deletePod(context: ControllerContext, set: StatefulSet, { metadata }: Pod): void {
  told(context, set, 'Delete', metadata.name, () => {
    context.client.delete('pods', metadata.namespace ?? '', metadata.name);
  });
}

/** Makes the claims that are missing. @throws StatusError */
export function createClaims(context: ControllerContext, set: StatefulSet, pod: Pod): void {
  for (const claim of newClaims(set, ordinalOf(set, pod))) {
    const { name, namespace = '' } = claim.metadata;
    const present = context.client.get(CLAIMS, namespace, name);
    // its successor can only be made when it is gone: the set is looked at again
    if (present?.metadata.deletionTimestamp) throw new StatusError({ message: `pvc ${name} is being deleted` });
    if (present) continue;
    const tell = (type: 'Normal' | 'Warning', reason: string, end: string) => {
      const message = `Create Claim ${name} ${end}`;
      context.events.event(COMPONENT, { regarding: set, type, reason, message });
    };
    const where = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
    try {
      context.client.create(CLAIMS, claim);
      tell('Normal', 'SuccessfulCreate', `${where} success`);
    } catch (error) {
      if (error instanceof StatusError) tell('Warning', 'FailedCreate', `for ${where} failed error: ${error.message}`);
      throw error;
    }
  }
}

/** Who a claim dies with, as the retention policy says: the set, or the pod that is scaled away. */
export function retainClaims(context: ControllerContext, set: StatefulSet, pod: Pod): void {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const ordinal = ordinalOf(set, pod);
  const start = firstOrdinal(set);
  const condemned = ordinal < start || ordinal >= start + (set.spec?.replicas ?? 1);
  const own = new Set([set.metadata.uid, pod.metadata.uid]);
  const wanted: OwnerReference[] = [];
  const { controller: _controller, blockOwnerDeletion: _block, ...setReference } = controllerRef(set);
  if (whenScaled === 'Delete' && condemned) {
    wanted.push({ apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid ?? '' });
  } else if (whenDeleted === 'Delete') wanted.push(setReference);
  for (const name of claimNames(set, ordinal)) {
    const claim = context.client.get<PersistentVolumeClaim>(CLAIMS, set.metadata.namespace ?? '', name);
    if (claim === undefined) continue;
    const { ownerReferences = [], ...metadata } = claim.metadata;
    const references = [...ownerReferences.filter((reference) => !own.has(reference.uid)), ...wanted];
    if (equal(references, ownerReferences)) continue;
    context.client.update<PersistentVolumeClaim>(CLAIMS, {
      ...claim,
      metadata: references.length === 0 ? metadata : { ...metadata, ownerReferences: references },
    });
  }
}
