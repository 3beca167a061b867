/** `file`: what a task asks to write into a file of the learner's home, compared by meaning. */
import { RE2JS } from 're2js';
import { parseLabelSelector } from '#cluster/api/selector.ts';
import { compare, demandsIn, missedDemands } from '../compare.ts';
import { parseYaml } from '../parse-yaml.ts';
import { checkValue, resourceOf, schemaOf, type ManifestProblem } from '../manifest.ts';
import { isMap, pathProblem } from '../paths.ts';
import { show } from '../show.ts';
import type { Finding, FoundFile, Outcome, Text } from '../types.ts';
import type { Check, CheckInput, Demands } from './check.ts';
import { compareLines, linesOf, type WantedLines } from './file-lines.ts';
import { expectedRows, type FileList } from './file-list.ts';
import { refProblems } from './find.ts';
import { mistypedFile } from './near-miss.ts';

export interface FileOptions {
  file: {
    /** From the home on. */
    path: string;
    text?: string;
    lines?: (string | number)[];
    ordered?: boolean;
    json?: unknown;
    yaml?: unknown;
    matches?: string;
    list?: FileList;
  };
}

/** The keys of which at most one says what has to be in the file. */
const CONTENTS = ['text', 'lines', 'json', 'yaml', 'matches', 'list'] as const;
/** Lines of a file told when a pattern is nowhere in it. */
const LINES_SHOWN = 3;

const nameOf = (path: string): string => `~/${path}`;

function textOf(
  { file: { path } }: FileOptions,
  { files }: CheckInput,
): string | Extract<Outcome, { outcome: 'failed' }> {
  if (!files) throw new Error('the files of this host are not known');
  const found = files[path];
  if (!found) throw new Error(`${nameOf(path)} was not read`);
  if ('text' in found) return found.text;
  const object = nameOf(path);
  const nearMiss = 'missing' in found ? elsewhere(path, found) : undefined;
  const actual = 'missing' in found ? '' : found.refused;
  return {
    outcome: 'failed',
    findings: [{ object, path: '', expected: object, actual }],
    ...(nearMiss ? { nearMiss } : {}),
  };
}

function elsewhere(path: string, { onHost, beside }: Extract<FoundFile, { missing: true }>): Text | undefined {
  if (onHost !== undefined) {
    return {
      en: `${nameOf(path)} is on the host "${onHost}"; it belongs on this task's host.`,
      ko: `${nameOf(path)}: 호스트 "${onHost}"에 있습니다. 이 과제의 호스트에 있어야 합니다.`,
    };
  }
  return mistypedFile(path, beside);
}

/** A wanted list of lines; undefined where the file is compared otherwise. */
function wantedLines({ file }: FileOptions, input: CheckInput): WantedLines | undefined {
  if (file.lines)
    return { rows: file.lines.map((line) => [String(line)]), ordered: file.ordered === true, whole: true };
  if (file.text !== undefined) return { rows: linesOf(file.text).map((line) => [line]), ordered: true, whole: true };
  return file.list && expectedRows(file.list, input);
}

/** The value in the file, or what keeps it from being one. */
function valueIn({ file }: FileOptions, text: string): { values: unknown[] } | { wrong: string } {
  if (file.json !== undefined) {
    try {
      return { values: [JSON.parse(text) as unknown] };
    } catch (error) {
      return { wrong: `not valid JSON: ${(error as Error).message}` };
    }
  }
  const { documents, problems } = parseYaml(text, file.path);
  const [problem] = problems;
  if (problem) return { wrong: problem.line === 0 ? problem.message : `line ${problem.line}: ${problem.message}` };
  return { values: documents.map(({ value }) => value) };
}

/** A manifest is compared as the object that it makes: amounts are amounts. */
function schemaIn(expected: unknown, actual: unknown) {
  const [kind, apiVersion] = [expected, actual].flatMap((value) =>
    isMap(value) && typeof value['kind'] === 'string' ? [[value['kind'], value['apiVersion']]] : [],
  )[0] ?? [undefined, undefined];
  const version = typeof apiVersion === 'string' ? apiVersion : undefined;
  const info = typeof kind === 'string' ? resourceOf(kind, version) : undefined;
  return info && schemaOf(info);
}

