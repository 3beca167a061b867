/** The review kinds as they travel: questions that are answered and never stored. */
import type { UserInfo } from '../../admission/plugin.ts';
import type { KubeObject } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import type { TokenVerdict } from '../tokens.ts';

interface SelectorRequirement {
  key?: string;
  operator?: string;
  values?: string[];
}

export interface SelectorAttributes {
  rawSelector?: string;
  requirements?: SelectorRequirement[];
}

export interface ReviewedResource {
  verb?: string;
  group?: string;
  version?: string;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  fieldSelector?: SelectorAttributes;
  labelSelector?: SelectorAttributes;
}

export interface AccessReview extends KubeObject {
  spec?: {
    user?: string;
    uid?: string;
    groups?: string[];
    extra?: Record<string, string[]>;
    resourceAttributes?: ReviewedResource;
    nonResourceAttributes?: { verb?: string; path?: string };
  };
}

export interface RulesReview extends KubeObject {
  spec?: { namespace?: string };
}

export interface TokenReview extends KubeObject {
  spec?: { token?: string; audiences?: string[] };
}

/** What a review is answered from. */
export interface ReviewContext {
  store: Reader;
  user: UserInfo;
  /** The namespace of the path; '' for none. */
  namespace: string;
  /** RFC 3339, to the second. */
  now: string;
  /** Whom a bearer token stands for. */
  authenticate(token: string, audiences: readonly string[]): TokenVerdict;
}
