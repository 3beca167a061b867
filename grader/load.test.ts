import { afterAll, expect, test } from '@jest/globals';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findScenarios, loadScenario, loadScenarios } from './load.ts';
import { printProblem, type Problem } from './problem.ts';
import { folder, SCENARIO, writeFiles } from './testing.ts';

const folders: string[] = [];
const made = (files: Readonly<Record<string, string>>) => {
  const path = folder(files);
  folders.push(path);
  return path;
};
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true })));

const YAML = SCENARIO['scenario.yaml'] ?? '';
/** The scenario with a part of its scenario.yaml replaced. */
const edited = (part: string, by: string) => {
  if (!YAML.includes(part)) throw new Error(`${part} is not in the scenario`);
  return { 'scenario.yaml': YAML.replace(part, by) };
};
/** With the files' folder left out: `scenario.yaml:3:1: ...` */
const printed = (root: string, problems: readonly Problem[]) =>
  problems.map((problem) => printProblem(problem).replaceAll(`${root}/`, ''));
const load = (files: Readonly<Record<string, string>>) => {
  const root = made({ ...SCENARIO, ...files });
  const { scenario, problems } = loadScenario(root, 'pack/slug', 'own');
  return { scenario, told: printed(root, problems) };
};

test('a scenario is read with its files', () => {
  const { scenario, told } = load({});
  expect(told).toEqual([]);
  expect(scenario).toMatchObject({
    id: 'pack/slug',
    points: 2,
    nodes: ['controlplane', 'node01', 'node02'],
    task: { en: 'Make a quota.\n', ko: '쿼터를 만드세요.\n' },
    setup: [{ apply: [{ kind: 'Namespace', metadata: { name: 'team' } }] }],
    solutions: [{ name: '01-create' }],
    mistakes: [{ name: 'wrong-number', fails: ['quota'] }],
  });
});

test('steps in time are milliseconds', () => {
  expect(load(edited('setup:', 'setup:\n  - advance: 1m30s')).scenario?.setup[0]).toEqual({ advance: 90_000 });
});

const check = (rest: string) =>
  edited('checks:', `checks:\n  - id: more\n    points: 1\n    sentence: { en: x, ko: y }\n${rest}`);
