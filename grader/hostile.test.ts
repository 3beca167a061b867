/** Files of strangers: refused with a clear word, or contained. */
import { afterAll, expect, test } from '@jest/globals';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runCheck, makeCheck } from './checks/index.ts';
import { loadScenario } from './load.ts';
import { printProblem } from './problem.ts';
import { folder, object, SCENARIO, state } from './testing.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true })));
const YAML = SCENARIO['scenario.yaml'] ?? '';
function told(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}): string[] {
  const root = folder({ ...SCENARIO, ...files });
  folders.push(root);
  for (const [name, target] of Object.entries(links)) {
    rmSync(join(root, name), { force: true });
    symlinkSync(target, join(root, name));
  }
  return loadScenario(root, 'p/s', 'own').problems.map((problem) => printProblem(problem).replaceAll(`${root}/`, ''));
}

const many = Array.from(
  { length: 60_000 },
  (_, index) =>
    `  - id: c${index}\n    points: 1\n    missing: { kind: Pod, name: x${index} }\n    sentence: { en: ${'x'.repeat(80)}, ko: y }\n`,
);

test.each<{ name: string; files: Record<string, string>; links?: Record<string, string>; lines: string[] }>([
  {
    name: '10 MB of checks',
    files: { 'scenario.yaml': `${YAML}extra:\n${many.join('')}` },
    lines: ['scenario.yaml: this file is larger than 1024 KiB'],
  },
  {
    name: 'a task of 10 MB',
    files: { 'task.en.md': 'x'.repeat(10_000_000) },
    lines: ['task.en.md: this file is larger than 1024 KiB: the task in English'],
  },
  {
    name: 'an explanation that is a device',
    files: { 'explanation.en.md': 'x', 'explanation.ko.md': 'y' },
    links: { 'explanation.en.md': '/dev/zero' },
    lines: ['explanation.en.md: this is no file: the explanation in English'],
  },
  {
    name: 'a manifest outside the folder',
    files: { 'scenario.yaml': YAML.replace('setup/team.yaml', '/etc/passwd') },
    lines: ["scenario.yaml:8:5: /etc/passwd is outside the scenario's folder"],
  },
  {
    name: 'a manifest that is a link to outside',
    files: {},
    links: { 'setup/team.yaml': '/etc/hosts' },
    lines: ["scenario.yaml:8:5: setup/team.yaml is outside the scenario's folder"],
  },
])('$name', ({ files, links, lines }) => expect(told(files, links)).toEqual(lines));

const pods = state(
  ...Array.from({ length: 200 }, (_, index) =>
    object(`{apiVersion: v1, kind: Pod, metadata: {name: p${index}, namespace: a}, spec: {containers: []}}`),
  ),
);
const run = (body: Record<string, unknown>) => {
  const source = { id: 'a', points: 1, sentence: { en: 'x', ko: 'y' }, ...body } as Parameters<typeof makeCheck>[0];
  return runCheck(makeCheck(source).spec, {
    now: pods,
    before: pods,
    files: { a: { text: `${'a'.repeat(200_000)}!` } },
  });
};

test('an expression that loops for ever is the author’s fault, and ends', () => {
  const deep = ['a', 'b', 'c', 'd', 'e'].reduceRight(
    (inner, name) => `pods.all(${name}, ${inner})`,
    'a.metadata.name != ""',
  );
  expect(run({ cel: deep, with: { pods: { kind: 'Pod', at: 'now' } } })).toMatchObject({
    outcome: 'unknown',
    reason: expect.stringMatching(/cost/),
  });
});

test('a pattern that would go back and forth for ever does not', () => {
  expect(run({ file: { path: 'a', matches: '^(a+)+$' } })).toMatchObject({ outcome: 'failed' });
});
