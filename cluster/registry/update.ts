/** PUT and PATCH meet here: a stored object becomes another version of itself. */
import { path, invalid } from '../api/field.ts';
import { equal } from '../api/merge.ts';
import { validateObjectMetaUpdate } from '../api/names.ts';
import { badRequest, conflict, invalidError, MODIFIED, notFoundError } from '../api/status.ts';
import type { KubeObject, ObjectMeta } from '../api/types.ts';
import { trackUpdate } from '../schema/apply/index.ts';
import { mutateAdmission, validateAdmission } from './admit.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { settleNamespace } from './create.ts';
import { finishDeletion } from './delete.ts';
import { hasGeneration } from './generation.ts';
import { checkSize } from './size.ts';
import { trackedWrite } from './tracked-write.ts';

export interface UpdateOptions {
  /** '' or 'status'; other subresources are turned into an update of the object by their own files. */
  subresource: string;
  /** Whether managedFields have been worked out already (server-side apply). */
  managedFieldsDone?: boolean;
  /** A uid in the body is a precondition (PUT), not a change that is refused (PATCH). */
  uidIsPrecondition?: boolean;
}

type Body = KubeObject & { status?: unknown };

/** Everything but metadata and status: what metadata.generation counts the changes of. */
const spec = ({ metadata: _metadata, status: _status, ...rest }: Body) => rest;

/** Writes of these change the status and nothing else; a certificate request's approval is a part of its status. */
const STATUS_WRITES: ReadonlySet<string> = new Set(['status', 'approval']);

/** Fields of metadata that belong to the server. */
function keepServerFields(metadata: ObjectMeta, old: ObjectMeta): void {
  metadata.creationTimestamp = old.creationTimestamp;
  metadata.uid ??= old.uid;
  for (const field of ['generation', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generateName'] as const) {
    if (old[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: old[field] });
  }
  delete metadata.selfLink;
}

/** Where etcd keeps an object. */
const storageKey = ({ info }: Target, { metadata: { namespace, name } }: KubeObject): string =>
  ['/registry', info.resource, ...(namespace ? [namespace] : []), name].join('/');

function checkIdentity(target: Target, object: KubeObject, old: KubeObject, uidIsPrecondition: boolean): void {
  const { info, kind } = target;
  const { metadata } = object;
  const { name } = old.metadata;
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (uidIsPrecondition && metadata.uid && metadata.uid !== old.metadata.uid) {
    throw conflict(
      info,
      name,
      // etcd's own words, which the API server passes on
      `StorageError: invalid object, Code: 4, Key: ${storageKey(target, old)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (metadata.resourceVersion === undefined || metadata.resourceVersion === '' || metadata.resourceVersion === '0') {
    if (kind.unconditionalUpdate === false) {
      throw invalidError(info, name, [
        invalid(path('metadata', 'resourceVersion'), 0, 'must be specified for an update'),
      ]);
    }
    // whichever version there is: what is checked from here on is an update of that
    if (old.metadata.resourceVersion !== undefined) metadata.resourceVersion = old.metadata.resourceVersion;
  } else if (metadata.resourceVersion !== old.metadata.resourceVersion) throw conflict(info, name, MODIFIED);
}

/** `make` gets the stored object and returns the new one, which may be changed. @throws StatusError */
export function update(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  make: (old: KubeObject) => KubeObject,
  context: RequestContext,
  options: UpdateOptions,
): KubeObject {
  const { store } = backend;
  const { info, kind } = target;
  const { subresource } = options;
  const old: Body | undefined = store.get(target.name, namespace, name);
  if (!old) throw notFoundError(info, name);
  const object: Body = make(old);
  settleNamespace(target, object, namespace);
  checkIdentity(target, object, old, options.uidIsPrecondition ?? false);
  kind.defaults?.(object);
  // what admission adds has no owner
  const managedFields = options.managedFieldsDone
    ? object.metadata.managedFields
    : trackUpdate({ before: old, after: object, ...trackedWrite(backend, target, context, subresource) });
  const request = {
    operation: 'UPDATE' as const,
    resource: info,
    subresource,
    namespace,
    name,
    object: object as KubeObject,
    old,
    user: context.user,
    dryRun: context.dryRun,
    warn: context.warn,
  };
  mutateAdmission(backend, request);

  keepServerFields(object.metadata, old.metadata);
  const updateContext = { ...backend, subresource };
  const hasStatus = info.subresources.some((one) => one.name === 'status');
  const statusWrite = STATUS_WRITES.has(subresource);
  if (statusWrite) {
    // the status is taken, and annotations with it: controllers write both at once. The rest stays, whatever the body says
    const { status } = object;
    const { annotations } = object.metadata;
    for (const field of Object.keys(object)) delete (object as unknown as Record<string, unknown>)[field];
    Object.assign(object, structuredClone({ ...old, status: undefined }), { status });
    if (status === undefined) delete object.status;
    if (annotations) object.metadata.annotations = annotations;
    else delete object.metadata.annotations;
    kind.prepareForStatusUpdate?.(object, old, updateContext);
  } else {
    if (hasStatus) {
      if (old.status === undefined) delete object.status;
      else object.status = structuredClone(old.status);
    }
    kind.prepareForUpdate?.(object, old, updateContext);
    if (hasGeneration(target.name, kind) && !equal(spec(object), spec(old))) {
      object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
  }
  const errors = [
    ...validateObjectMetaUpdate(object.metadata, old.metadata, path('metadata')),
    ...((statusWrite
      ? kind.validateStatusUpdate?.(object, old, updateContext)
      : kind.validateUpdate?.(object, old, updateContext)) ?? []),
  ];
  if (errors.length > 0) throw invalidError(info, name, errors);
  if (subresource === '') for (const sentence of kind.warnings?.(object, old) ?? []) context.warn(sentence);
  validateAdmission(backend, request);
  checkSize(object);

  object.metadata.resourceVersion = old.metadata.resourceVersion;
  if (managedFields && managedFields.length > 0) object.metadata.managedFields = managedFields;
  else delete object.metadata.managedFields;
  if (equal(object, old)) return old;
  if (context.dryRun) return object;
  return finishDeletion(backend, target, object) ?? store.put(target.name, object);
}
