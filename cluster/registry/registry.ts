/** All resources of one cluster behind the verbs of the API: what the HTTP edge and the cluster's own components both call. */
import { reviewerOf } from '../access/reviews/index.ts';
import { authenticateToken } from '../access/authenticate-token.ts';
import { unsigned, type TokenSigner } from '../access/tokens.ts';
import type { AdmissionPlugin, UserInfo } from '../admission/plugin.ts';
import { methodNotAllowed, notFoundError } from '../api/status.ts';
import { timeText } from '../api/time.ts';
import type { KubeObject } from '../api/types.ts';
import type { Kind } from '../kinds/kind.ts';
import { resourceName, type ResourceInfo } from '../schema/resources.ts';
import type { Client, Clock, DeleteOptions, Random, ResourceName } from '../store/client.ts';
import type { Store } from '../store/store.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { trackUpdate } from '../schema/apply/index.ts';
import { create, settleNamespace } from './create.ts';
import { remove, type Deleted } from './delete.ts';
import { patch, type Patched, type PatchRequest } from './patch.ts';
import { bind } from './subresources/binding.ts';
import { evict } from './subresources/eviction.ts';
import { requestToken } from './subresources/token.ts';
import { trackedWrite } from './tracked-write.ts';
import { update } from './update.ts';

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

/** A copy as it would arrive over the wire: fields that are undefined are not there. */
const plain = <T extends KubeObject>(object: T): T => JSON.parse(JSON.stringify(object)) as T;

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
      resource: (name) => resources.get(name),
    };
  }

  target(info: ResourceInfo): Target {
    const name = resourceName(info);
    return { info, name, kind: this.backend.kind(name) };
  }

  get(target: Target, namespace: string, name: string): KubeObject {
    const object = this.backend.store.get(target.name, namespace, name);
    if (!object) throw notFoundError(target.info, name);
    return object;
  }

  create(target: Target, namespace: string, object: KubeObject, context: RequestContext): KubeObject {
    return create(this.backend, target, namespace, object, context);
  }

  /** POST of a question: the answer, which nobody keeps. @throws StatusError */
  review(target: Target, namespace: string, object: KubeObject, context: RequestContext): KubeObject {
    const { store, clock, tokens: signer } = this.backend;
    const answer = reviewerOf(target.name);
    if (!answer) throw methodNotAllowed(target.info, 'create');
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
    return update(this.backend, target, namespace, name, () => object, context, {
      subresource,
      uidIsPrecondition: true,
    });
  }

  patch(target: Target, namespace: string, name: string, request: PatchRequest, context: RequestContext): Patched {
    return patch(this.backend, target, namespace, name, request, context);
  }

  delete(target: Target, namespace: string, name: string, options: DeleteOptions, context: RequestContext): Deleted {
    return remove(this.backend, target, namespace, name, options, context);
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
    });
    const target = (name: ResourceName): Target => {
      const info = this.#resources.get(name);
      if (!info) throw new Error(`no resource ${name}`);
      return this.target(info);
    };
    const put = <T extends KubeObject>(resource: ResourceName, object: T, subresource: string): T => {
      const { namespace = '', name } = object.metadata;
      return this.update(target(resource), namespace, name, plain(object), context(), subresource) as T;
    };
    return {
      get: (resource, namespace, name) => this.backend.store.get(resource, namespace, name),
      list: (resource, namespace) => this.backend.store.list(resource, namespace),
      create: <T extends KubeObject>(resource: ResourceName, object: T): T =>
        this.create(target(resource), object.metadata.namespace ?? '', plain(object), context()) as T,
      update: (resource, object) => put(resource, object, ''),
      updateStatus: (resource, object) => put(resource, object, 'status'),
      updateSubresource: (resource, subresource, object) => put(resource, object, subresource),
      createSubresource: (resource, namespace, name, subresource, body) =>
        void this.act(target(resource), namespace, name, subresource, body, context()),
      delete: (resource, namespace, name, options = {}) => {
        if (!this.backend.store.get(resource, namespace, name)) return;
        this.delete(target(resource), namespace, name, options, context());
      },
    };
  }
}
