/** Request bodies as bytes: JSON and YAML, read as the API server reads them. */
import { parseAllDocuments, parseDocument, type Tags, type YAMLError } from 'yaml';
import type { Json } from '../api/types.ts';
import { duplicateFields, fieldOffsets, JsonSyntaxError, MAX_DEPTH, readJson } from './json-text.ts';
import { readYaml, YamlRefusal, type RepeatedKey } from './read-yaml.ts';

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
  const { value, repeats } = readJson(text);
  const duplicates = repeats ? duplicateFields(text) : [];
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
  return { json: value as Json, problems, order, summary };
}

/** Our parser's errors in the words of Go's, for the mistakes people make. */
function yamlSentence(error: YAMLError, text: string): string {
  const line = text.slice(0, error.pos[0]).split('\n').length;
  const where = line > 1 ? `line ${line}: ` : '';
  // Go's parser counts lines from zero, its scanner from one
  const parsing = line > 2 ? `line ${line - 1}: ` : '';
  switch (error.code) {
    case 'RESOURCE_EXHAUSTION':
      return `yaml: exceeded max depth of ${MAX_DEPTH}`;
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
      return `yaml: ${where}found character that cannot start any token`;
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return `yaml: ${where}mapping values are not allowed in this context`;
    case 'MISSING_CHAR':
      return error.message.includes('quote')
        ? 'yaml: found unexpected end of stream'
        : `yaml: ${where}could not find expected ':'`;
    case 'BAD_INDENT': {
      const close = /end with a ([\]}])/.exec(error.message)?.[1];
      return close === undefined
        ? `yaml: ${parsing}did not find expected key`
        : `yaml: line ${line}: did not find expected ',' or '${close}'`;
    }
    default:
      return `yaml: ${where}did not find expected node content`;
  }
}

/** YAML 1.1 as Go's parser knows it: `yes` is true, but 12:30 is a text and so is a date. */
const GO_TAGS = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || (tag.format !== 'TIME' && tag.tag !== 'tag:yaml.org,2002:timestamp'));

const SEVERAL = /^(?:---|\.\.\.)(?:\s|$)/m;

function parseYaml(text: string, summary: string): ParsedBody {
  const fail = (sentence: string): never => {
    throw new BodySyntaxError(sentence, summary);
  };
  try {
    // what comes after the first document is not looked at
    const options = { version: '1.1', uniqueKeys: false, customTags: GO_TAGS } as const;
    const document = SEVERAL.test(text) ? parseAllDocuments(text, options)[0] : parseDocument(text, options);
    if (!document || 'empty' in document) return { json: null, problems: [], order: (others) => [...others], summary };
    const [error] = document.errors;
    if (error) fail(yamlSentence(error, text));
    const { json, repeats } = readYaml(document.contents);
    const problems = repeatedKeys(repeats, text);
    return { json, problems, order: (others) => [...problems, ...others], summary };
  } catch (error) {
    if (error instanceof YamlRefusal) fail(error.message);
    // The parser is recursive, and only a text made for it goes that deep.
    if (error instanceof RangeError) fail(`yaml: exceeded max depth of ${MAX_DEPTH}`);
    throw error;
  }
}

/** All keys written twice, as Go's YAML says it: one sentence of several lines. */
function repeatedKeys(repeats: readonly RepeatedKey[], text: string): string[] {
  if (repeats.length === 0) return [];
  const lines = repeats.map(({ key, offset }) => {
    const line = text.slice(0, offset).split('\n').length;
    return `\n  line ${line}: key ${JSON.stringify(key)} already set in map`;
  });
  return [`yaml: unmarshal errors:${lines.join('')}`];
}

/**
 * `contentType` is `application/json` (also what no header means), `application/yaml`, or a patch's type; parameters are
 * ignored. The caller checks the size. @throws BodySyntaxError
 */
export function parseBody(bytes: Uint8Array, contentType: string): ParsedBody {
  const summary = summaryOf(bytes);
  // a byte order mark is no JSON
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (/ya?ml/.test(contentType)) return parseYaml(text, summary);
  try {
    return parseJson(text, summary);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new BodySyntaxError(error.message, summary);
    throw error;
  }
}
