/** Request bodies as bytes: JSON and YAML, read as the API server reads them. */
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  parseDocument,
  type Document,
  type Node,
  type Tags,
  type YAMLError,
} from 'yaml';
import type { Json } from '../api/types.ts';
import { duplicateFields, fieldOffsets, JsonSyntaxError, MAX_DEPTH } from './json-text.ts';

export interface ParsedBody {
  json: Json;
  /** Fields written twice, as strict decoding says it: `duplicate field "metadata.name"`; for YAML one sentence for all. */
  problems: string[];
  /** Those first, by where they are written: puts them among the problems that decoding finds. */
  order(problems: readonly string[]): string[];
  /** How a sentence about the whole body shows it: its start, as text or in hexadecimal. */
  summary: string;
}

/** A body that cannot be read at all. The message is the real server's, without what comes before and after it. */
export class BodySyntaxError extends Error {
  readonly summary: string;
  constructor(message: string, summary: string) {
    super(message);
    this.summary = summary;
  }
}

const SUMMARY_BYTES = 30;

function summaryOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return '<empty>';
  const start = Buffer.from(bytes.subarray(0, SUMMARY_BYTES));
  const shown = start.toString(bytes[0] === '{'.charCodeAt(0) ? 'utf8' : 'hex');
  return bytes.length > SUMMARY_BYTES ? `${shown} ...` : shown;
}

const pathOf = (problem: string): string => /^(?:unknown|duplicate) field (".*")$/.exec(problem)?.[1] ?? '';

function parseJson(text: string, summary: string): ParsedBody {
  const duplicates = duplicateFields(text);
  const problems = [...new Set(duplicates.map(({ path }) => `duplicate field ${JSON.stringify(path)}`))];
  const order = (others: readonly string[]): string[] => {
    if (duplicates.length === 0) return [...others];
    const offsets = fieldOffsets(text);
    const placed = [
      ...duplicates.map(({ path, offset }) => ({ problem: `duplicate field ${JSON.stringify(path)}`, offset })),
      ...others.map((problem) => ({
        problem,
        offset: offsets.get(JSON.parse(pathOf(problem) || '""') as string) ?? 0,
      })),
    ].sort((a, b) => a.offset - b.offset);
    return [...new Set(placed.map(({ problem }) => problem))];
  };
  return { json: JSON.parse(text) as Json, problems, order, summary };
}

function depthOf(node: unknown, depth = 0): number {
  if (depth > MAX_DEPTH || !isCollection(node)) return depth;
  let deepest = depth + 1;
  for (const item of node.items) {
    const parts: unknown[] = isPair(item) ? [item.key, item.value] : [item];
    for (const part of parts) deepest = Math.max(deepest, depthOf(part, depth + 1));
  }
  return deepest;
}

/** Go's YAML counts what aliases would unfold to; so do we, before unfolding anything. */
const MAX_UNFOLDED = 1_000_000;

function unfoldedSize(document: Document): number {
  const sizes = new Map<unknown, number>();
  const size = (node: unknown): number => {
    const known = sizes.get(node);
    if (known !== undefined) return known;
    // An alias inside what it stands for is refused elsewhere; counted as one here so that this ends.
    sizes.set(node, 1);
    let sum = 1;
    if (isAlias(node)) {
      const target: Node | undefined = node.resolve(document);
      sum = target === undefined ? 1 : size(target);
    } else if (isPair(node)) sum = size(node.key) + size(node.value);
    else if (isCollection(node)) sum = node.items.reduce<number>((total, item) => total + size(item), 1);
    sizes.set(node, sum);
    return sum;
  };
  return size(document.contents);
}

/** Our parser's errors in the words of Go's, for the mistakes people make. */
function yamlSentence(error: YAMLError, text: string): string {
  const line = text.slice(0, error.pos[0]).split('\n').length;
  const where = line > 1 ? `line ${line}: ` : '';
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return `yaml: ${where}found character that cannot start any token`;
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return `yaml: ${where}mapping values are not allowed in this context`;
    case 'BAD_ALIAS':
      return `yaml: unknown anchor '${/(?:alias|anchor)[^:]*: ?(\S+)/.exec(error.message)?.[1] ?? ''}' referenced`;
    case 'MISSING_CHAR':
      return error.message.includes('quote')
        ? `yaml: ${where}found unexpected end of stream`
        : `yaml: ${where}could not find expected ':'`;
    case 'BAD_INDENT':
      return `yaml: ${where}did not find expected key`;
    default:
      return `yaml: ${where}did not find expected node content`;
  }
}

/** YAML 1.1 as Go's parser knows it: `yes` is true, but 12:30 is a text and so is a date. */
const GO_TAGS = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || (tag.format !== 'TIME' && tag.tag !== 'tag:yaml.org,2002:timestamp'));

function parseYaml(text: string, summary: string): ParsedBody {
  const fail = (sentence: string): never => {
    throw new BodySyntaxError(sentence, summary);
  };
  // The parser below is recursive: count brackets before it does.
  if (/(?:[[{]\s*){2000}/.test(text)) fail(`yaml: exceeded max depth of ${MAX_DEPTH}`);
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false, customTags: GO_TAGS });
  const [error] = document.errors;
  if (error) fail(yamlSentence(error, text));
  if (depthOf(document.contents) > MAX_DEPTH) fail(`yaml: exceeded max depth of ${MAX_DEPTH}`);
  const unresolved = findUnresolved(document.contents, document);
  if (unresolved !== undefined) fail(`yaml: unknown anchor '${unresolved}' referenced`);
  if (unfoldedSize(document) > MAX_UNFOLDED) fail('yaml: document contains excessive aliasing');
  const json = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: -1 }) ?? null)) as Json;
  const problems = duplicateKeys(document.contents, text);
  return { json, problems, order: (others) => [...problems, ...others], summary };
}

/** All keys written twice, as Go's YAML says it: one sentence of several lines. */
function duplicateKeys(contents: unknown, text: string): string[] {
  const lines: string[] = [];
  const visit = (node: unknown): void => {
    if (isMap(node)) {
      const seen = new Set<unknown>();
      for (const { key } of node.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          const line = text.slice(0, key.range?.[0] ?? 0).split('\n').length;
          lines.push(`\n  line ${line}: key ${JSON.stringify(String(key.value))} already set in map`);
        }
        seen.add(key.value);
      }
    }
    if (isPair(node)) visit(node.value);
    else if (isCollection(node)) for (const item of node.items) visit(item);
  };
  visit(contents);
  return lines.length === 0 ? [] : [`yaml: unmarshal errors:${lines.join('')}`];
}

function findUnresolved(node: unknown, document: Document): string | undefined {
  if (isAlias(node)) return node.resolve(document) ? undefined : node.source;
  const parts: unknown[] = isPair(node) ? [node.key, node.value] : isCollection(node) ? node.items : [];
  for (const part of parts) {
    const found = findUnresolved(part, document);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * `contentType` is `application/json` (also what no header means), `application/yaml`, or a patch's type; parameters are
 * ignored. The caller checks the size. @throws BodySyntaxError
 */
export function parseBody(bytes: Uint8Array, contentType: string): ParsedBody {
  const summary = summaryOf(bytes);
  const text = new TextDecoder().decode(bytes);
  if (/ya?ml/.test(contentType)) return parseYaml(text, summary);
  try {
    return parseJson(text, summary);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new BodySyntaxError(error.message, summary);
    throw error;
  }
}
