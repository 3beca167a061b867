/** SubjectAccessReview, its local form, and the one about oneself: may they? */
import type { UserInfo } from '../../admission/plugin.ts';
import { invalid, path, type FieldError } from '../../api/field.ts';
import { badRequest, invalidError } from '../../api/status.ts';
import type { KubeObject } from '../../api/types.ts';
import type { PathAttributes, ResourceAttributes } from '../attributes.ts';
import { authorize } from '../authorizer.ts';
import { fieldSelectorErrors, labelSelectorErrors, understandFields, understandLabels } from './selectors.ts';
import type { AccessReview, ReviewContext, ReviewedResource } from './shapes.ts';

/** `self`: about who asks. `local`: in the namespace of the path. */
export type AccessReviewForm = 'any' | 'local' | 'self';

const SPEC = path('spec');
const RESOURCE = path('spec', 'resourceAttributes');

const printedPath = ({ path: url = '', verb = '' }: { path?: string; verb?: string }) => ({ Path: url, Verb: verb });

function specErrors({ spec = {} }: AccessReview, form: AccessReviewForm): FieldError[] {
  const { resourceAttributes: resource, nonResourceAttributes: url } = spec;
  const errors: FieldError[] = [];
  if (resource && url) {
    const detail = 'cannot be specified in combination with resourceAttributes';
    errors.push(invalid(SPEC.child('nonResourceAttributes'), printedPath(url), detail));
  }
  if (!resource && !url) {
    const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push(invalid(RESOURCE, null, detail));
  }
  if (form !== 'self' && !spec.user && !spec.groups?.length) {
    errors.push(invalid(SPEC.child('user'), '', 'at least one of user or group must be specified'));
  }
  return [
    ...errors,
    ...fieldSelectorErrors(resource?.fieldSelector, RESOURCE.child('fieldSelector')),
    ...labelSelectorErrors(resource?.labelSelector, RESOURCE.child('labelSelector')),
  ];
}

function validate(review: AccessReview, form: AccessReviewForm): FieldError[] {
  const errors = specErrors(review, form);
  const { metadata, spec = {} } = review;
  const { managedFields: _fields, namespace, ...rest } = metadata as Partial<typeof metadata>;
  const known = Object.entries(rest).some(([, value]) => value !== '' && value !== null && value !== undefined);
  if (form === 'local') {
    if (known) errors.push(invalid(path('metadata'), metadata, 'must be empty except for namespace'));
    const inside = spec.resourceAttributes?.namespace ?? '';
    if (spec.resourceAttributes && inside !== (namespace ?? '')) {
      errors.push(invalid(RESOURCE.child('namespace'), inside, 'must match metadata.namespace'));
    }
    if (spec.nonResourceAttributes) {
      const shown = printedPath(spec.nonResourceAttributes);
      errors.push(invalid(SPEC.child('nonResourceAttributes'), shown, 'disallowed on this kind of request'));
    }
  } else if (known || namespace) errors.push(invalid(path('metadata'), metadata, 'must be empty'));
  return errors;
}

/** The selectors as far as they could be read, and what to say about the rest. */
function selectors({ fieldSelector, labelSelector }: ReviewedResource): Pick<ResourceAttributes, 'fields'> & {
  problems: string[];
} {
  const fields = fieldSelector && understandFields(fieldSelector);
  const labels = labelSelector && understandLabels(labelSelector);
  const problems = [
    { name: 'fieldSelector', read: fields },
    { name: 'labelSelector', read: labels },
  ].flatMap(({ name, read }) =>
    read?.broken
      ? [`spec.resourceAttributes.${name} ${read.count > 0 ? 'partially ' : ''}ignored due to parse error`]
      : [],
  );
  return { ...(fields ? { fields: fields.requirements } : {}), problems };
}

/** The review with its status. @throws StatusError */
export function reviewAccess(review: AccessReview, form: AccessReviewForm, context: ReviewContext): KubeObject {
  const errors = validate(review, form);
  // the server forgets the kind on the way to this sentence
  if (errors.length > 0) throw invalidError({ group: 'authorization.k8s.io', kind: '' }, '', errors);
  const { spec = {} } = review;
  if (form === 'local' && context.namespace !== review.metadata.namespace) {
    throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${context.namespace}`);
  }
  const subject: UserInfo = form === 'self' ? context.user : { username: spec.user ?? '', groups: spec.groups ?? [] };
  let problems: string[] = [];
  let asked: ResourceAttributes | PathAttributes;
  if (spec.resourceAttributes) {
    const {
      verb = '',
      group = '',
      resource = '',
      subresource = '',
      namespace = '',
      name = '',
    } = spec.resourceAttributes;
    const narrowed = selectors(spec.resourceAttributes);
    problems = narrowed.problems;
    const { fields } = narrowed;
    asked = { verb, group, resource, subresource, namespace, name, ...(fields ? { fields } : {}) };
  } else {
    const { verb = '', path: url = '' } = spec.nonResourceAttributes ?? {};
    asked = { verb, path: url };
  }
  const { allowed, reason } = authorize(context.store, subject, asked);
  const status = {
    allowed,
    ...(reason === '' ? {} : { reason }),
    ...(problems.length > 0 ? { evaluationError: problems.join('; ') } : {}),
  };
  return { ...review, spec, status } as KubeObject;
}
