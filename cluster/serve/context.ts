/** The query parameters and headers that all writes share, and what is wrong with them. */
import type { UserInfo } from '../admission/plugin.ts';
import { forbidden, notSupported, path, required, type FieldError } from '../api/field.ts';
import { validateFieldManager } from '../api/metadata.ts';
import { invalidError } from '../api/status.ts';
import type { FieldValidation, RequestContext } from '../registry/context.ts';
import { checkDeleteOptions, validateDryRun } from '../registry/delete-options.ts';
import type { DeleteOptions } from '../store/client.ts';
import type { ApiRequest } from './api.ts';
import { isTrue, parseInt64 } from './list-options.ts';

const VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn'];
const MAX_MANAGER = 128;

/** Only what can be printed, and not too much of it. */
function printable(text: string): string {
  const kept = Array.from(text).filter((char) => /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char));
  return kept.join('').slice(0, MAX_MANAGER);
}

/** `kubectl/v1.35.2 (linux/amd64) ...` manages fields as `kubectl`. */
const managerOf = (userAgent: string | undefined): string => printable((userAgent ?? '').split('/', 1)[0] ?? '');

const OPTIONS_KIND: Record<string, string> = { POST: 'CreateOptions', PUT: 'UpdateOptions', PATCH: 'PatchOptions' };

const isApply = ({ headers }: ApiRequest): boolean =>
  headers['content-type']?.startsWith('application/apply-patch') ?? false;

/** What a write is asked to do besides its body. @throws StatusError Invalid, naming the kind of the options */
export function requestContext(request: ApiRequest, user: UserInfo, warn: (sentence: string) => void): RequestContext {
  const { query, headers, method } = request;
  const context: RequestContext = {
    user,
    dryRun: false,
    fieldManager: managerOf(headers['user-agent']),
    fieldValidation: 'Warn',
    warn,
  };
  const kind = OPTIONS_KIND[method];
  if (kind === undefined) return context;
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const dryRun = query.getAll('dryRun');
  const apply = isApply(request);
  const errors: FieldError[] = [];
  if (method === 'PATCH') {
    if (apply && fieldManager === '') errors.push(required(path('fieldManager'), 'is required for apply patch'));
    if (!apply && query.has('force')) {
      errors.push(forbidden(path('force'), 'may not be specified for non-apply patch'));
    }
  }
  errors.push(...validateFieldManager(fieldManager, path('fieldManager')), ...validateDryRun(dryRun));
  if (!VALIDATIONS.includes(fieldValidation)) {
    errors.push(notSupported(path('fieldValidation'), fieldValidation, VALIDATIONS));
  }
  if (errors.length > 0) throw invalidError({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    ...context,
    dryRun: dryRun.length > 0,
    fieldManager: fieldManager === '' ? context.fieldManager : fieldManager,
    fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as FieldValidation),
  };
}

/** Apply only: whether fields are taken over from other managers. */
export const isForced = ({ query }: ApiRequest): boolean => query.has('force') && isTrue(query.get('force') ?? '');

function optionsOfQuery(query: URLSearchParams): DeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const orphan = query.get('orphanDependents');
  return {
    ...(query.has('dryRun') ? { dryRun: query.getAll('dryRun') } : {}),
    ...(grace === null ? {} : { gracePeriodSeconds: parseInt64(grace) }),
    ...(orphan === null ? {} : { orphanDependents: isTrue(orphan) }),
    ...(policy === null ? {} : { propagationPolicy: policy as DeleteOptions['propagationPolicy'] }),
  };
}

/** From the body, or, where there is none, from the query. @throws StatusError Invalid or BadRequest */
export function deleteOptions({ query }: ApiRequest, body: DeleteOptions | undefined): DeleteOptions {
  const options = body ?? optionsOfQuery(query);
  checkDeleteOptions(options);
  return options;
}
