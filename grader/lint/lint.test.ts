import { afterAll, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { printProblem } from '../problem.ts';
import { folder, SCENARIO } from '../testing.ts';
import { lintScenario } from './index.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true })));

const EN = '## Why\nA\n## How to verify\nB\n## The fast way\nC\n## Documentation\nhttps://kubernetes.io/docs/\n';
const KO = '## 이유\n가\n## 확인 방법\n나\n## 빠른 방법\n다\n## 문서\nhttps://kubernetes.io/docs/\n';
const hint = '{ en: x, ko: y }';

/** A scenario of which there is nothing to say. */
const GOOD: Readonly<Record<string, string>> = {
  ...SCENARIO,
  'scenario.yaml': `${SCENARIO['scenario.yaml']?.replace('mistakes:', `hints: [${hint}, ${hint}, ${hint}]\nmistakes:\n  b: [quota]\n  c: [quota]`)}`,
  'task.en.md': 'Make the quota `compute` of `4` pods.\n',
  'task.ko.md': '파드 `4`개의 쿼터 `compute`를 만드세요.\n',
  'explanation.en.md': EN,
  'explanation.ko.md': KO,
  'solutions/02-apply.sh': 'kubectl apply -f quota.yaml\n',
  'mistakes/b.sh': 'true\n',
  'mistakes/c.sh': 'true\n',
};

/** undefined takes a file away. */
function told(files: Readonly<Record<string, string | undefined>>): string[] {
  const all = Object.entries({ ...GOOD, ...files }).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text]],
  );
  const root = folder(Object.fromEntries(all) as Record<string, string>);
  folders.push(root);
  return lintScenario(root, 'pack/slug').problems.map((problem) => printProblem(problem).replaceAll(`${root}/`, ''));
}

test('a good scenario', () => expect(told({})).toEqual([]));

const ORDER_EN =
  'expected the headings "## Why", "## How to verify", "## The fast way", "## Documentation" in this order';

test.each<{ name: string; files: Record<string, string | undefined>; lines: string[] }>([
  {
    name: 'no explanation',
    files: { 'explanation.en.md': undefined, 'explanation.ko.md': undefined },
    lines: [
      'explanation.en.md: this file is missing: the explanation, with the headings "## Why", "## How to verify", "## The fast way", "## Documentation"',
      'explanation.ko.md: this file is missing: the explanation, with the headings "## 이유", "## 확인 방법", "## 빠른 방법", "## 문서"',
    ],
  },
  {
    name: 'an explanation in one language',
    files: { 'explanation.ko.md': undefined },
    lines: ['explanation.ko.md: this file is missing: the explanation in Korean'],
  },
  {
    name: 'a part missing',
    files: { 'explanation.en.md': EN.replace('## How to verify\nB\n', '') },
    lines: [`explanation.en.md:1:1: ${ORDER_EN}, found Why, The fast way, Documentation`],
  },
  {
    name: 'no parts at all',
    files: { 'explanation.en.md': 'Because.\n' },
    lines: [`explanation.en.md:1:1: ${ORDER_EN}, found none`],
  },
  {
    name: 'a part that is empty',
    files: { 'explanation.en.md': EN.replace('C\n', '\n') },
    lines: ['explanation.en.md:5:1: "The fast way" is empty'],
  },
  {
    name: 'no page',
    files: { 'explanation.en.md': EN.replace('https://kubernetes.io/docs/', 'the docs') },
    lines: ['explanation.en.md:7:1: name the page with its address'],
  },
  {
    name: 'a page that is closed in the exam',
    files: { 'explanation.ko.md': KO.replace('가', '가 https://example.com/a') },
    lines: [
      'explanation.ko.md:2:3: only kubernetes.io, helm.sh and gateway-api.sigs.k8s.io are open in the exam, found https://example.com/a',
    ],
  },
  {
    name: 'too few of everything',
    files: {
      'scenario.yaml': SCENARIO['scenario.yaml'],
      'solutions/01-create.sh': undefined,
      'solutions/02-apply.sh': undefined,
      'mistakes/b.sh': undefined,
      'mistakes/c.sh': undefined,
    },
    lines: [
      'scenario.yaml: warning: no hints; write 3, from where to look to how it is written',
      'scenario.yaml: warning: no solutions; write 2 that go different ways',
      'scenario.yaml: warning: 1 mistake; write 3 that candidates make',
    ],
  },
  {
    name: 'a number that the task does not say, in either language',
    files: { 'scenario.yaml': GOOD['scenario.yaml']?.replace('pods: 4', 'pods: 7') },
    lines: [
      'task.en.md: warning: the check "quota" demands "7", and the English task does not say so',
      'task.en.md:1:29: warning: no check looks at "4", and the set-up does not know it',
      'task.ko.md: warning: the check "quota" demands "7", and the Korean task does not say so',
    ],
  },
  {
    name: 'amounts in another unit, and numbers in words, are said',
    files: {
      'scenario.yaml': GOOD['scenario.yaml']?.replace('pods: 4', 'pods: 2, requests.memory: 1024Mi'),
      'task.en.md': 'A quota `compute` for two pods and `1Gi` of memory.\n',
      'task.ko.md': '파드 2개, 메모리 `1Gi`의 쿼터 `compute`.\n',
    },
    lines: [],
  },
  {
    name: 'a name in backticks that nobody checks',
    files: {
      'task.en.md': 'Make the quota `compute` of `4` pods and the limits `caps`. `kubectl get quota` says `Pending`.\n',
    },
    lines: ['task.en.md:1:53: warning: no check looks at "caps", and the set-up does not know it'],
  },
  {
    name: 'a check that no mistake fails',
    files: {
      'scenario.yaml': GOOD['scenario.yaml']?.replace(
        'hints:',
        '  - id: kept\n    points: 1\n    sentence: { en: x, ko: y }\n    unchanged: { kind: Namespace, name: team }\nhints:',
      ),
    },
    lines: ['scenario.yaml: warning: no mistake fails the check "kept": write one that it alone must catch'],
  },
])('lint: $name', ({ files, lines }) => expect(told(files)).toEqual(lines));
