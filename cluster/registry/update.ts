/** PUT and PATCH meet here: a stored object becomes another version of itself. */
import { path, invalid } from '../api/field.ts';
import { equal, wireCopy } from '../api/merge.ts';
import { badRequest, conflict, invalidError, MODIFIED, notFoundError, StatusError } from '../api/status.ts';
import type { KubeObject, ObjectMeta } from '../api/types.ts';
import type { ResourceName } from '../store/client.ts';
import { trackUpdate, withOldTimes } from '../schema/apply/index.ts';
import { alike, takeEmpties, withEmpties } from '../schema/empties.ts';
import { mutateAdmission, validateAdmission } from './admit.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { settleNamespace } from './create.ts';
import { finishDeletion } from './delete.ts';
import { countsChanges } from './generation.ts';
import { metadataErrors } from './metadata.ts';
import { dedupOwnerReferences } from './owner-references.ts';
import { checkSize } from './size.ts';
import { needsVersion } from './storage-rules.ts';
import { keepAllButStatus } from './subresource-writes.ts';
import { seenAs, trackedWrite } from './tracked-write.ts';

export interface UpdateOptions {
  /** '' or 'status'; other subresources are turned into an update of the object by their own files. */
  subresource: string;
  /** What admission is shown instead of the object: a scale, as a part of its own. */
  admission?: { subresource: string; view(object: KubeObject): KubeObject };
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

/** Fields of metadata that belong to the server: what a client says of them is passed over, or refused when it differs. */
function keepServerFields(metadata: ObjectMeta, old: ObjectMeta): void {
  metadata.creationTimestamp = old.creationTimestamp;
  if (!metadata.uid) metadata.uid = old.uid;
  if (old.generation === undefined) delete metadata.generation;
  else metadata.generation = old.generation;
  if (old.deletionTimestamp !== undefined) metadata.deletionTimestamp = old.deletionTimestamp;
  if (old.deletionGracePeriodSeconds !== undefined) {
    metadata.deletionGracePeriodSeconds ??= old.deletionGracePeriodSeconds;
  }
  delete metadata.selfLink;
}

function setManagedFields(metadata: ObjectMeta, managedFields: ObjectMeta['managedFields']): void {
  if (managedFields && managedFields.length > 0) metadata.managedFields = managedFields;
  else delete metadata.managedFields;
}

/** Where etcd keeps objects, below its root: by resource, but some are kept where they were first. */
const STORED_AS: Readonly<Record<ResourceName, string>> = {
  endpoints: 'services/endpoints',
  nodes: 'minions',
  replicationcontrollers: 'controllers',
  services: 'services/specs',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
  'ingresses.networking.k8s.io': 'ingress',
};
/** A dry run never comes to the storage that knows the root. */
function storageKey(
  { info, name: resource, custom }: Target,
  namespace: string,
  name: string,
  dryRun: boolean,
): string {
  const place = STORED_AS[resource] ?? (custom ? `${info.group}/${info.resource}` : info.resource);
  return [dryRun ? '' : '/registry', place, ...(namespace ? [namespace] : []), name].join('/');
}

/** The body must be about what the path names. @throws StatusError BadRequest */
export function checkIdentity(target: Target, object: KubeObject, namespace: string, name: string): void {
  settleNamespace(target, object, namespace);
  const { metadata } = object;
  if (!metadata.name) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
}

/** The uid in the body of a PUT must be that of the stored object ('' where there is none). @throws StatusError Conflict */
export function checkUid(
  target: Target,
  { namespace = '', name }: { namespace?: string; name: string },
  { wanted, uid }: { wanted: string; uid: string },
  dryRun: boolean,
): void {
  if (wanted === uid) return;
  throw conflict(
    target.info,
    name,
    // etcd's own words, which the API server passes on
    `StorageError: invalid object, Code: 4, Key: ${storageKey(target, namespace, name, dryRun)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${uid}`,
  );
}

/** An update is made from some version of the object, by default from the present one. @throws StatusError */
function checkVersion(target: Target, metadata: ObjectMeta, old: ObjectMeta): void {
  const { info } = target;
  const { resourceVersion = '' } = metadata;
  if (resourceVersion !== '' && !/^[0-9]+$/.test(resourceVersion)) {
    throw new StatusError({
      message: `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
      code: 500,
    });
  }
  if (Number(resourceVersion) === 0) {
    if (needsVersion(target)) {
      // the real server puts the resource where the kind belongs
      throw invalidError({ group: info.group, kind: info.resource }, old.name, [
        invalid(path('metadata', 'resourceVersion'), 0, 'must be specified for an update'),
      ]);
    }
    if (old.resourceVersion !== undefined) metadata.resourceVersion = old.resourceVersion;
  } else if (Number(resourceVersion) !== Number(old.resourceVersion)) throw conflict(info, old.name, MODIFIED);
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
  if (!old) throw notFoundError(target.served?.info ?? info, name);
  const object: Body = make(old);
  checkIdentity(target, object, namespace, name);
  if (options.uidIsPrecondition && object.metadata.uid) {
    checkUid(target, { namespace, name }, { wanted: object.metadata.uid, uid: old.metadata.uid ?? '' }, context.dryRun);
  }
  if (options.uidIsPrecondition) dedupOwnerReferences(object, context.warn, false);
  const statusWrite = STATUS_WRITES.has(subresource);
  // a component's status comes with the stored spec, which has its defaults
  if (!(context.component && statusWrite)) kind.defaults?.(object);
  const empties = context.component ? [] : takeEmpties(object);
  // what admission adds has no owner
  const tracked = options.managedFieldsDone
    ? object.metadata.managedFields
    : trackUpdate({
        before: seenAs(target, old),
        after: seenAs(target, object),
        ...trackedWrite(backend, target, context, subresource),
      });
  setManagedFields(object.metadata, tracked);
  const { admission = { subresource, view: (one: KubeObject) => one } } = options;
  const request = {
    operation: 'UPDATE' as const,
    resource: info,
    subresource: admission.subresource,
    namespace,
    name,
    object: admission.view(object),
    old: admission.view(old),
    user: context.user,
    dryRun: context.dryRun,
    warn: context.warn,
  };
  mutateAdmission(backend, request);
  dedupOwnerReferences(object, context.warn, true);
  checkVersion(target, object.metadata, old.metadata);

  keepServerFields(object.metadata, old.metadata);
  const updateContext = { ...backend, subresource, dryRun: context.dryRun };
  const hasStatus = info.subresources.some((one) => one.name === 'status');
  if (statusWrite) {
    keepAllButStatus(target, object, old);
    kind.prepareForStatusUpdate?.(object, old, updateContext);
  } else {
    if (hasStatus) {
      if (old.status === undefined) delete object.status;
      else object.status = wireCopy(old.status);
    }
    kind.prepareForUpdate?.(object, old, updateContext);
    if (countsChanges(target.name, kind) && !equal(spec(object), spec(old))) {
      object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
  }
  const before = alike(old, empties);
  const errors = [
    ...metadataErrors(target, subresource, object.metadata, old.metadata),
    ...withEmpties(
      empties,
      () =>
        (statusWrite
          ? kind.validateStatusUpdate?.(object, before, updateContext)
          : kind.validateUpdate?.(object, before, updateContext)) ?? [],
    ),
  ];
  if (errors.length > 0) throw invalidError(info, name, errors);
  const warnings = withEmpties(empties, () =>
    statusWrite ? kind.statusWarnings?.(object) : kind.warnings?.(object, before),
  );
  for (const sentence of warnings ?? []) context.warn(sentence);
  setManagedFields(object.metadata, withOldTimes(tracked, object, old));
  validateAdmission(backend, request);
  if (!context.dryRun) checkSize(object);

  object.metadata.resourceVersion = old.metadata.resourceVersion;
  if (old.metadata.deletionTimestamp) {
    const finished = finishDeletion(backend, target, object, context);
    if (finished) return finished;
  }
  if (equal(object, old)) return old;
  return context.dryRun ? object : store.put(target.name, object);
}
