/** The query parameters and headers that all writes share. */
import type { UserInfo } from '../admission/plugin.ts';
import { badRequest } from '../api/status.ts';
import type { FieldValidation, RequestContext } from '../registry/context.ts';
import type { DeleteOptions } from '../store/client.ts';
import type { ApiRequest } from './api.ts';

const VALIDATIONS: ReadonlySet<string> = new Set(['Strict', 'Warn', 'Ignore']);

/** `kubectl/v1.35.2 (linux/amd64) ...` manages fields as `kubectl`. */
const managerOf = (userAgent: string | undefined): string => (userAgent ?? 'unknown').split('/', 1)[0] ?? 'unknown';

const OPTIONS_KIND: Record<string, string> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
};

export function requestContext(request: ApiRequest, user: UserInfo, warn: (sentence: string) => void): RequestContext {
  const { query, headers, method } = request;
  const kind = OPTIONS_KIND[method] ?? 'CreateOptions';
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((one) => one !== 'All')) {
    throw badRequest(
      `${kind}.meta.k8s.io "" is invalid: dryRun: Unsupported value: ${JSON.stringify(dryRun[0])}: supported values: "All"`,
    );
  }
  const validation = query.get('fieldValidation') || 'Warn';
  if (!VALIDATIONS.has(validation)) {
    throw badRequest(
      `${kind}.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: ${JSON.stringify(validation)}: supported values: "Ignore", "Strict", "Warn"`,
    );
  }
  const apply = headers['content-type']?.startsWith('application/apply-patch') ?? false;
  return {
    user,
    dryRun: dryRun.length > 0,
    fieldManager: query.get('fieldManager') ?? (apply ? '' : managerOf(headers['user-agent'])),
    fieldValidation: validation as FieldValidation,
    warn,
  };
}

/** From the body, or from the query where there is none. */
export function deleteOptions(request: ApiRequest, body: unknown): DeleteOptions {
  const { query } = request;
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const options: DeleteOptions & { orphanDependents?: boolean } = {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy as DeleteOptions['propagationPolicy'] }),
    ...(body as DeleteOptions | undefined),
  };
  if (options.orphanDependents !== undefined)
    options.propagationPolicy ??= options.orphanDependents ? 'Orphan' : 'Background';
  return options;
}
