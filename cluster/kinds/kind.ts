/** What is special about one kind. Everything left out is the generic behaviour, driven by the schema facts. */
import type { FieldError } from '../api/field.ts';
import type { KubeObject } from '../api/types.ts';
import type { Clock, Random, Reader, ResourceName } from '../store/client.ts';

export interface KindContext {
  store: Reader;
  clock: Clock;
  random: Random;
  /** Nothing will be stored: what is allocated may be a guess. Absent: false. */
  dryRun?: boolean;
}

/** A Table cell: what kubectl prints. Numbers stay numbers. */
export type Cell = string | number | boolean | null;

export interface UpdateContext extends KindContext {
  /** '' for the object itself, else the subresource written: `status`, `scale`, ... */
  subresource: string;
}

export interface Kind<T extends KubeObject = KubeObject> {
  resource: ResourceName;

  /** Fills in what the server defaults, on every write and before admission. Mutates. Running it twice changes nothing more. */
  defaults?(object: T): void;

  /** Before validation of a create: drop what clients may not set (status), allocate (cluster IPs). Mutates. `metadata` basics are done already. */
  prepareForCreate?(object: T, context: KindContext): void;
  /** Before validation of an update (not of status): keep what may not change silently. Mutates. The caller has copied the old status in and bumps generation when the spec changed. */
  prepareForUpdate?(object: T, old: T, context: UpdateContext): void;
  /** Before validation of a status update. Mutates. The caller has copied everything but the status from `old`. */
  prepareForStatusUpdate?(object: T, old: T, context: UpdateContext): void;

  /** All problems of a new object, metadata excepted (the caller validates that). Never throws; may not mutate. */
  validate?(object: T, context: KindContext): FieldError[];
  /** How names are checked: default dns1123Subdomain. */
  nameFormat?: 'dns1123Subdomain' | 'dns1123SubdomainBytes' | 'dns1123Label' | 'dns1035Label' | 'pathSegment';
  /** The real kind leaves its metadata to what is checked of every kind, once nothing else is wrong: names are path segments. */
  onlyCommonMetadata?: boolean;
  /** Finalizers of the real kind need no domain. */
  anyFinalizer?: boolean;
  /** After validation of a create and before it is stored: what the real server fills in when it reads the object back. Mutates. */
  canonicalize?(object: T): void;
  /** All problems of an update: those of `validate` where the real server checks them again, and changes of immutable fields. */
  validateUpdate?(object: T, old: T, context: UpdateContext): FieldError[];
  validateStatusUpdate?(object: T, old: T, context: UpdateContext): FieldError[];
  /** Sentences for the Warning header of a create or update. */
  warnings?(object: T, old: T | undefined): string[];
  /** The same of a status update. */
  statusWarnings?(object: T): string[];
  /** The real kind has metadata.generation. Default: true when it has a spec. */
  hasGeneration?: boolean;
  /** Allow PUT to create, and updates without a resourceVersion. Defaults: false and true. */
  createOnUpdate?: boolean;
  unconditionalUpdate?: boolean;

  /** Fields for --field-selector besides metadata.name and metadata.namespace: the field's path to its value. */
  fields?(object: T): Record<string, string>;

  /** Table cells, one for each column of facts/columns.json, in that order. Ages are ISO times: the caller turns them into ages. */
  cells?(object: T, context: KindContext): Cell[];

  /** Deletion: how long the object lingers after a delete, in seconds. 0 or undefined: goes at once (unless finalizers hold it). */
  gracePeriodSeconds?(object: T, requested: number | undefined): number;
  /** Why an object may never be deleted; undefined: it may. */
  keeps?(object: T): string | undefined;
  /** Default propagation when the client asks for none. Default: Background. */
  defaultPropagation?: 'Orphan' | 'Background';
}
