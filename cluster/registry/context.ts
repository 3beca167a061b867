/** What every verb of the registry is given. */
import type { TokenSigner } from '../access/tokens.ts';
import type { CustomResource } from '../custom-resources/index.ts';
import type { AdmissionPlugin, UserInfo } from '../admission/plugin.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ResourceInfo } from '../schema/resources.ts';
import type { ServedVersion } from '../schema/versions/index.ts';
import type { Client, Clock, Random, ResourceName } from '../store/client.ts';
import type { Store } from '../store/store.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** Who asks, and how: the query parameters and headers that all writes share. */
export interface RequestContext {
  user: UserInfo;
  dryRun: boolean;
  /** The `manager` of managedFields. */
  fieldManager: string;
  fieldValidation: FieldValidation;
  /** Adds a sentence to the answer's Warning headers. */
  warn(sentence: string): void;
  /** The cluster's own components write: what they leave empty stays as it is. Absent: no. */
  component?: boolean;
  /** The object goes with its whole collection: admission is told no name. Absent: no. */
  collection?: boolean;
  /** Whether who may update or patch may also create what is not there; absent: yes. @throws StatusError Forbidden */
  authorizeCreate?(): void;
}

/** What the verbs work on. */
export interface Backend {
  store: Store;
  clock: Clock;
  random: Random;
  admission: readonly AdmissionPlugin[];
  /** The kind's special behaviour; an empty one when nothing is special. */
  kind(resource: ResourceName): Kind;
  tokens: TokenSigner;
  /** A client that acts as the API server itself. */
  client: Client;
  /** Looks a resource up, CustomResourceDefinitions included. */
  resource(name: ResourceName): ResourceInfo | undefined;
}

/** One resource, resolved: what is known about it and what is special. */
export interface Target {
  info: ResourceInfo;
  name: ResourceName;
  kind: Kind;
  /** What a CustomResourceDefinition says; absent: a built-in resource. */
  custom?: CustomResource;
  /** Asked for in another version than objects are stored in; `info` is that of the stored one. */
  served?: ServedVersion;
}
