/**
 * Problems found in an object, each with the path of the field it is about. Validators return a list and never throw:
 * a client is told everything that is wrong at once.
 */

import { goQuote } from './go-quote.ts';

export type FieldErrorType =
  | 'Required value'
  | 'Invalid value'
  | 'Type invalid'
  | 'Unsupported value'
  | 'Duplicate value'
  | 'Forbidden'
  | 'Too long'
  | 'Too many'
  | 'Too few'
  | 'Not found'
  | 'Internal error';

/** The `reason` of the matching entry in a Status' `details.causes`. */
const CAUSE: Record<FieldErrorType, string> = {
  'Required value': 'FieldValueRequired',
  'Invalid value': 'FieldValueInvalid',
  'Type invalid': 'FieldValueTypeInvalid',
  'Unsupported value': 'FieldValueNotSupported',
  'Duplicate value': 'FieldValueDuplicate',
  Forbidden: 'FieldValueForbidden',
  'Too long': 'FieldValueTooLong',
  'Too many': 'FieldValueTooMany',
  'Too few': 'FieldValueInvalid',
  'Not found': 'FieldValueNotFound',
  'Internal error': 'InternalError',
};

/** A place in an object. Immutable: `child`, `index` and `key` give a longer path. */
export class Path {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  child(...names: string[]): Path {
    // every check of every field comes by here, and nearly none prints its path: text that is added is joined when it is read
    let text = this.#text;
    for (const name of names) if (name !== '') text = text === '' ? name : `${text}.${name}`;
    return new Path(text);
  }
  index(position: number): Path {
    return new Path(`${this.#text}[${position}]`);
  }
  key(name: string): Path {
    return new Path(`${this.#text}[${name}]`);
  }
  toString(): string {
    return this.#text === '' ? '<nil>' : this.#text;
  }
}

/** `path('spec', 'replicas')`. Go prints a path whose only name is empty as `[]`, and no path at all as `<nil>`. */
export const path = (...names: string[]): Path =>
  new Path(names.length === 1 && names[0] === '' ? '[]' : names.join('.'));

export interface FieldError {
  type: FieldErrorType;
  field: string;
  /** The whole text after the field's path: type, value and detail. */
  body: string;
}

/** A value that is printed in a way of its own. */
export class Printed {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
/** Stands for a value that is not shown: `Invalid value: low must not exceed high`. */
export const OMITTED: unique symbol = Symbol('omitted');
const withValue = (head: string, value: unknown) => (value === OMITTED ? head : `${head}: ${printValue(value)}`);

/** Go prints strings quoted, numbers and booleans bare, everything else as JSON. */
export function printValue(value: unknown): string {
  if (value instanceof Printed) return value.text;
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return goQuote(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

const withDetail = (head: string, detail: string) => (detail === '' ? head : `${head}: ${detail}`);

export const required = (field: Path, detail = ''): FieldError => ({
  type: 'Required value',
  field: String(field),
  body: withDetail('Required value', detail),
});

export const invalid = (field: Path, value: unknown, detail: string): FieldError => ({
  type: 'Invalid value',
  field: String(field),
  body: withDetail(withValue('Invalid value', value), detail),
});

/** Of another JSON type than its schema says. Prints as any invalid value does. */
export const typeInvalid = (field: Path, value: unknown, detail: string): FieldError => ({
  ...invalid(field, value, detail),
  type: 'Type invalid',
});

/** `choices` are listed in the order given (real validators sort them, most callers pass them sorted). */
export const notSupported = (field: Path, value: unknown, choices: readonly string[]): FieldError => ({
  type: 'Unsupported value',
  field: String(field),
  body: withDetail(
    `Unsupported value: ${printValue(value)}`,
    choices.length === 0 ? '' : `supported values: ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`,
  ),
});

export const duplicate = (field: Path, value: unknown): FieldError => ({
  type: 'Duplicate value',
  field: String(field),
  body: withValue('Duplicate value', value),
});

export const forbidden = (field: Path, detail: string): FieldError => ({
  type: 'Forbidden',
  field: String(field),
  body: withDetail('Forbidden', detail),
});

export const notFound = (field: Path, value: unknown): FieldError => ({
  type: 'Not found',
  field: String(field),
  body: `Not found: ${printValue(value)}`,
});

/** The value itself is not shown: it is, after all, too long. */
export const tooLong = (field: Path, maxBytes: number): FieldError => ({
  type: 'Too long',
  field: String(field),
  body: `Too long: may not be more than ${maxBytes} byte${maxBytes === 1 ? '' : 's'}`,
});

export const tooMany = (field: Path, actual: number, max: number): FieldError => ({
  type: 'Too many',
  field: String(field),
  body: `Too many: ${actual}: must have at most ${max} item${max === 1 ? '' : 's'}`,
});

export const internal = (field: Path, detail: string): FieldError => ({
  type: 'Internal error',
  field: String(field),
  body: `Internal error: ${detail}`,
});

export const printFieldError = (error: FieldError): string => `${error.field}: ${error.body}`;
export const causeOf = (error: FieldError) => ({
  reason: CAUSE[error.type],
  message: error.body,
  field: error.field,
});
