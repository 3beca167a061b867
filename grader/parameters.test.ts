import { expect, test } from '@jest/globals';
import { loadScenario, loadVariant } from './load.ts';
import { drawValues, everyChoice, Filling, type Parameters } from './parameters.ts';
import { printProblem } from './problem.ts';
import { folder, SCENARIO } from './testing.ts';

const parameters: Parameters = {
  team: ['blue', 'red', 'green'],
  size: [
    { cpu: 1, memory: '1Gi' },
    { cpu: 2, memory: '4Gi' },
  ],
  pods: { min: 4, max: 10, step: 2 },
};

test('the first seed takes the first of everything', () => {
  expect(Object.fromEntries(drawValues(parameters, 0))).toEqual({
    team: 'blue',
    'size.cpu': 1,
    'size.memory': '1Gi',
    pods: 4,
  });
});

test('the same seed draws the same, and one more parameter changes none of the others', () => {
  const draw = (seed: number, more: Parameters = {}) => drawValues({ ...parameters, ...more }, seed);
  for (const seed of [1, 2, 3, 2_000_000_000]) {
    expect(draw(seed)).toEqual(draw(seed));
    expect(draw(seed, { node: ['a', 'b'] }).get('team')).toBe(draw(seed).get('team'));
  }
  const teams = new Set(Array.from({ length: 50 }, (_, seed) => draw(seed).get('team')));
  expect(teams).toEqual(new Set(['blue', 'red', 'green']));
});

test('every choice is read once', () => {
  const all = everyChoice(parameters);
  expect(all.map((values) => values.get('pods'))).toEqual([4, 6, 8, 10]);
  expect(all.map((values) => values.get('team'))).toEqual(['blue', 'red', 'green', 'blue']);
});

test.each([
  ['a name', 'kubectl get quota -n team-{{team}}', 'kubectl get quota -n team-blue', []],
  ['a part', '{{ size.memory }}', '1Gi', []],
  ['a name with a typo', '{{taem}}', '{{taem}}', ['there is no parameter "taem"; did you mean "team"?']],
  [
    'a template of kubectl',
    "-o go-template='{{range .items}}{{.metadata.name}}{{end}}'",
    "-o go-template='{{range .items}}{{.metadata.name}}{{end}}'",
    [],
  ],
])('%s in a text', (_, text, filled, problems) => {
  const told: string[] = [];
  expect(new Filling(drawValues(parameters, 0)).text(text, (message) => told.push(message))).toBe(filled);
  expect(told).toEqual(problems);
});

const varied = {
  ...SCENARIO,
  'scenario.yaml': (SCENARIO['scenario.yaml'] ?? '')
    .replace('setup:\n', 'parameters:\n  team: [blue, red]\n  pods: { min: 4, max: 6 }\nsetup:\n')
    .replace('namespace: team }', "namespace: 'team-{{team}}' }")
    .replace('pods: 4', "pods: '{{pods}}'"),
  'setup/team.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-{{team}}\n',
  'task.en.md': 'Make a quota of `{{pods}}` pods for {{team}}.\n',
  'solutions/01-create.sh': 'kubectl create quota compute -n team-{{team}} --hard=pods={{pods}}\n',
};
const variant = (files: Readonly<Record<string, string>>, seed: number) =>
  loadVariant({ folder: folder(files), id: 'p/s', origin: 'own' }, seed);

test('a variant has its values everywhere, numbers as numbers', () => {
  const scenario = variant(varied, 0);
  expect(scenario).toMatchObject({
    varies: true,
    task: { en: 'Make a quota of `4` pods for blue.\n' },
    setup: [{ apply: [{ metadata: { name: 'team-blue' } }] }],
    solutions: [{ text: 'kubectl create quota compute -n team-blue --hard=pods=4\n' }],
    checks: [
      {
        run: {
          options: { object: { namespace: 'team-blue' }, expect: { spec: { hard: { pods: 4 } } } },
        },
      },
    ],
  });
  expect(variant(SCENARIO, 7)).toMatchObject({ varies: false });
});

const told = (files: Readonly<Record<string, string>>) =>
  loadScenario(folder(files), 'p/s', 'own').problems.map((problem) =>
    printProblem(problem).replace(/^.*\/(?=scenario|task|setup|solutions)/, ''),
  );

test.each([
  ['no problem', varied, []],
  [
    'a parameter that nothing uses',
    {
      ...varied,
      'scenario.yaml': varied['scenario.yaml'].replace('team: [blue, red]', 'team: [blue, red]\n  node: [a, b]'),
    },
    ['scenario.yaml:9:3: the parameter "node" is used nowhere: write {{node}} where it belongs'],
  ],
  [
    'a name that is none',
    { ...varied, 'setup/team.yaml': varied['setup/team.yaml'].replace('{{team}}', '{{color}}') },
    ['setup/team.yaml:4:9: there is no parameter "color"; parameters: team, pods'],
  ],
  [
    'a choice that is wrong where it is used',
    { ...varied, 'scenario.yaml': varied['scenario.yaml'].replace('pods: { min: 4, max: 6 }', 'pods: [4, 5, many]') },
    ['scenario.yaml:18:23: spec.hard.pods: expected a quantity such as 500m, 1, 256Mi or 2Gi, found "many"'],
  ],
])('%s', (_, files, problems) => {
  expect(told(files)).toEqual(problems);
});
