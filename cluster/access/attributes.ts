/** What a request wants to do, as authorizers are asked about it. */
import type { FieldRequirement } from '../api/selector.ts';

export interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  /** '' for the object itself. */
  subresource: string;
  /** '' for cluster scope, or all namespaces. */
  namespace: string;
  /** '' when the request names no object. */
  name: string;
  /** What a list, watch or deletecollection is narrowed to by fields. */
  fields?: readonly FieldRequirement[];
}

/** Of paths that are no resources: /healthz, /version, /api. */
export interface PathAttributes {
  verb: string;
  path: string;
}

export interface Decision {
  allowed: boolean;
  /** Which binding allowed it; when refused, what stood in the way, '' when simply no rule allows it. */
  reason: string;
}
