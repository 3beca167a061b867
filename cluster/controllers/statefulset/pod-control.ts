/** Making and removing a StatefulSet's pods and claims, told in its own words. */
import { StatusError } from '../../api/status.ts';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types.ts';
import type { ControllerContext } from '../controller.ts';
import { claimNames, corrected, hasIdentity, hasStorage, newClaims, ordinalOf } from './identity.ts';
import { blocksCreation, isControlledByOther, isUpToDate, ownersFor } from './retention.ts';

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
    if (error instanceof StatusError) tellPod(context, set, verb, name, error);
    throw error;
  }
}

/** The claims first, then the pod. @throws StatusError when refused */
export function createPod(context: ControllerContext, set: StatefulSet, pod: Pod): void {
  const { name } = pod.metadata;
  try {
    createClaims(context, set, pod);
  } catch (error) {
    if (error instanceof StatusError) tellPod(context, set, 'Create', name, error);
    throw error;
  }
  let refusal: StatusError | undefined;
  try {
    context.client.create('pods', pod);
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason === 'AlreadyExists') throw error;
    refusal = error;
  }
  retainClaims(context, set, pod);
  tellPod(context, set, 'Create', name, refusal);
  if (refusal) throw refusal;
}

export function deletePod(context: ControllerContext, set: StatefulSet, { metadata }: Pod): void {
  told(context, set, 'Delete', metadata.name, () => {
    context.client.delete('pods', metadata.namespace ?? '', metadata.name);
  });
}

/** Brings a pod's labels, volumes and claims back in line with its place. @throws StatusError */
export function correctPod(context: ControllerContext, set: StatefulSet, pod: Pod): void {
  if (hasIdentity(pod) && hasStorage(set, pod) && claimsOf(context, set, pod).every((one) => isUpToDate(one, set, pod)))
    return;
  told(context, set, 'Update', pod.metadata.name, () => {
    if (!hasStorage(set, pod)) createClaims(context, set, pod);
    retainClaims(context, set, pod);
    context.client.update<Pod>('pods', corrected(set, pod));
  });
}

/** The claims of the pod's place that are there. */
const claimsOf = ({ client }: ControllerContext, set: StatefulSet, pod: Pod): PersistentVolumeClaim[] =>
  claimNames(set, ordinalOf(set, pod)).flatMap(
    (name) => client.get<PersistentVolumeClaim>(CLAIMS, set.metadata.namespace ?? '', name) ?? [],
  );

/** Whether the pod must wait for a claim of its predecessor to go. */
export const hasStaleClaim = (context: ControllerContext, set: StatefulSet, pod: Pod): boolean =>
  claimsOf(context, set, pod).some((one) => blocksCreation(one, set, pod));

/** Makes the claims that are missing. @throws StatusError */
export function createClaims(context: ControllerContext, set: StatefulSet, pod: Pod): void {
  const problems: string[] = [];
  for (const claim of newClaims(set, ordinalOf(set, pod))) {
    const { name, namespace = '' } = claim.metadata;
    const present = context.client.get(CLAIMS, namespace, name);
    // its successor can only be made when it is gone: the set is looked at again
    if (present?.metadata.deletionTimestamp) problems.push(`pvc ${name} is being deleted`);
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
      if (!(error instanceof StatusError)) throw error;
      problems.push(`failed to create PVC ${name}: ${error.message}`);
      tell('Warning', 'FailedCreate', `for ${where} failed error: ${error.message}`);
    }
  }
  const [only, ...more] = problems;
  if (only !== undefined) throw new StatusError({ message: more.length === 0 ? only : `[${problems.join(', ')}]` });
}

/** Gives the claims the owner that the retention policy names. @throws StatusError */
export function retainClaims(context: ControllerContext, set: StatefulSet, pod: Pod): void {
  for (const claim of claimsOf(context, set, pod)) {
    const { name } = claim.metadata;
    if (isControlledByOther(claim, set, pod)) {
      const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
      context.events.event(COMPONENT, { regarding: set, type: 'Warning', reason: 'ConflictingController', message });
    }
    if (isUpToDate(claim, set, pod)) continue;
    const { ownerReferences: _before, ...metadata } = claim.metadata;
    const ownerReferences = ownersFor(claim, set, pod);
    context.client.update<PersistentVolumeClaim>(CLAIMS, {
      ...claim,
      metadata: ownerReferences.length === 0 ? metadata : { ...metadata, ownerReferences },
    });
  }
}
