/** Values as learners read them. */
import { stringify } from 'yaml';
import type { Finding } from './types.ts';

/** Characters of one value: beyond that a reader compares nothing any more. */
const LONGEST = 300;

/** In YAML, on one line; '' for nothing at all. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value === '' ? '""' : cut(value);
  const text = stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 });
  return cut(text.trim());
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** Characters of a value in a message to an author. */
const LONGEST_IN_MESSAGE = 60;

/** A value in a message to an author: short, and lists and maps only by name. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value);
  return text.length > LONGEST_IN_MESSAGE ? `${text.slice(0, LONGEST_IN_MESSAGE)}…` : text;
}

/** A finding on one line, for a terminal. */
export function findingText({ object, path, expected, actual }: Finding): string {
  if (path === '' && expected === object && actual === '') return `${object} is not there`;
  if (path === '' && expected === '' && actual === object) return `${object} is there and should not be`;
  const where = path === '' ? object : `${object} ${path}`;
  return `${where}: expected ${expected || 'nothing'}, found ${actual || 'nothing'}`;
}
