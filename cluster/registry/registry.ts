/** All resources of one cluster behind the verbs of the API: what the HTTP edge and the cluster's own components both call. */
import { reviewerOf } from '../access/reviews/index.ts';
import { authenticateToken } from '../access/authenticate-token.ts';
import { unsigned, type TokenSigner } from '../access/tokens.ts';
import type { AdmissionPlugin, UserInfo } from '../admission/plugin.ts';
import { wireCopy } from '../api/merge.ts';
import { methodNotAllowed, notFoundError } from '../api/status.ts';
import { timeText } from '../api/time.ts';
import { customResourceOf, customResources } from '../custom-resources/index.ts';
import { markedForDeletion } from '../custom-resources/delete-definition.ts';
import { servedStore } from '../custom-resources/served-store.ts';
import { noCreateWhileTerminating } from '../custom-resources/terminating.ts';
import type { KubeObject } from '../api/types.ts';
import type { Kind } from '../kinds/kind.ts';
import { resourceName, type ResourceInfo } from '../schema/resources.ts';
import { servedVersion } from '../schema/versions/index.ts';
import { takeEmpties } from '../schema/empties.ts';
import type { Client, Clock, DeleteOptions, Random, ResourceName } from '../store/client.ts';
import type { Store } from '../store/store.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { trackUpdate } from '../schema/apply/index.ts';
import { DEFINITIONS } from '../schema/structural/custom-resource-definition.ts';
import { mutateAdmission, validateAdmission } from './admit.ts';
import { create, settleNamespace } from './create.ts';
import { remove, type Deleted } from './delete.ts';
import { patch, type Patched, type PatchRequest } from './patch.ts';
import { bind } from './subresources/binding.ts';
import { evict } from './subresources/eviction.ts';
import { requestToken } from './subresources/token.ts';
import { trackedWrite } from './tracked-write.ts';
import { isCreatedByPut } from './storage-rules.ts';
import { checkIdentity, checkUid, update } from './update.ts';

export interface RegistryParts {
  store: Store;
  clock: Clock;
  random: Random;
  admission: readonly AdmissionPlugin[];
  kinds: ReadonlyMap<ResourceName, Kind>;
  resources: ReadonlyMap<ResourceName, ResourceInfo>;
  /** Default: tokens without a signature. */
  tokens?: TokenSigner;
}

/** A copy for a write of the status: that looks at nothing else, and shares the rest with what is stored. */
function withOwnStatus<T extends KubeObject & { status?: unknown }>(object: T): T {
  const metadata: Record<string, unknown> = {};
  // parts that are frozen come from the store, and nobody changes them on the way: they stay one with what is stored
  for (const [field, part] of Object.entries(object.metadata)) {
    if (part !== undefined) metadata[field] = Object.isFrozen(part) ? part : wireCopy(part);
  }
  const copy: T = { ...object, metadata };
  if (object.status !== undefined) copy.status = wireCopy(object.status);
  return copy;
}

