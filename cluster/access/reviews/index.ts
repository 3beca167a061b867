/** The review resources, each with what answers it. */
import type { KubeObject } from '../../api/types.ts';
import { reviewAccess } from './access-review.ts';
import { reviewSelf, reviewToken } from './identity-reviews.ts';
import { reviewRules } from './rules-review.ts';
import type { ReviewContext } from './shapes.ts';

export type { ReviewContext } from './shapes.ts';

type Answer = (review: KubeObject, context: ReviewContext) => KubeObject;

const answers: Readonly<Record<string, Answer>> = {
  'localsubjectaccessreviews.authorization.k8s.io': (body, context) => reviewAccess(body, 'local', context),
  'selfsubjectaccessreviews.authorization.k8s.io': (body, context) => reviewAccess(body, 'self', context),
  'selfsubjectreviews.authentication.k8s.io': reviewSelf,
  'selfsubjectrulesreviews.authorization.k8s.io': reviewRules,
  'subjectaccessreviews.authorization.k8s.io': (body, context) => reviewAccess(body, 'any', context),
  'tokenreviews.authentication.k8s.io': reviewToken,
};

/** undefined: the resource is no review. */
export const reviewerOf = (resource: string): Answer | undefined => answers[resource];