/** Of several documents the one that comes closest. */
function closest(expected: unknown, values: readonly unknown[]) {
  const ranked = values
    .map((value) => ({ value, differences: compare(expected, value, schemaIn(expected, value)) }))
    .sort((a, b) => a.differences.length - b.differences.length);
  return ranked[0] ?? { value: undefined, differences: compare(expected, undefined, undefined) };
}

export const fileCheck: Check<FileOptions> = {
  kind: 'file',
  reads: ({ file }) => (file.list ? [file.list] : []),
  files: ({ file }) => [file.path],
  problems({ file }) {
    const problems: ManifestProblem[] = [];
    const tell = (path: (string | number)[], message: string) => problems.push({ path: ['file', ...path], message });
    const given = CONTENTS.filter((key) => file[key] !== undefined);
    const [, second] = given;
    if (second !== undefined) tell([second], `a file is compared by one of ${given.join(', ')}; make it two checks`);
    if (file.ordered !== undefined && !file.lines) tell(['ordered'], '"ordered" belongs to "lines"');
    if (file.matches !== undefined) {
      try {
        RE2JS.compile(file.matches);
      } catch (error) {
        tell(['matches'], `matches: ${(error as Error).message}`);
      }
    }
    for (const key of ['json', 'yaml'] as const) {
      const of = schemaIn(file[key], undefined);
      if (!of) continue;
      for (const { path, message } of checkValue(file[key], of)) tell([key, ...path], message);
    }
    if (file.list) problems.push(...listProblems(file.list));
    return problems;
  },
  run(options, input) {
    const text = textOf(options, input);
    if (typeof text !== 'string') return text;
    const findings = findingsIn(options, text, input);
    return findings.length === 0 ? { outcome: 'passed' } : { outcome: 'failed', findings };
  },
  demands(options, input): Demands {
    const { json, yaml } = options.file;
    const text = textOf(options, input);
    const lines = wantedLines(options, input);
    if (lines) return typeof text === 'string' ? compareLines(lines, text).demands : { held: 0, of: lines.rows.length };
    const expected = json ?? yaml;
    if (expected === undefined) return { held: 0, of: 1 };
    const of = demandsIn(expected);
    const read = typeof text === 'string' ? valueIn(options, text) : { wrong: '' };
    if ('wrong' in read) return { held: 0, of };
    const { value } = closest(expected, read.values);
    return { held: Math.max(0, of - missedDemands(expected, value, schemaIn(expected, value))), of };
  },
};

function findingsIn(options: FileOptions, text: string, input: CheckInput): Finding[] {
  const { path, json, yaml, matches } = options.file;
  const object = nameOf(path);
  const lines = wantedLines(options, input);
  if (lines) return compareLines(lines, text).findings.map((finding) => ({ object, ...finding }));
  if (matches !== undefined) {
    if (RE2JS.compile(matches, RE2JS.MULTILINE).matcher(text).find()) return [];
    const start = linesOf(text).slice(0, LINES_SHOWN).join(' ⏎ ');
    return [{ object, path: '', expected: `/${matches}/`, actual: show(start) }];
  }
  const expected = json ?? yaml;
  if (expected === undefined) {
    return text.trim() === '' ? [{ object, path: '', expected: object, actual: '""' }] : [];
  }
  const read = valueIn(options, text);
  if ('wrong' in read) return [{ object, path: '', expected: show(expected), actual: read.wrong }];
  return closest(expected, read.values).differences.map((difference) => ({ object, ...difference }));
}

function listProblems(list: FileList): ManifestProblem[] {
  const problems = refProblems(list).map(({ path, message }) => ({ path: ['file', 'list', ...path], message }));
  if (list.selector !== undefined) {
    try {
      parseLabelSelector(list.selector);
    } catch (error) {
      problems.push({ path: ['file', 'list', 'selector'], message: `selector: ${(error as Error).message}` });
    }
  }
  const info = resourceOf(list.kind, list.apiVersion);
  if (!info) return problems;
  const of = schemaOf(info);
  for (const { path, message } of checkValue(list.where ?? {}, of)) {
    problems.push({ path: ['file', 'list', 'where', ...path], message });
  }
  const paths = [
    ...list.show.map((path, index) => ({ path, at: ['show', index] })),
    ...(list.sort === undefined ? [] : [{ path: list.sort.replace(/^-/, ''), at: ['sort'] }]),
  ];
  for (const { path, at } of paths) {
    const message = pathProblem(path, of);
    if (message !== undefined) problems.push({ path: ['file', 'list', ...at], message });
  }
  return problems;
}
