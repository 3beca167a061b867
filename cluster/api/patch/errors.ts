/** Refusals of patches. */
import { invalid, path } from '../field.ts';
import { badRequest, invalidError, StatusError } from '../status.ts';

/** A patch that does not fit its object; the real server does not say where. */
export const rejected = (): StatusError =>
  new StatusError({
    message: 'the server rejected our request due to an error in our request',
    reason: 'Invalid',
    details: {},
    code: 422,
  });

/** A patch that trips the real server up: it answers with the bare sentence and code 500. */
export const broken = (sentence: string): StatusError => new StatusError({ message: sentence, code: 500 });

/** A patch whose text is not what its type asks for. */
export const undecodable = (why: string): StatusError => badRequest(`error decoding patch: ${why}`);

/** The patched object cannot be decoded. `shown` is what the sentence quotes: the object as JSON, or the patch as Go prints it. */
export const undecodableResult = (shown: string, why: string): StatusError =>
  invalidError({ group: '', kind: '' }, '', [invalid(path('patch'), shown, why)]);

/** Why a list is no object. */
export const NO_OBJECT = String.raw`couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

/** What the patch library says of a text that is no patch at all. */
export const NO_PATCH = 'Invalid JSON Patch';
