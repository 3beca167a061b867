/** POST: a new object, from the decoded body to the store. A PUT or an apply of what is not there comes here, too. */
import { alreadyExists, badRequest, invalidError, StatusError } from '../api/status.ts';
import { path } from '../api/field.ts';
import { validateCommonMeta, validateObjectMeta } from '../api/names.ts';
import type { KubeObject } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import { trackUpdate } from '../schema/apply/index.ts';
import { mutateAdmission, validateAdmission } from './admit.ts';
import { takeEmpties, withEmpties } from '../schema/empties.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { hasGeneration } from './generation.ts';
import { dedupOwnerReferences } from './owner-references.ts';
import { seenAs, trackedWrite } from './tracked-write.ts';
import { checkSize } from './size.ts';

/** Characters of a prefix that a generated name keeps: so that five more make a label. */
const MAX_PREFIX = 58;
/** How often a generated name is drawn again when it is taken. */
const NAME_DRAWS = 8;

/** The body must be for the namespace of the path, or leave it open. */
export function settleNamespace(target: Target, object: KubeObject, namespace: string): void {
  const { metadata } = object;
  if (!target.info.namespaced || namespace === '') {
    delete metadata.namespace;
    return;
  }
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  metadata.namespace = namespace;
}

/** What the server alone says. */
function wipeSystemFields({ metadata }: KubeObject): void {
  delete metadata.creationTimestamp;
  delete metadata.uid;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
}

function drawName({ store, random }: Backend, target: Target, { metadata }: KubeObject): void {
  if (metadata.name || !metadata.generateName) return;
  for (let draw = 0; draw < NAME_DRAWS; draw++) {
    metadata.name = metadata.generateName.slice(0, MAX_PREFIX) + random.suffix();
    if (!store.get(target.name, metadata.namespace ?? '', metadata.name)) return;
  }
}

/** The refusal of a name that is taken. A prefix in the body makes it the server's doing, whoever chose the name. */
function taken(target: Target, { metadata }: KubeObject, there: KubeObject): StatusError {
  const { info } = target;
  const refusal = alreadyExists(info, metadata.name);
  if (metadata.generateName) {
    refusal.status.message += ', the server was not able to generate a unique name for the object';
    refusal.status.details = { ...refusal.status.details, retryAfterSeconds: 1 };
  }
  if (there.metadata.deletionTimestamp) {
    refusal.status.message = `object is being deleted: ${refusal.status.message ?? ''}`;
  }
  return new StatusError(refusal.status);
}

const METADATA = path('metadata');

export interface CreateOptions {
  /** Whether managedFields have been worked out already (server-side apply). */
  managedFieldsDone?: boolean;
  /** It comes from a PUT or an apply: whoever may do those must be asked whether they may create. */
  byUpdate?: boolean;
}

/** `object` is decoded and may be changed. Returns what was stored, or what would have been for a dry run. @throws StatusError */
export function create(
  backend: Backend,
  target: Target,
  namespace: string,
  object: KubeObject,
  context: RequestContext,
  { managedFieldsDone = false, byUpdate = false }: CreateOptions = {},
): KubeObject {
  const { store, clock, random } = backend;
  const { info, kind } = target;
  if (!byUpdate) wipeSystemFields(object);
  settleNamespace(target, object, namespace);
  dedupOwnerReferences(object, context.warn, managedFieldsDone);
  kind.defaults?.(object);
  const empties = context.component ? [] : takeEmpties(object);
  // what admission adds has no owner
  const managedFields = managedFieldsDone
    ? object.metadata.managedFields
    : trackUpdate({
        before: undefined,
        after: seenAs(target, object),
        ...trackedWrite(backend, target, context, ''),
      });
  delete object.metadata.managedFields;
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
  dedupOwnerReferences(object, context.warn, true);

  const { metadata } = object;
  const { resourceVersion = '' } = metadata;
  delete metadata.resourceVersion;
  metadata.uid = random.uuid();
  metadata.creationTimestamp = timeText(clock.now());
  drawName(backend, target, object);
  metadata.name ??= '';
  if (hasGeneration(target.name, kind)) metadata.generation = 1;
  kind.prepareForCreate?.(object, { ...backend, dryRun: context.dryRun });
  const own = withEmpties(empties, () => kind.validate?.(object, backend) ?? []);
  const rules = {
    namespaced: info.namespaced,
    nameFormat: kind.nameFormat ?? 'dns1123Subdomain',
    anyFinalizer: kind.anyFinalizer ?? false,
  } as const;
  const at = METADATA;
  const ofMetadata = kind.onlyCommonMetadata
    ? validateCommonMeta(metadata, info.namespaced, at)
    : validateObjectMeta(metadata, rules, at);
  const errors = kind.onlyCommonMetadata && own.length > 0 ? own : [...ofMetadata, ...own];
  if (errors.length > 0) throw invalidError(info, metadata.name ?? '', errors);
  const warnings = withEmpties(empties, () => kind.warnings?.(object, undefined) ?? []);
  for (const sentence of warnings) context.warn(sentence);
  kind.canonicalize?.(object);
  if (byUpdate) context.authorizeCreate?.();

  request.name = metadata.name;
  // before the name is looked up: what a quota counts here, it counts even when the name turns out to be taken
  validateAdmission(backend, request);
  const there = store.get<KubeObject>(target.name, namespace, metadata.name);
  if (there) throw taken(target, object, there);
  if (!byUpdate && /^[0-9]+$/.test(resourceVersion) && Number(resourceVersion) > 0 && !context.dryRun) {
    throw new StatusError({ message: 'resourceVersion should not be set on objects to be created', code: 500 });
  }
  if (managedFields && managedFields.length > 0) metadata.managedFields = managedFields;
  if (context.dryRun) {
    // the storage would have taken it out
    if (resourceVersion !== '') metadata.resourceVersion = resourceVersion;
    return object;
  }
  checkSize(object);
  return store.put(target.name, object);
}
