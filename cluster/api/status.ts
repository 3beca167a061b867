/** Refusals of the API server: one constructor for each reason, and the only home of their sentences. */
import { causeOf, printFieldError, type FieldError } from './field.ts';
import { goQuote } from './go-quote.ts';

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** meta/v1 Status, as a client receives it. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, unknown>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: StatusCause[];
    retryAfterSeconds?: number;
  };
  code?: number;
}

export class StatusError extends Error {
  readonly status: Status;
  constructor(status: Omit<Status, 'kind' | 'apiVersion' | 'metadata' | 'status'> & Partial<Pick<Status, 'metadata'>>) {
    super(status.message);
    this.name = 'StatusError';
    this.status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...status };
  }
  get reason(): string | undefined {
    return this.status.reason;
  }
  get code(): number {
    return this.status.code ?? 500;
  }
}

/** What a sentence names a resource by: `pods`, `deployments.apps`. */
export interface GroupResource {
  group: string;
  resource: string;
}
export interface GroupKind {
  group: string;
  kind: string;
}
export const qualified = ({ group, resource }: GroupResource): string =>
  group === '' ? resource : `${resource}.${group}`;
const qualifiedKind = ({ group, kind }: GroupKind) => (group === '' ? kind : `${kind}.${group}`);
/** A refused object that has no name yet is named by its generateName prefix, or not at all. */
const quoted = goQuote;
const about = (of: GroupResource, name: string) => ({
  ...(name === '' ? {} : { name }),
  ...(of.group === '' ? {} : { group: of.group }),
  kind: of.resource,
});

export const notFoundError = (of: GroupResource, name: string): StatusError =>
  new StatusError({
    message: `${qualified(of)} ${quoted(name)} not found`,
    reason: 'NotFound',
    details: about(of, name),
    code: 404,
  });

export const alreadyExists = (of: GroupResource, name: string): StatusError =>
  new StatusError({
    message: `${qualified(of)} ${quoted(name)} already exists`,
    reason: 'AlreadyExists',
    details: about(of, name),
    code: 409,
  });

export const conflict = (of: GroupResource, name: string, why: string): StatusError =>
  new StatusError({
    message: `Operation cannot be fulfilled on ${qualified(of)} ${quoted(name)}: ${why}`,
    reason: 'Conflict',
    details: about(of, name),
    code: 409,
  });

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

/** Admission and authorization refuse with this. */
export const forbiddenError = (of: GroupResource, name: string, why: string): StatusError =>
  new StatusError({
    message:
      name === '' ? `${qualified(of)} is forbidden: ${why}` : `${qualified(of)} ${quoted(name)} is forbidden: ${why}`,
    reason: 'Forbidden',
    details: about(of, name),
    code: 403,
  });

/** Validation's refusal: all problems at once, repeated ones once, several in brackets. */
export function invalidError(of: GroupKind, name: string, errors: readonly FieldError[]): StatusError {
  const sentences = [...new Set(errors.map(printFieldError))];
  const list = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`;
  return new StatusError({
    message: `${qualifiedKind(of)} ${quoted(name)} is invalid: ${list ?? ''}`,
    reason: 'Invalid',
    details: {
      ...(name === '' ? {} : { name }),
      ...(of.group === '' ? {} : { group: of.group }),
      ...(of.kind === '' ? {} : { kind: of.kind }),
      causes: errors.map(causeOf),
    },
    code: 422,
  });
}

export const badRequest = (message: string): StatusError =>
  new StatusError({ message, reason: 'BadRequest', code: 400 });

export const methodNotAllowed = (of: GroupResource, verb: string): StatusError =>
  new StatusError({
    message: `${verb} is not supported on resources of kind ${quoted(qualified(of))}`,
    reason: 'MethodNotAllowed',
    details: about(of, ''),
    code: 405,
  });

export const unsupportedMediaType = (supported: readonly string[]): StatusError =>
  new StatusError({
    message: `the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}`,
    reason: 'UnsupportedMediaType',
    code: 415,
  });

export const notAcceptable = (supported: readonly string[]): StatusError =>
  new StatusError({
    message: `only the following media types are accepted: ${supported.join(', ')}`,
    reason: 'NotAcceptable',
    code: 406,
  });

export const unauthorized = (): StatusError =>
  new StatusError({ message: 'Unauthorized', reason: 'Unauthorized', code: 401 });

export const entityTooLarge = (message: string): StatusError =>
  new StatusError({ message, reason: 'RequestEntityTooLarge', code: 413 });

/** A watch or continue token that starts before the history kept. */
export const expired = (message: string): StatusError => new StatusError({ message, reason: 'Expired', code: 410 });

export const tooManyRequests = (message: string, retryAfterSeconds: number, causes?: StatusCause[]): StatusError =>
  new StatusError({
    message,
    reason: 'TooManyRequests',
    details: { ...(causes ? { causes } : {}), ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}) },
    code: 429,
  });

/** Our own fault. */
export const internalError = (message: string): StatusError =>
  new StatusError({
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  });

/** An unknown path, as the server's mux answers it. */
export const noSuchPath = (): StatusError =>
  new StatusError({
    message: 'the server could not find the requested resource',
    reason: 'NotFound',
    details: {},
    code: 404,
  });