/** The API server's own identity. */
const SELF: UserInfo = { username: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

export class Registry {
  readonly backend: Backend;
  readonly #resources: ReadonlyMap<ResourceName, ResourceInfo>;

  constructor({ kinds, resources, tokens = unsigned, ...parts }: RegistryParts) {
    this.#resources = resources;
    this.backend = {
      ...parts,
      tokens,
      kind: (name) => kinds.get(name) ?? { resource: name },
      client: this.client(SELF),
      resource: (name) => resources.get(name) ?? customResources(parts.store).byName.get(name)?.info,
    };
  }

  target(info: ResourceInfo): Target {
    const served = servedVersion(info);
    if (served) return { ...this.target(served.stored), served };
    const name = resourceName(info);
    const custom = customResourceOf(info);
    return custom ? { info, name, kind: custom.kind, custom } : { info, name, kind: this.backend.kind(name) };
  }

  /** The store as the target's version of its objects sees it. */
  store({ custom }: Target): Store {
    const { store } = this.backend;
    return custom ? servedStore(store, custom) : store;
  }

  /** What the verbs work on, for this target. */
  backendOf(target: Target): Backend {
    if (!target.custom) return this.backend;
    const admission = target.custom.terminating
      ? [noCreateWhileTerminating, ...this.backend.admission]
      : this.backend.admission;
    return { ...this.backend, store: this.store(target), admission };
  }

  get(target: Target, namespace: string, name: string): KubeObject {
    const object = this.store(target).get<KubeObject>(target.name, namespace, name);
    if (!object) throw notFoundError(target.served?.info ?? target.info, name);
    return object;
  }

  create(target: Target, namespace: string, object: KubeObject, context: RequestContext): KubeObject {
    return create(this.backendOf(target), target, namespace, object, context);
  }

  /** POST of a question: the answer, which nobody keeps. @throws StatusError */
  review(target: Target, namespace: string, object: KubeObject, context: RequestContext): KubeObject {
    const { store, clock, tokens: signer } = this.backend;
    const answer = reviewerOf(target.name);
    if (!answer) throw methodNotAllowed(target.info, 'create');
    takeEmpties(object);
    settleNamespace(target, object, namespace);
    const written = trackedWrite(this.backend, target, context, '');
    const managedFields = trackUpdate({ before: undefined, after: object, ...written });
    if (managedFields) object.metadata.managedFields = managedFields;
    return answer(object, {
      store,
      namespace,
      user: context.user,
      now: timeText(clock.now()),
      authenticate: (token, audiences) => authenticateToken({ store, signer, nowMs: clock.now() }, token, audiences),
    });
  }

  /** PUT. `subresource` is '' or 'status'. */
  update(
    target: Target,
    namespace: string,
    name: string,
    object: KubeObject,
    context: RequestContext,
    subresource = '',
  ): KubeObject {
    return update(this.backendOf(target), target, namespace, name, () => object, context, {
      subresource,
      uidIsPrecondition: true,
    });
  }

  /** PUT from outside: of some resources it creates what is not there. @throws StatusError */
  replace(target: Target, namespace: string, name: string, object: KubeObject, context: RequestContext): Patched {
    const { backend } = this;
    checkIdentity(target, object, namespace, name);
    if (isCreatedByPut(target) && !backend.store.get(target.name, namespace, name)) {
      if (object.metadata.uid)
        checkUid(target, { namespace, name }, { wanted: object.metadata.uid, uid: '' }, context.dryRun);
      return { object: create(backend, target, namespace, object, context, { byUpdate: true }), created: true };
    }
    return { object: this.update(target, namespace, name, object, context), created: false };
  }

  patch(target: Target, namespace: string, name: string, request: PatchRequest, context: RequestContext): Patched {
    return patch(this.backendOf(target), target, namespace, name, request, context);
  }

  delete(target: Target, namespace: string, name: string, options: DeleteOptions, context: RequestContext): Deleted {
    if (target.name === DEFINITIONS) {
      const deleted = this.#deleteDefinition(target, name, options, context);
      if (deleted) return deleted;
    }
    return remove(this.backendOf(target), target, namespace, name, options, context);
  }

  /** undefined: it is marked, and goes like everything else. @throws StatusError */
  #deleteDefinition(
    target: Target,
    name: string,
    options: DeleteOptions,
    context: RequestContext,
  ): Deleted | undefined {
    const { store, clock } = this.backend;
    const marked = markedForDeletion(store, clock, name, options);
    if (!marked) return undefined;
    const old = store.get<KubeObject>(target.name, '', name);
    validateAdmission(this.backend, {
      operation: 'DELETE',
      resource: target.info,
      subresource: '',
      namespace: '',
      name,
      ...(old ? { old } : {}),
      options,
      user: context.user,
      dryRun: context.dryRun,
      warn: context.warn,
    });
    if (context.dryRun || options.dryRun?.length) return { object: marked, gone: false };
    return { object: store.put(target.name, marked), gone: false };
  }

  /** POST to a subresource that acts. Returns the answer's body; undefined: plain success. */
  act(
    target: Target,
    namespace: string,
    name: string,
    subresource: string,
    body: KubeObject,
    context: RequestContext,
  ): KubeObject | undefined {
    const { info } = target;
    if (!info.subresources.some((one) => one.name === subresource && one.verbs.includes('create'))) {
      throw methodNotAllowed(info, 'create');
    }
    if (!context.component) takeEmpties(body);
    const { user, dryRun, warn } = context;
    const request = {
      operation: 'CREATE' as const,
      resource: info,
      subresource,
      namespace,
      name,
      object: body,
      user,
      dryRun,
      warn,
    };
    mutateAdmission(this.backend, request);
    validateAdmission(this.backend, request);
    if (target.name === 'pods' && subresource === 'binding') {
      return bind(this.backend, target, namespace, name, body, context);
    }
    if (target.name === 'pods' && subresource === 'eviction') {
      return evict(this.backend, target, namespace, name, body, context);
    }
    if (target.name === 'serviceaccounts' && subresource === 'token') {
      return requestToken(this.backend, target, namespace, name, body, context);
    }
    throw methodNotAllowed(target.info, 'create');
  }

  /** A client that acts as `user`, for the cluster's own components: no authorization, but admission and validation as for all. */
  client(user: UserInfo): Client {
    const context = (): RequestContext => ({
      user,
      dryRun: false,
      fieldManager: user.username.split(':').at(-1) ?? user.username,
      fieldValidation: 'Ignore',
      warn: () => undefined,
      component: true,
    });
    const target = (name: ResourceName): Target => {
      const info = this.#resources.get(name) ?? customResources(this.backend.store).byName.get(name)?.info;
      if (!info) throw new Error(`no resource ${name}`);
      return this.target(info);
    };
    const put = <T extends KubeObject>(resource: ResourceName, object: T, subresource: string): T => {
      const { namespace = '', name } = object.metadata;
      const sent = subresource === 'status' ? withOwnStatus(object) : wireCopy(object);
      return this.update(target(resource), namespace, name, sent, context(), subresource) as T;
    };
    return {
      get: (resource, namespace, name) => this.backend.store.get(resource, namespace, name),
      list: (resource, namespace) => this.backend.store.list(resource, namespace),
      podsOn: (node) => this.backend.store.podsOn(node),
      promisedPods: () => this.backend.store.promisedPods(),
      create: <T extends KubeObject>(resource: ResourceName, object: T): T =>
        this.create(target(resource), object.metadata.namespace ?? '', wireCopy(object), context()) as T,
      update: (resource, object) => put(resource, object, ''),
      updateStatus: (resource, object) => put(resource, object, 'status'),
      updateSubresource: (resource, subresource, object) => put(resource, object, subresource),
      createSubresource: (resource, namespace, name, subresource, body) =>
        void this.act(target(resource), namespace, name, subresource, body, context()),
      delete: (resource, namespace, name, options = {}) => {
        if (!this.backend.store.get(resource, namespace, name)) return;
        this.delete(target(resource), namespace, name, options, context());
      },
      deleteCollection: (resource, namespace, options = {}) => {
        for (const { metadata } of this.backend.store.list(resource, namespace)) {
          // one that went with another is no reason to stop
          if (!this.backend.store.get(resource, namespace, metadata.name)) continue;
          this.delete(target(resource), namespace, metadata.name, options, { ...context(), collection: true });
        }
      },
    };
  }
}