const deep = '['.repeat(200) + ']'.repeat(200);
const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  .concat(
    'bcdefghi'.split('').map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`),
  )
  .join('\n');

const bad: { name: string; files: Readonly<Record<string, string>>; told: string[] }[] = [
  {
    name: 'wrong key',
    files: edited('title:', 'titel:'),
    told: ['scenario.yaml:1:1: "title" is missing', 'scenario.yaml:2:1: unknown key "titel"; did you mean "title"?'],
  },
  {
    name: 'wrong key far from all',
    files: edited('{ en: A title, ko: 제목 }', '{ en: A title, ko: 제목, zh: x }'),
    told: ['scenario.yaml:2:31: unknown key "zh" in title; known here: en, ko'],
  },
  {
    name: 'one language missing',
    files: edited('{ en: A title, ko: 제목 }', '{ en: A title }'),
    told: ['scenario.yaml:2:1: "ko" is missing in title'],
  },
  {
    name: 'wrong choice',
    files: edited('difficulty: 1', 'difficulty: easy'),
    told: ['scenario.yaml:5:1: difficulty: expected one of 1, 2, 3, 4, 5, found "easy"'],
  },
  {
    name: 'wrong type',
    files: edited('minutes: 5', 'minutes: "5"'),
    told: ['scenario.yaml:6:1: minutes: expected a number, found "5"; take the quotes away'],
  },
  {
    name: 'text without quotes',
    files: edited('minutes: 5', 'minutes: 5\nnodes: [1]'),
    told: ['scenario.yaml:7:9: nodes[0]: expected a text, found 1; quote it'],
  },
  {
    name: 'out of range',
    files: edited('minutes: 5', 'minutes: 500'),
    told: ['scenario.yaml:6:1: minutes: expected 60 or less, found 500'],
  },
  {
    name: 'of another version',
    files: edited('version: 1', 'version: 2'),
    told: ['scenario.yaml:1:1: version: expected 1, found 2'],
  },
  {
    name: 'a link that is closed in the exam',
    files: edited('mistakes:', 'links: [{ title: a, url: https://example.com/ }]\nmistakes:'),
    told: [
      'scenario.yaml:16:21: links[0].url: only kubernetes.io, helm.sh and gateway-api.sigs.k8s.io are open in the exam, found "https://example.com/"',
    ],
  },
  {
    name: 'a check that waits for none, and two that wait for each other',
    files: check(
      '    needs: [quotas]\n    missing: { kind: Node, name: x }\n  - id: one\n    points: 1\n    sentence: { en: x, ko: y }\n    needs: [two]\n    missing: { kind: Node, name: x }\n  - id: two\n    points: 1\n    sentence: { en: x, ko: y }\n    needs: [one]\n    partial: true\n    missing: { kind: Node, name: x }',
    ),
    told: [
      'scenario.yaml:13:13: there is no check "quotas"; did you mean "quota"?',
      'scenario.yaml:18:13: "one" would wait for itself',
      'scenario.yaml:23:13: "two" would wait for itself',
      'scenario.yaml:24:5: a check of "missing" holds or does not; leave "partial" out',
    ],
  },
  ...['/etc/passwd', '~/a', '../a', 'a/../b', 'a/', '.', './a', 'a\\b'].map((path) => ({
    name: `a file at ${path}`,
    files: check(`    file: { path: '${path}' }`),
    told: [
      `scenario.yaml:13:13: checks[0].file.path: expected a path from the home on, such as answers/pods.txt, found ${JSON.stringify(path)}`,
    ],
  })),
  {
    name: 'wrong kind of step',
    files: edited('  - apply: setup', '  - aply: setup'),
    told: ['scenario.yaml:8:5: unknown key "aply" in setup[0]; did you mean "apply"?'],
  },
  {
    name: 'step of no kind',
    files: edited('- apply: setup/team.yaml', '- reboot: node01'),
    told: [
      'scenario.yaml:8:5: setup[0]: what kind of step is this? Give it one of: apply, delete, cordon, uncordon, taint, label, drain, stop, start, advance',
    ],
  },
  {
    name: 'wrong duration',
    files: edited('- apply: setup/team.yaml', '- advance: 10 minutes'),
    told: ['scenario.yaml:8:5: setup[0].advance: expected a duration such as 90s, 10m or 1h30m, found "10 minutes"'],
  },
  {
    name: 'step on a node that is not there',
    files: edited('- apply: setup/team.yaml', '- cordon: node09'),
    told: ['scenario.yaml:8:5: there is no node "node09"; nodes: controlplane, node01, node02'],
  },
  {
    name: 'check with a wrong key',
    files: edited('    expect:', '    expct:'),
    told: ['scenario.yaml:14:5: unknown key "expct" in checks[0]; did you mean "expect"?'],
  },
  {
    name: 'check of no kind',
    files: check(''),
    told: [
      'scenario.yaml:10:5: checks[0]: what kind of check is this? Give it one of: object, missing, list, file, unchanged, can, cel, events, revision, any, probe',
    ],
  },
  {
    name: 'check of two kinds',
    files: check('    object: { kind: Pod, name: a }\n    missing: { kind: Pod, name: b }'),
    told: ['scenario.yaml:14:5: checks[0]: one check has one of object, missing; make it two'],
  },
  {
    name: 'alternatives with mistakes of their own',
    files: check(
      '    any:\n      - missing: { kind: Pod, nam: a }\n      - {}\n      - can: { user: jane, verbs: [get], resource: podz }',
    ),
    told: [
      'scenario.yaml:14:9: "name" is missing in checks[0].any[0].missing',
      'scenario.yaml:14:31: unknown key "nam" in checks[0].any[0].missing; did you mean "name"?',
      'scenario.yaml:15:9: checks[0].any[1]: what kind of check is this? Give it one of: object, missing, list, file, unchanged, can, cel, events, revision',
    ],
  },
  {
    name: 'a trial with mistakes of its own',
    files: check(
      '    probe:\n      - apply: probes/none.yaml\n      - drain: node09\n      - delete: { kind: Pot, name: a }\n      - shout: x\n    after:\n      - {}',
    ),
    told: [
      'scenario.yaml:17:9: checks[0].probe[3]: what kind of step is this? Give it one of: apply, delete, cordon, uncordon, taint, label, drain, stop, start, advance, exec',
      'scenario.yaml:19:9: checks[0].after[0]: what kind of check is this? Give it one of: object, missing, list, file, unchanged, can, cel, events, revision',
    ],
  },
  {
    name: 'a trial about what does not exist',
    files: check(
      '    probe:\n      - apply: probes/none.yaml\n      - drain: node09\n        refused: budget\n      - delete: { kind: Pot, name: a }',
    ),
    told: [
      'scenario.yaml:14:9: the file probes/none.yaml is missing',
      'scenario.yaml:15:9: there is no node "node09"; nodes: controlplane, node01, node02',
      'scenario.yaml:17:19: unknown kind "Pot"; did you mean "Pod"?',
    ],
  },
  {
    name: 'an alternative about what does not exist',
    files: check(
      '    any:\n      - missing: { kind: Pod, name: a }\n      - can: { user: jane, verbs: [get], resource: podz }',
    ),
    told: ['scenario.yaml:15:42: unknown resource "podz"; did you mean "pods"?'],
  },
  {
    name: 'an expression about a field that does not exist',
    files: check('    cel: pods.all(p, p.spec.nodName == "a")\n    with:\n      pods: { kind: Pod }'),
    told: ["scenario.yaml:13:5: cel: ERROR: <input>:1:19: undefined field 'nodName'"],
  },
  {
    name: 'check without its name',
    files: check('    object: { kind: Pod, nam: a }'),
    told: [
      'scenario.yaml:13:5: "name" is missing in checks[0].object',
      'scenario.yaml:13:26: unknown key "nam" in checks[0].object; did you mean "name"?',
    ],
  },
  {
    name: 'wrong count',
    files: check('    list: { kind: Pod }\n    count: many'),
    told: [
      'scenario.yaml:14:5: checks[0].count: expected a whole number or bounds such as {min: 1, max: 3}, found "many"',
    ],
  },
  {
    name: 'bounds that exclude each other',
    files: check('    list: { kind: Pod }\n    count: { min: 2, max: 1 }'),
    told: ['scenario.yaml:14:5: count: min 2 is greater than max 1'],
  },
  {
    name: 'bounds that allow all',
    files: check('    list: { kind: Pod }\n    count: {}'),
    told: ['scenario.yaml:14:5: count: any number passes; give min or max'],
  },
  {
    name: 'wrong selector',
    files: check('    list: { kind: Pod, selector: "app in web" }\n    count: 1'),
    told: ["scenario.yaml:13:24: selector: unable to parse requirement: found 'web' expected: '('"],
  },
  {
    name: 'wrong kind in a check',
    files: check('    object: { kind: Deploymnt, name: a }'),
    told: ['scenario.yaml:13:15: unknown kind "Deploymnt"; did you mean "Deployment"?'],
  },
  {
    name: 'short name for a kind',
    files: check('    object: { kind: pvc, name: a }'),
    told: ['scenario.yaml:13:15: unknown kind "pvc"; did you mean "PersistentVolumeClaim"?'],
  },
  {
    name: 'kind of another API group',
    files: check('    object: { kind: Deployment, apiVersion: extensions/v1beta1, name: a }'),
    told: ['scenario.yaml:13:33: kind "Deployment" is not in apiVersion "extensions/v1beta1" but in apps/v1'],
  },
  {
    name: 'namespace of what has none',
    files: check('    object: { kind: Node, name: node01, namespace: a }'),
    told: ['scenario.yaml:13:41: a Node lives in no namespace; leave "namespace" out'],
  },
  {
    name: 'check of a node that is not there',
    files: check('    unchanged: { kind: Node, name: node3 }'),
    told: ['scenario.yaml:13:30: there is no node "node3"; nodes: controlplane, node01, node02'],
  },
  {
    name: 'wrong field in expect',
    files: edited('spec: { hard: { pods: 4 } }', 'spec: { hrad: { pods: 4 } }'),
    told: ['scenario.yaml:15:15: unknown field "hrad" in spec; did you mean "hard"?'],
  },
  {
    name: 'wrong quantity in expect',
    files: edited('{ pods: 4 }', '{ requests.memory: 2GB }'),
    told: [
      'scenario.yaml:15:23: spec.hard["requests.memory"]: expected a quantity such as 500m, 1, 256Mi or 2Gi, found "2GB"; did you mean "2Gi"?',
    ],
  },
  {
    name: 'wrong path in absent',
    files: check('    object: { kind: Node, name: node01 }\n    absent: [spec.taint]'),
    told: ['scenario.yaml:14:14: spec.taint: unknown field "taint"; did you mean "taints"?'],
  },
  {
    name: 'wrong path in unchanged',
    files: check('    unchanged: { kind: Node, name: node01, fields: [specs] }'),
    told: ['scenario.yaml:13:53: specs: unknown field "specs"; did you mean "spec"?'],
  },
  {
    name: 'two checks of one id',
    files: edited(
      'mistakes:',
      '  - id: quota\n    points: 1\n    sentence: { en: x, ko: y }\n    missing: { kind: Pod, name: a }\nmistakes:',
    ),
    told: ['scenario.yaml:16:5: the id "quota" is taken by another check'],
  },
  {
    name: 'unknown check in mistakes',
    files: edited('[quota]', '[quotas]'),
    told: ['scenario.yaml:17:18: there is no check "quotas"; did you mean "quota"?'],
  },
  {
    name: 'mistake without its script',
    files: edited('  wrong-number', '  other: [quota]\n  wrong-number'),
    told: ['scenario.yaml:17:3: the file mistakes/other.sh is missing'],
  },
  {
    name: 'mistake that is not listed',
    files: { 'mistakes/other.sh': 'true\n' },
    told: ['scenario.yaml:16:1: mistakes/other.sh is not in "mistakes"; add the checks it must fail: other: [quota]'],
  },
  { name: 'empty task', files: { 'task.ko.md': '\n' }, told: ['task.ko.md: this file is empty: the task in Korean'] },
  {
    name: 'manifest that is not there',
    files: edited('setup/team.yaml', 'setup/teams.yaml'),
    told: ['scenario.yaml:8:5: the file setup/teams.yaml is missing'],
  },
  {
    name: 'manifest outside the folder',
    files: edited('setup/team.yaml', '../../../../etc/hosts'),
    told: ["scenario.yaml:8:5: ../../../../etc/hosts is outside the scenario's folder"],
  },
  {
    name: 'empty manifest',
    files: { 'setup/team.yaml': '# nothing\n' },
    told: ['scenario.yaml:8:5: the file setup/team.yaml is empty'],
  },
  {
    name: 'wrong kind in a manifest',
    files: { 'setup/team.yaml': 'apiVersion: v1\nkind: namespaces\nmetadata: { name: a }\n' },
    told: ['setup/team.yaml:2:1: unknown kind "namespaces"; did you mean "Namespace"?'],
  },
  {
    name: 'manifest without kind',
    files: { 'setup/team.yaml': 'apiVersion: v1\nmetadata: { name: a }\n' },
    told: ['setup/team.yaml:1:1: "kind" is missing'],
  },
  {
    name: 'manifest that is a list',
    files: { 'setup/team.yaml': '- a\n' },
    told: ['setup/team.yaml:1:1: expected a Kubernetes object: a map with apiVersion, kind and metadata'],
  },
  {
    name: 'wrong fields in a manifest',
    files: {
      'setup/team.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { labels: { a: 1 } }\nspec:\n  containers:\n    - name: a\n      img: b\n      ports: x\n',
    },
    told: [
      'setup/team.yaml:3:1: "name" is missing in metadata',
      'setup/team.yaml:3:23: metadata.labels.a: expected a text, found 1; quote it',
      'setup/team.yaml:7:7: unknown field "img" in spec.containers[0]; did you mean "image"?',
      'setup/team.yaml:8:7: spec.containers[0].ports: expected a list, found "x"',
    ],
  },
  {
    name: 'wrong quantity in the second document',
    files: {
      'setup/team.yaml':
        'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n---\napiVersion: v1\nkind: ResourceQuota\nmetadata: { name: a }\nspec: { hard: { pods: four } }\n',
    },
    told: ['setup/team.yaml:8:17: spec.hard.pods: expected a quantity such as 500m, 1, 256Mi or 2Gi, found "four"'],
  },
  {
    name: 'a second document',
    files: { 'scenario.yaml': `${YAML}---\nversion: 1\n` },
    told: ['scenario.yaml:19:1: one scenario a file; this is a second document'],
  },
  { name: 'nothing in it', files: { 'scenario.yaml': '' }, told: ['scenario.yaml: this file is empty'] },
  {
    name: 'only a text',
    files: { 'scenario.yaml': 'hello\n' },
    told: ['scenario.yaml:1:1: expected a map, found "hello"'],
  },
  {
    name: 'no YAML',
    files: { 'scenario.yaml': 'a: [1\nb: 2\n' },
    told: [
      'scenario.yaml:2:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  },
  {
    name: 'a key twice',
    files: edited('minutes: 5', 'minutes: 5\nminutes: 6'),
    told: ['scenario.yaml:7:1: not valid YAML: Map keys must be unique'],
  },
  {
    name: 'deep nesting',
    files: { 'scenario.yaml': `a: ${deep}\n` },
    told: ['scenario.yaml:1:104: nested deeper than 100 levels'],
  },
  {
    name: 'deep nesting by dashes',
    files: { 'setup/team.yaml': `a:\n  ${'- '.repeat(200)}x\n` },
    told: ['setup/team.yaml:2:203: nested deeper than 100 levels'],
  },
  {
    name: 'alias bomb',
    files: { 'scenario.yaml': bomb },
    told: ['scenario.yaml:2:8: these aliases unfold into too much; write the values out where they are needed'],
  },
  {
    name: 'alias of itself',
    files: { 'setup/team.yaml': 'a: &a [*a]\n' },
    told: ['setup/team.yaml:1:8: nested deeper than 100 levels, or contains itself'],
  },
  {
    name: 'too large',
    files: { 'task.en.md': 'x'.repeat(1024 * 1024 + 1) },
    told: ['task.en.md: this file is larger than 1024 KiB: the task in English'],
  },
  {
    name: 'several at once, in the order of the files',
    files: { ...edited('spec: { hard: { pods: 4 } }', 'spec: { hard: { pods: x }, scope: [] }'), 'task.en.md': '' },
    told: [
      'scenario.yaml:15:23: spec.hard.pods: expected a quantity such as 500m, 1, 256Mi or 2Gi, found "x"',
      'scenario.yaml:15:34: unknown field "scope" in spec; did you mean "scopes"?',
      'task.en.md: this file is empty: the task in English',
    ],
  },
];

test.each(bad)('bad: $name', ({ files, told }) => {
  const result = load(files);
  expect(result.told).toEqual(told);
  expect(result.scenario).toBeUndefined();
});

test('a task that is missing', () => {
  const { 'task.ko.md': _, ...files } = SCENARIO;
  const root = made(files);
  expect(printed(root, loadScenario(root, 'a', 'own').problems)).toEqual([
    'task.ko.md: this file is missing: the task in Korean',
  ]);
});

test('a manifest that a link leads outside', () => {
  const outside = made({ 'secret.yaml': 'a: b\n' });
  const root = made({ ...SCENARIO, ...edited('setup/team.yaml', 'setup/link.yaml') });
  symlinkSync(join(outside, 'secret.yaml'), join(root, 'setup/link.yaml'));
  expect(printed(root, loadScenario(root, 'a', 'own').problems)).toEqual([
    "scenario.yaml:8:5: setup/link.yaml is outside the scenario's folder",
  ]);
});

test('a manifest that several scenarios of a pack share', () => {
  const files = Object.entries({ ...SCENARIO, ...edited('setup/team.yaml', 'shared/team.yaml') });
  const pack = made({
    ...Object.fromEntries(files.map(([name, text]) => [`task/${name}`, text])),
    'shared/team.yaml': SCENARIO['setup/team.yaml'] ?? '',
  });
  const load = () => loadScenario(join(pack, 'task'), 'pack/task', 'own');
  expect(load()).toMatchObject({ problems: [], scenario: { setup: [{ apply: [{ kind: 'Namespace' }] }] } });
  rmSync(join(pack, 'shared/team.yaml'));
  symlinkSync('/etc/hosts', join(pack, 'shared/team.yaml'));
  expect(printed(pack, load().problems)).toEqual([
    "task/scenario.yaml:8:5: shared/team.yaml is outside the pack's shared folder",
  ]);
});

test('a folder where a file should be', () => {
  const { 'task.en.md': _, ...files } = SCENARIO;
  const root = made({ ...files, 'task.en.md/x': '' });
  expect(printed(root, loadScenario(root, 'a', 'own').problems)).toEqual([
    'task.en.md: this is no file: the task in English',
  ]);
});

const pack = (slugs: Record<string, Readonly<Record<string, string>>>) => {
  const root = made({});
  for (const [slug, files] of Object.entries(slugs)) writeFiles(join(root, slug), files);
  return root;
};

test('a scenario with a problem keeps out only itself', () => {
  const root = pack({ 'p/a': SCENARIO, 'p/b': { ...SCENARIO, 'task.en.md': '' }, 'q/a': SCENARIO });
  const { scenarios, problems } = loadScenarios([{ path: root, origin: 'own' }]);
  expect(scenarios.map(({ id }) => id)).toEqual(['p/a', 'q/a']);
  expect(printed(root, problems)).toEqual(['p/b/task.en.md: this file is empty: the task in English']);
});

test('ids are unique over all folders; the first has it', () => {
  const [first, second] = [pack({ 'p/a': SCENARIO }), pack({ 'p/a': SCENARIO })];
  const { scenarios, problems } = loadScenarios([
    { path: first, origin: 'shipped' },
    { path: second, origin: 'own' },
  ]);
  expect(scenarios.map(({ origin }) => origin)).toEqual(['shipped']);
  expect(printed(second, problems)).toEqual([
    `p/a/scenario.yaml: the id p/a is taken by ${first}/p/a; rename one of the two folders`,
  ]);
});

test('a folder that is not there is a problem, not an end', () => {
  const root = pack({ 'p/a': SCENARIO });
  const { scenarios, problems } = loadScenarios([
    { path: '/nowhere/at/all', origin: 'own' },
    { path: root, origin: 'own' },
  ]);
  expect(scenarios).toHaveLength(1);
  expect(problems).toEqual([{ file: '/nowhere/at/all', line: 0, column: 0, message: 'there is no such folder' }]);
});

test('a scenario may be given itself', () => {
  const root = pack({ 'p/a': SCENARIO });
  expect(loadScenarios([{ path: join(root, 'p/a'), origin: 'own' }]).scenarios[0]?.id).toBe('a');
});

test('links that lead nowhere, hidden folders and what is too deep are passed over', () => {
  const root = pack({ 'p/a': SCENARIO, '.git/x': SCENARIO, 'a/b/c/d': SCENARIO });
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
  mkdirSync(join(root, 'empty'));
  expect(findScenarios(root).map((path) => basename(path))).toEqual(['a']);
});
