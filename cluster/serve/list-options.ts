/** The query parameters of lists and watches, read and checked in the order of the real server. */
import { forbidden, notSupported, path, invalid, printFieldError, type FieldError } from '../api/field.ts';
import { parseFieldSelector, parseLabelSelector, type FieldRequirement, type Requirement } from '../api/selector.ts';
import { badRequest, invalidError } from '../api/status.ts';

export interface ListOptions {
  labels: readonly Requirement[];
  fields: readonly FieldRequirement[];
  watch: boolean;
  allowWatchBookmarks: boolean;
  /** As written: '' means none was given. */
  resourceVersion: string;
  resourceVersionMatch: string;
  timeoutSeconds?: number;
  limit: number;
  continue: string;
  sendInitialEvents?: boolean;
}

const EXACT = 'Exact';
const NOT_OLDER_THAN = 'NotOlderThan';
const INT64 = 2n ** 63n;
const UINT64 = 2n ** 64n;

/** `?watch`, `?watch=` and `?watch=yes` are all true. */
export const isTrue = (value: string): boolean => value !== '0' && value.toLowerCase() !== 'false';

/** Go's strconv.ParseInt. @throws StatusError BadRequest */
export function parseInt64(text: string): number {
  const fail = (why: string) => badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?[0-9]+$/.test(text)) throw fail('invalid syntax');
  const value = BigInt(text.replace(/^\+/, ''));
  if (value >= INT64 || value < -INT64) throw fail('value out of range');
  return Number(value);
}

/** Why a resource version cannot be one; undefined: it can. '' and '0' ask for none in particular. */
export function resourceVersionProblem(text: string): string | undefined {
  if (text === '' || text === '0') return undefined;
  const problem = !/^[0-9]+$/.test(text) ? 'invalid syntax' : BigInt(text) >= UINT64 ? 'value out of range' : undefined;
  if (problem === undefined) return undefined;
  const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: ${problem}`;
  return printFieldError(invalid(path('resourceVersion'), text, why));
}

export const parseListOptions = (query: URLSearchParams, watch: boolean): ListOptions => {
  const flag = (name: string) => {
    const value = query.get(name);
    return value === null ? undefined : isTrue(value);
  };
  const integer = (name: string) => {
    const value = query.get(name);
    return value === null ? undefined : parseInt64(value);
  };
  const timeoutSeconds = integer('timeoutSeconds');
  const limit = integer('limit') ?? 0;
  const sendInitialEvents = flag('sendInitialEvents');
  return {
    watch,
    allowWatchBookmarks: flag('allowWatchBookmarks') ?? false,
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    limit,
    continue: query.get('continue') ?? '',
    ...(sendInitialEvents === undefined ? {} : { sendInitialEvents }),
    labels: parseLabelSelector(query.get('labelSelector') ?? ''),
    fields: parseFieldSelector(query.get('fieldSelector') ?? ''),
  };
};

function watchProblems(options: ListOptions): FieldError[] {
  const match = path('resourceVersionMatch');
  const errors: FieldError[] = [];
  const { resourceVersionMatch: asked, sendInitialEvents } = options;
  if (sendInitialEvents !== undefined && asked !== NOT_OLDER_THAN) {
    errors.push(forbidden(match, `sendInitialEvents requires setting resourceVersionMatch to ${NOT_OLDER_THAN}`));
  }
  if (asked === '') return errors;
  if (sendInitialEvents === undefined) {
    errors.push(forbidden(match, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  }
  if (asked !== NOT_OLDER_THAN) errors.push(notSupported(match, asked, [NOT_OLDER_THAN]));
  if (options.continue !== '') {
    errors.push(forbidden(match, 'resourceVersionMatch is forbidden when continue is provided'));
  }
  return errors;
}

function listProblems(options: ListOptions): FieldError[] {
  const match = path('resourceVersionMatch');
  const errors: FieldError[] = [];
  const { resourceVersionMatch: asked } = options;
  if (asked !== '') {
    if (options.resourceVersion === '') {
      errors.push(forbidden(match, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    }
    if (options.continue !== '') {
      errors.push(forbidden(match, 'resourceVersionMatch is forbidden when continue is provided'));
    }
    if (asked !== EXACT && asked !== NOT_OLDER_THAN) {
      errors.push(notSupported(match, asked, [EXACT, NOT_OLDER_THAN, '']));
    }
    if (asked === EXACT && options.resourceVersion === '0') {
      errors.push(forbidden(match, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (options.sendInitialEvents !== undefined) {
    errors.push(forbidden(path('sendInitialEvents'), 'sendInitialEvents is forbidden for list'));
  }
  return errors;
}

/** @throws StatusError BadRequest for what cannot be read, Invalid for what does not go together */
export function listOptions(query: URLSearchParams, watch: boolean): ListOptions {
  const options = parseListOptions(query, watch);
  // a watch from no version, or from any, starts with what there is
  const legacy = options.resourceVersion === '' || options.resourceVersion === '0';
  if (watch && legacy && options.sendInitialEvents === undefined && options.resourceVersionMatch === '') {
    options.sendInitialEvents = true;
    options.resourceVersionMatch = NOT_OLDER_THAN;
  }
  const errors = watch ? watchProblems(options) : listProblems(options);
  if (errors.length > 0) throw invalidError({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  return options;
}

/** Whether exactly the state of that version is asked for, as `limit` does for those who name one. */
export const isExact = (options: ListOptions): boolean =>
  options.resourceVersionMatch === EXACT ||
  (options.resourceVersionMatch === '' &&
    options.limit > 0 &&
    options.resourceVersion !== '' &&
    Number(options.resourceVersion) > 0);
