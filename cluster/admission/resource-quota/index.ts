import { addAmounts, amounts, type Amounts } from '../../api/pods.ts';
import { evaluatorFor, scopesOf, writeAmounts, type QuotaEvaluator } from '../../api/quota.ts';
import type { KubeObject, PersistentVolumeClaim, Pod, ResourceQuota } from '../../api/types.ts';
import { resourceName } from '../../schema/resources.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { refuse } from '../request.ts';

const hasDeadline = (object: KubeObject | undefined) => (object as Pod).spec?.activeDeadlineSeconds !== undefined;
const allocated = (object: KubeObject | undefined) =>
  (object as PersistentVolumeClaim).status?.allocatedResources?.['storage'];

/** Which writes can change what a quota counts. */
function isCharged({ operation, resource, subresource, object, old }: AdmissionRequest): boolean {
  const name = resourceName(resource);
  if (subresource === '') {
    if (operation === 'CREATE') return true;
    if (operation !== 'UPDATE') return false;
    if (name === 'pods') return hasDeadline(object) !== hasDeadline(old);
    return name === 'services' || name === 'persistentvolumeclaims';
  }
  if (operation !== 'UPDATE') return false;
  if (name === 'pods') return subresource === 'resize';
  return name === 'persistentvolumeclaims' && subresource === 'status' && allocated(object) !== allocated(old);
}

const only = (list: Amounts, keep: (name: string) => boolean): Amounts =>
  new Map([...list].filter(([name]) => keep(name)));

/** What the write adds to what was there; less is nothing. */
function delta(now: Amounts, before: Amounts): Amounts {
  const added: Amounts = new Map();
  for (const [name, amount] of now) {
    const old = before.get(name);
    const more = old ? amount.sub(old) : amount;
    if (more.sign() > 0) added.set(name, more);
  }
  return added;
}

/** `cpu=1,pods=2` */
const print = (list: Amounts): string =>
  [...list]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => `${name}=${amount.toString()}`)
    .join(',');

const covers = (quota: ResourceQuota, evaluator: QuotaEvaluator, object: KubeObject): boolean =>
  Object.keys(quota.status?.hard ?? {}).some((name) => evaluator.counts(name)) &&
  scopesOf(quota.spec ?? {}).every((scope) => evaluator.inScope(scope, object));

/** A quota that does not know its own usage yet, or that the object does not say enough for, refuses. @throws StatusError */
function checkCountable(
  request: AdmissionRequest,
  quota: ResourceQuota,
  evaluator: QuotaEvaluator,
  object: KubeObject,
) {
  const { name } = quota.metadata;
  const names = Object.keys(quota.status?.hard ?? {}).filter((one) => evaluator.counts(one));
  const missing = evaluator.missing?.(names, object);
  if (missing !== undefined) throw refuse(request, `failed quota: ${name}: ${missing}`);
  if (names.some((one) => quota.status?.used?.[one] === undefined)) {
    throw refuse(request, `status unknown for quota: ${name}, resources: ${names.sort().join(',')}`);
  }
}

/** The usage after the request. @throws StatusError when it is too much */
function charge(request: AdmissionRequest, quota: ResourceQuota, added: Amounts): Amounts {
  const hard = amounts(quota.status?.hard);
  const used = amounts(quota.status?.used);
  const requested = only(added, (name) => hard.has(name));
  const after: Amounts = new Map(used);
  addAmounts(after, requested);
  const exceeded = (name: string) => {
    const bound = hard.get(name);
    return requested.has(name) && bound !== undefined && (after.get(name)?.cmp(bound) ?? 0) > 0;
  };
  const over = only(requested, exceeded);
  if (over.size > 0 && request.subresource !== 'status') {
    throw refuse(
      request,
      `exceeded quota: ${quota.metadata.name}, requested: ${print(over)}, ` +
        `used: ${print(only(used, exceeded))}, limited: ${print(only(hard, exceeded))}`,
    );
  }
  return after;
}

/** Charges what is created to the quotas of its namespace at once, so that no two requests share the last bit. */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(request, { store, client, clock }) {
    const { namespace, object, old } = request;
    if (namespace === '' || !object || !isCharged(request)) return;
    const evaluator = evaluatorFor(resourceName(request.resource));
    if (!evaluator) return;
    const all = store.list<ResourceQuota>('resourcequotas', namespace);
    if (all.length === 0) return;
    const quotas = all.filter((quota) => covers(quota, evaluator, object));
    for (const quota of quotas) checkCountable(request, quota, evaluator, object);
    const now = clock.now();
    const usage = evaluator.usage(object, now);
    const negative = [...only(usage, (name) => (usage.get(name)?.sign() ?? 0) < 0).keys()].sort();
    if (negative.length > 0) throw refuse(request, `quota usage is negative for resource(s): ${negative.join(',')}`);
    const charges = quotas.map((quota) => {
      const before = old && covers(quota, evaluator, old) ? evaluator.usage(old, now) : new Map();
      const added = delta(usage, before);
      return { quota, added, used: added.size === 0 ? undefined : charge(request, quota, added) };
    });
    if (request.dryRun) return;
    for (const { quota, added, used } of charges) {
      const counted = [...added.keys()].some((name) => quota.status?.hard?.[name] !== undefined);
      if (!used || !counted) continue;
      client.updateStatus('resourcequotas', { ...quota, status: { ...quota.status, used: writeAmounts(used) } });
    }
  },
};
