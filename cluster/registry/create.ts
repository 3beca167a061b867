/** POST: a new object, from the decoded body to the store. */
import { alreadyExists, badRequest, invalidError, StatusError } from '../api/status.ts';
import { path } from '../api/field.ts';
import { validateObjectMeta } from '../api/names.ts';
import type { KubeObject } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import { trackUpdate } from '../schema/apply/index.ts';
import { mutateAdmission, validateAdmission } from './admit.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { hasGeneration } from './generation.ts';
import { trackedWrite } from './tracked-write.ts';
import { checkSize } from './size.ts';

/** How often a generated name is drawn again when it is taken. */
const NAME_DRAWS = 8;

/** The body must be for the namespace of the path, or leave it open. */
export function settleNamespace(target: Target, object: KubeObject, namespace: string): void {
  if (object.metadata.namespace && object.metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (target.info.namespaced) object.metadata.namespace = namespace;
}

/** `object` is decoded and may be changed. Returns what was stored, or what would have been for a dry run. @throws StatusError */
export function create(
  backend: Backend,
  target: Target,
  namespace: string,
  object: KubeObject,
  context: RequestContext,
  { managedFieldsDone = false } = {},
): KubeObject {
  const { store, clock, random } = backend;
  const { info, kind } = target;
  settleNamespace(target, object, namespace);
  kind.defaults?.(object);
  // what admission adds has no owner
  const managedFields = managedFieldsDone
    ? object.metadata.managedFields
    : trackUpdate({ before: undefined, after: object, ...trackedWrite(backend, target, context, '') });
  const request = {
    operation: 'CREATE' as const,
    resource: info,
    subresource: '',
    namespace,
    name: object.metadata.name ?? '',
    object,
    user: context.user,
    dryRun: context.dryRun,
    warn: context.warn,
  };
  mutateAdmission(backend, request);

  const { metadata } = object;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  delete metadata.resourceVersion;
  delete metadata.generation;
  metadata.uid = random.uuid();
  metadata.creationTimestamp = timeText(clock.now());
  if (!metadata.name && metadata.generateName) {
    for (let draw = 0; draw < NAME_DRAWS; draw++) {
      metadata.name = metadata.generateName + random.suffix();
      if (!store.get(target.name, namespace, metadata.name)) break;
    }
  }
  if (hasGeneration(target.name, kind)) metadata.generation = 1;
  kind.prepareForCreate?.(object, backend);
  const errors = [
    ...validateObjectMeta(
      metadata,
      { namespaced: info.namespaced, nameFormat: kind.nameFormat ?? 'dns1123Subdomain' },
      path('metadata'),
    ),
    ...(kind.validate?.(object, backend) ?? []),
  ];
  if (errors.length > 0) throw invalidError(info, metadata.name ?? '', errors);
  for (const sentence of kind.warnings?.(object, undefined) ?? []) context.warn(sentence);

  request.name = metadata.name;
  const there = store.get(target.name, namespace, metadata.name);
  if (!there) validateAdmission(backend, request);
  else {
    const refusal = alreadyExists(info, metadata.name);
    if (!there.metadata.deletionTimestamp) throw refusal;
    throw new StatusError({ ...refusal.status, message: `object is being deleted: ${refusal.message}` });
  }
  metadata.managedFields = managedFields;
  checkSize(object);
  return context.dryRun ? object : store.put(target.name, object);
}
