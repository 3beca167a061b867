/** Who is it? SelfSubjectReview about the client itself, TokenReview about the bearer of a token. */
import { badRequest } from '../../api/status.ts';
import type { KubeObject } from '../../api/types.ts';
import type { ReviewContext, TokenReview } from './shapes.ts';

export function reviewSelf({ apiVersion, kind }: KubeObject, { user, now }: ReviewContext): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { creationTimestamp: now },
    status: { userInfo: user },
  } as unknown as KubeObject;
}

const NOBODY = 'invalid bearer token';

export function reviewToken(review: TokenReview, { authenticate }: ReviewContext): KubeObject {
  const { token = '', audiences = [] } = review.spec ?? {};
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const verdict = authenticate(token, audiences);
  if (!('user' in verdict)) {
    const error = verdict.error === '' ? NOBODY : `[${NOBODY}, ${verdict.error}]`;
    return { ...review, status: { user: {}, error } } as KubeObject;
  }
  return { ...review, status: { authenticated: true, user: verdict.user, audiences: verdict.audiences } } as KubeObject;
}
