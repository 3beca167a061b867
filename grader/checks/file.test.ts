import { expect, test } from '@jest/globals';
import { EMPTY, object, state } from '../testing.ts';
import type { FoundFile, Outcome } from '../types.ts';
import { fileCheck, type FileOptions } from './file.ts';

type Wanted = Omit<FileOptions['file'], 'path'>;
const run = (wanted: Wanted, found: FoundFile | string, now = EMPTY): Outcome =>
  fileCheck.run(
    { file: { path: 'answers/a.txt', ...wanted } },
    { now, files: { 'answers/a.txt': typeof found === 'string' ? { text: found } : found } },
  );
const passed: Outcome = { outcome: 'passed' };
const failed = (...findings: [path: string, expected: string, actual: string][]): Outcome => ({
  outcome: 'failed',
  findings: findings.map(([path, expected, actual]) => ({ object: '~/answers/a.txt', path, expected, actual })),
});

const pod = (name: string, node: string, created: string) =>
  object(
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, creationTimestamp: '${created}', labels: {app: web}}, spec: {nodeName: ${node}, containers: []}}`,
  );
const pods = state(
  pod('web-10', 'node01', '2026-01-01T00:00:02Z'),
  pod('web-9', 'node02', '2026-01-01T00:00:01Z'),
  pod('web-1', 'node01', '2026-01-01T00:00:02Z'),
);
const volumes = state(
  ...['2Gi', '500Mi', '10Gi'].map((size, index) =>
    object(
      `{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv${index}}, spec: {capacity: {storage: ${size}}}}`,
    ),
  ),
);
const named = { kind: 'Pod', namespace: 'shop', show: ['metadata.name'] };

test.each<{ name: string; wanted: Wanted; found: FoundFile | string; now?: typeof EMPTY; outcome: Outcome }>([
  { name: 'text, but for spaces', wanted: { text: 'a  b\nc' }, found: '\n a b \r\nc\n\n', outcome: passed },
  {
    name: 'text in another order',
    wanted: { text: 'a\nb' },
    found: 'b\na\n',
    outcome: failed(['line 1', 'a', 'b'], ['line 2', 'b', 'a']),
  },
  {
    name: 'lines in any order',
    wanted: { lines: ['node01', 'node02', 3] },
    found: '3\nnode02\nnode01\n',
    outcome: passed,
  },
  {
    name: 'a line too few and one too many',
    wanted: { lines: ['node01', 'node02'] },
    found: 'node01\nnode03\n',
    outcome: failed(['', 'node02', ''], ['line 2', '', 'node03']),
  },
  { name: 'the same line twice', wanted: { lines: ['a'] }, found: 'a\na\n', outcome: failed(['line 2', '', 'a']) },
  { name: 'lines in their order', wanted: { lines: ['a', 'b'], ordered: true }, found: 'a\nb', outcome: passed },
  {
    name: 'lines out of their order',
    wanted: { lines: ['a', 'b', 'c'], ordered: true },
    found: 'a\nc\nb',
    outcome: failed(['line 2', 'b', 'c'], ['line 3', 'c', 'b']),
  },
  {
    name: 'JSON by meaning',
    wanted: { json: { a: [1, 2], b: { c: 'x' } } },
    found: '{"b":{"c":"x","d":1},"a":[2,1]}',
    outcome: passed,
  },
  {
    name: 'JSON that differs',
    wanted: { json: { b: { c: 'x' } } },
    found: '{"b":{"c":"y"}}',
    outcome: failed(['b.c', 'x', 'y']),
  },
  {
    name: 'no JSON',
    wanted: { json: { a: 1 } },
    found: 'a: 1',
    outcome: failed(['', '{a: 1}', `not valid JSON: Unexpected token 'a', "a: 1" is not valid JSON`]),
  },
  {
    name: 'a manifest, amounts by meaning',
    wanted: { yaml: { kind: 'ResourceQuota', spec: { hard: { 'requests.memory': '2Gi', cpu: 1 } } } },
    found: 'kind: ResourceQuota\nspec:\n  hard: {requests.memory: 2048Mi, requests.cpu: 1000m}\n',
    outcome: passed,
  },
  {
    name: 'the document of several that comes closest',
    wanted: { yaml: { kind: 'Pod', metadata: { name: 'a', namespace: 'b' } } },
    found: 'kind: Service\n---\nkind: Pod\nmetadata: {name: a, namespace: c}\n',
    outcome: failed(['metadata.namespace', 'b', 'c']),
  },
  {
    name: 'no YAML',
    wanted: { yaml: { a: 1 } },
    found: 'a: [1\n',
    outcome: failed([
      '',
      '{a: 1}',
      'line 2: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ]),
  },
  {
    name: 'a YAML bomb',
    wanted: { yaml: { a: 1 } },
    found: `a: &a [${'['.repeat(200)}`,
    outcome: failed(['', '{a: 1}', 'line 1: nested deeper than 100 levels']),
  },
  { name: 'a pattern', wanted: { matches: '^v1\\.35\\.\\d+$' }, found: 'Server:\nv1.35.4\n', outcome: passed },
  {
    name: 'a pattern that is nowhere',
    wanted: { matches: '^v1\\.35' },
    found: 'a\nb\nc\nd\n',
    outcome: failed(['', '/^v1\\.35/', 'a ⏎ b ⏎ c']),
  },
  { name: 'anything', wanted: {}, found: 'x', outcome: passed },
  { name: 'nothing in it', wanted: {}, found: ' \n', outcome: failed(['', '~/answers/a.txt', '""']) },
  {
    name: 'objects, one a line, with column names',
    wanted: { list: named },
    found: 'NAME READY\nweb-1 1/1\nweb-9 1/1\nweb-10 0/1\n',
    now: pods,
    outcome: passed,
  },
  {
    name: 'as kubectl writes names',
    wanted: { list: named },
    found: 'pod/web-1\npod/web-9\npod/web-10\n',
    now: pods,
    outcome: passed,
  },
  {
    name: 'an object forgotten',
    wanted: { list: named },
    found: 'web-1\nweb-10\n',
    now: pods,
    outcome: failed(['', 'web-9', '']),
  },
  {
    name: 'by two fields',
    wanted: { list: { ...named, show: ['metadata.name', 'spec.nodeName'], where: { spec: { nodeName: 'node01' } } } },
    found: 'web-10\tnode01\nweb-1,node01\n',
    now: pods,
    outcome: passed,
  },
  {
    name: 'sorted; what is equal in either order',
    wanted: { list: { ...named, sort: 'metadata.creationTimestamp' } },
    found: 'web-9\nweb-10\nweb-1\n',
    now: pods,
    outcome: passed,
  },
  {
    name: 'sorted, as people count',
    wanted: { list: { ...named, sort: 'metadata.name' } },
    found: 'web-1\nweb-9\nweb-10\n',
    now: pods,
    outcome: passed,
  },
  {
    name: 'sorted, as letters go',
    wanted: { list: { ...named, sort: 'metadata.name' } },
    found: 'NAME\nweb-1\nweb-10\nweb-9\n',
    now: pods,
    outcome: failed(['line 3', 'web-9', 'web-10'], ['line 4', 'web-10', 'web-9']),
  },
  {
    name: 'sorted by size',
    wanted: { list: { kind: 'PersistentVolume', show: ['metadata.name'], sort: '-spec.capacity.storage' } },
    found: 'pv2\npv0\npv1\n',
    now: volumes,
    outcome: passed,
  },
  { name: 'not there', wanted: {}, found: { missing: true, beside: [] }, outcome: failed(['', '~/answers/a.txt', '']) },
  {
    name: 'under a name that is nearly right',
    wanted: {},
    found: { missing: true, beside: ['notes.txt', 'answers/a.tx'] },
    outcome: {
      ...failed(['', '~/answers/a.txt', '']),
      nearMiss: {
        en: 'There is a file ~/answers/a.tx; it has to be ~/answers/a.txt.',
        ko: '~/answers/a.tx 파일이 있습니다. 올바른 이름은 ~/answers/a.txt입니다.',
      },
    } as Outcome,
  },
  {
    name: 'in another folder',
    wanted: {},
    found: { missing: true, beside: ['a.txt'] },
    outcome: {
      ...failed(['', '~/answers/a.txt', '']),
      nearMiss: {
        en: 'There is a file ~/a.txt; it has to be ~/answers/a.txt.',
        ko: '~/a.txt 파일이 있습니다. 올바른 이름은 ~/answers/a.txt입니다.',
      },
    } as Outcome,
  },
  {
    name: 'on another host',
    wanted: {},
    found: { missing: true, beside: ['a.txt'], onHost: 'base' },
    outcome: {
      ...failed(['', '~/answers/a.txt', '']),
      nearMiss: {
        en: '~/answers/a.txt is on the host "base"; it belongs on this task\'s host.',
        ko: '~/answers/a.txt: 호스트 "base"에 있습니다. 이 과제의 호스트에 있어야 합니다.',
      },
    } as Outcome,
  },
  {
    name: 'refused',
    wanted: {},
    found: { refused: 'it is a folder' },
    outcome: failed(['', '~/answers/a.txt', 'it is a folder']),
  },
])('a file: $name', ({ wanted, found, now, outcome }) => {
  expect(run(wanted, found, now)).toEqual(outcome);
});

test.each<{ name: string; wanted: Wanted; text: string; held: [number, number] }>([
  { name: 'lines', wanted: { lines: ['a', 'b', 'c'] }, text: 'a\nb\n', held: [2, 3] },
  { name: 'lines too many', wanted: { lines: ['a', 'b', 'c'] }, text: 'a\nb\nd\ne', held: [0, 3] },
  { name: 'fields', wanted: { json: { a: 1, b: { c: 2, d: 3 } } }, text: '{"a":1,"b":{"c":2}}', held: [2, 3] },
  { name: 'no JSON', wanted: { json: { a: 1, b: 1 } }, text: 'x', held: [0, 2] },
  { name: 'a pattern', wanted: { matches: 'x' }, text: 'y', held: [0, 1] },
])('partial points: $name', ({ wanted, text, held: [held, of] }) => {
  const input = { now: EMPTY, files: { a: { text } } };
  expect(fileCheck.demands?.({ file: { path: 'a', ...wanted } }, input)).toEqual({ held, of });
});

test.each<{ wanted: Wanted; message: string }>([
  { wanted: { text: 'a', lines: ['b'] }, message: 'a file is compared by one of text, lines; make it two checks' },
  { wanted: { text: 'a', ordered: true }, message: '"ordered" belongs to "lines"' },
  { wanted: { matches: '(' }, message: 'matches: error parsing regexp: missing closing ): `(`' },
  { wanted: { yaml: { kind: 'Pod', spec: { node: 'x' } } }, message: 'unknown field "node" in spec' },
  {
    wanted: { list: { ...named, show: ['metadata.nam'] } },
    message: 'metadata.nam: unknown field "nam"; did you mean "name"?',
  },
  {
    wanted: { list: { ...named, sort: '-spec.nodename' } },
    message: 'spec.nodename: unknown field "nodename"; did you mean "nodeName"?',
  },
  { wanted: { list: { ...named, kind: 'Pods' } }, message: 'unknown kind "Pods"; did you mean "Pod"?' },
])('told to its author: $message', ({ wanted, message }) => {
  expect(fileCheck.problems({ file: { path: 'a', ...wanted } }).map((problem) => problem.message)).toEqual([message]);
});

test("a home that nobody can read is nobody's mistake", () => {
  expect(() => fileCheck.run({ file: { path: 'a' } }, { now: EMPTY })).toThrow('the files of this host are not known');
});
