/**
 * CustomResourceDefinitions, as the API server looks after them: names are accepted, the resource is established, and when a
 * definition goes its objects go first.
 */
import { equal } from '../../api/merge.ts';
import { StatusError } from '../../api/status.ts';
import type { KubeObject } from '../../api/types.ts';
import {
  conditionOf,
  DEFINITIONS,
  isTrue,
  type Condition,
  type CustomResourceDefinition,
} from '../../schema/structural/custom-resource-definition.ts';
import type { Client } from '../../store/client.ts';
import { timestamp } from '../conditions.ts';
import type { Again, Change, Controller, ControllerContext } from '../controller.ts';
import { approval } from './approval.ts';
import { acceptNames } from './names.ts';

const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';
/** Milliseconds between looks at what finalizers hold, and until waiting is given up for this time. */
const POLL_MS = 5000;
const PATIENCE_MS = 60_000;

/** When the objects of a definition were first told to go, by name. Lost with the process, as the real one loses it. */
const waits = new WeakMap<ControllerContext, Map<string, number>>();
const waitsOf = (context: ControllerContext): Map<string, number> => {
  const known = waits.get(context) ?? new Map<string, number>();
  waits.set(context, known);
  return known;
};

const inGroup = (client: Client, group: string): readonly CustomResourceDefinition[] =>
  client.list<CustomResourceDefinition>(DEFINITIONS).filter(({ spec }) => spec.group === group);

/** Names that one lets go of may be what another waits for. */
function wakes({ object }: Change, { client }: ControllerContext): string[] {
  const { spec, metadata } = object as CustomResourceDefinition;
  const waiting = inGroup(client, spec.group).filter((one) => !equal(one.spec.names, one.status?.acceptedNames));
  return [metadata.name, ...waiting.map((one) => one.metadata.name)];
}

function withCondition(
  definition: CustomResourceDefinition,
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: string,
): CustomResourceDefinition {
  const conditions = [...(definition.status?.conditions ?? [])];
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[at];
  const lastTransitionTime = before?.status === condition.status ? (before.lastTransitionTime ?? now) : now;
  const next = {
    lastTransitionTime,
    message: condition.message,
    reason: condition.reason,
    status: condition.status,
    type: condition.type,
  };
  if (at < 0) conditions.push(next);
  else conditions[at] = next;
  return { ...definition, status: { ...definition.status, conditions } };
}

export const customResourceDefinitions: Controller = {
  name: 'custom-resource-definition-controller',
  user: 'system:kube-apiserver',
  watches: { [DEFINITIONS]: wakes },
  reconcile(name, context): Again {
    const { client, clock } = context;
    const definition = client.get<CustomResourceDefinition>(DEFINITIONS, '', name);
    if (!definition) {
      waitsOf(context).delete(name);
      return;
    }
    const now = timestamp(clock);
    const put = (next: CustomResourceDefinition) => client.updateStatus(DEFINITIONS, next);
    const conformant = approval(definition);
    if (conformant && !sameCondition(conditionOf(definition, conformant.type), conformant))
      return void put(withCondition(definition, conformant, now));
    if (!equal(definition.spec.names, definition.status?.acceptedNames)) {
      const { names, condition } = acceptNames(definition, inGroup(client, definition.spec.group));
      const current = conditionOf(definition, 'NamesAccepted');
      if (!equal(names, definition.status?.acceptedNames) || !sameCondition(current, condition)) {
        const named = { ...definition, status: { ...definition.status, acceptedNames: names } };
        const accepted = withCondition(named, condition, now);
        return void put(isTrue(definition, 'Established') ? accepted : withCondition(accepted, notYet(condition), now));
      }
    }
    if (isTrue(definition, 'NamesAccepted') && !isTrue(definition, 'Established')) {
      const established = {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      };
      return void put(withCondition(definition, established, now));
    }
    if (!definition.metadata.deletionTimestamp || !definition.metadata.finalizers?.includes(CLEANUP)) return;
    return finalize(definition, context);
  },
};

const sameCondition = (a: Partial<Condition> | undefined, b: Partial<Condition>): boolean =>
  a?.status === b.status && a?.reason === b.reason && a?.message === b.message;

const notYet = ({ status }: Pick<Condition, 'status'>) =>
  status === 'True'
    ? { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }
    : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };

const terminating = (status: 'True' | 'False', reason: string, message: string) => ({
  type: 'Terminating',
  status,
  reason,
  message,
});

/** Deletes what there is of the kind, waits for it to be gone, and lets go of the definition. */
function finalize(definition: CustomResourceDefinition, context: ControllerContext): Again {
  const { client, clock } = context;
  const { name } = definition.metadata;
  const now = timestamp(clock);
  const put = (condition: ReturnType<typeof terminating>) =>
    client.updateStatus(DEFINITIONS, withCondition(definition, condition, now));
  const release = (condition: ReturnType<typeof terminating>) => {
    const last = put(condition);
    const finalizers = (last.metadata.finalizers ?? []).filter((one) => one !== CLEANUP);
    const { finalizers: _finalizers, ...metadata } = last.metadata;
    client.update(DEFINITIONS, { ...last, metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers } });
  };
  if (!isTrue(definition, 'Established')) {
    release(terminating('False', 'NeverEstablished', 'resource was never established'));
    return;
  }
  const since = waitsOf(context);
  const started = since.get(name);
  if (started === undefined) {
    since.set(name, clock.now());
    put(terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'));
    return { afterMs: 0 };
  }
  if (started === clock.now() || conditionOf(definition, 'Terminating')?.reason === 'InstanceDeletionCheck') {
    const refusals = deleteAll(name, client);
    if (refusals.length > 0) {
      put(terminating('True', 'InstanceDeletionFailed', `could not issue all deletes: ${refusals.join(', ')}`));
      since.delete(name);
      return { afterMs: POLL_MS };
    }
  }
  if (client.list(name).length === 0) {
    since.delete(name);
    release(terminating('False', 'InstanceDeletionCompleted', 'removed all instances'));
    return;
  }
  if (clock.now() - started < PATIENCE_MS) return { afterMs: POLL_MS };
  since.delete(name);
  const why = 'could not confirm zero CustomResources remaining: context deadline exceeded';
  put(terminating('True', 'InstanceDeletionCheck', why));
  return { afterMs: POLL_MS };
}

function deleteAll(resource: string, client: Client): string[] {
  const refusals: string[] = [];
  for (const { metadata } of client.list<KubeObject>(resource)) {
    if (metadata.deletionTimestamp) continue;
    try {
      client.delete(resource, metadata.namespace ?? '', metadata.name);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      refusals.push(error.message);
    }
  }
  return refusals;
}
