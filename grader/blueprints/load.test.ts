import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { someScenario } from '../testing.ts';
import type { Difficulty } from '../types.ts';
import { drawQuestions } from './draw.ts';
import { loadBlueprints } from './load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'blueprints-'));
  mkdirSync(join(folder, 'exams'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sort = (count: number, domain: 'storage' | 'troubleshooting', difficulty: Difficulty) =>
  Array.from({ length: count }, (_, index) =>
    someScenario(`core/${domain}-${difficulty}-${index}`, { domain, difficulty }),
  );
const pack = [
  ...sort(4, 'storage', 1),
  ...sort(4, 'storage', 4),
  ...sort(6, 'troubleshooting', 3),
  someScenario('other/storage', { domain: 'storage' }),
];

const HEAD = 'version: 1\ntitle: { en: Mock, ko: 모의 }\n';

function load(text: string) {
  writeFileSync(join(folder, 'exams', 'mock.yaml'), text);
  const { blueprints, problems } = loadBlueprints(folder, 'core', pack);
  return { blueprint: blueprints[0], problems: problems.map(({ line, message }) => `${line}: ${message}`) };
}

test('a fixed list asks in its order, in the time and to the mark that it gives', () => {
  const { blueprint, problems } = load(
    `${HEAD}minutes: 30\npass: 70\nquestions: [troubleshooting-3-1, core/storage-1-0, other/storage]\n`,
  );
  expect(problems).toEqual([]);
  expect(blueprint).toMatchObject({ id: 'core/mock', pack: 'core', minutes: 30, pass: 70 });
  if (!blueprint) throw new Error('no blueprint');
  expect(drawQuestions(blueprint, pack, 1).scenarios.map(({ id }) => id)).toEqual([
    'core/troubleshooting-3-1',
    'core/storage-1-0',
    'other/storage',
  ]);
});

test('a draw takes by domain and difficulty, each scenario once, easy ones first, and another for another seed', () => {
  const { blueprint, problems } = load(
    `${HEAD}draw:\n  - { domain: storage, difficulty: { min: 3 }, count: 2 }\n  - { domain: storage, count: 3 }\n  - { count: 4 }\n`,
  );
  expect(problems).toEqual([]);
  if (!blueprint) throw new Error('no blueprint');
  expect(blueprint).toMatchObject({ minutes: 120, pass: 66 });
  const draws = [1, 1, 2, 3].map((seed) => drawQuestions(blueprint, pack, seed).scenarios);
  for (const drawn of draws) {
    expect(new Set(drawn).size).toBe(9);
    const difficulties = drawn.map(({ difficulty }) => difficulty);
    expect(difficulties).toEqual(difficulties.toSorted((a, b) => a - b));
    expect(drawn.every(({ id }) => id.startsWith('core/'))).toBe(true);
    expect(drawn.filter(({ domain, difficulty }) => domain === 'storage' && difficulty > 2).length).toBeGreaterThan(1);
  }
  const [first, again, ...others] = draws.map((drawn) => drawn.map(({ id }) => id).join(' '));
  expect(again).toBe(first);
  expect(others.some((other) => other !== first)).toBe(true);
});

test('a seed in the blueprint is everybody’s', () => {
  const { blueprint } = load(`${HEAD}seed: 7\ndraw: [{ count: 3 }]\n`);
  if (!blueprint) throw new Error('no blueprint');
  expect(drawQuestions(blueprint, pack, 1)).toEqual(drawQuestions(blueprint, pack, 2));
});

test.each([
  { name: 'neither list nor draw', text: HEAD, problem: '1: give either "questions" or "draw"' },
  {
    name: 'list and draw',
    text: `${HEAD}questions: [storage-1-0]\ndraw: [{ count: 1 }]\n`,
    problem: '4: give either "questions" or "draw"',
  },
  {
    name: 'a name that is not there',
    text: `${HEAD}questions: [storage-1-0, storage-1-9x]\n`,
    problem: '3: there is no scenario "core/storage-1-9x"; did you mean "core/storage-1-0"?',
  },
  {
    name: 'asked twice',
    text: `${HEAD}questions: [storage-1-0, storage-1-0]\n`,
    problem: '3: core/storage-1-0 is asked twice',
  },
  {
    name: 'more than there is',
    text: `${HEAD}draw:\n  - { domain: storage, count: 6 }\n  - { domain: storage, count: 3 }\n`,
    problem: '5: asks for 3 scenarios of this sort; the pack has 2 that no line before takes',
  },
  {
    name: 'a mistyped key',
    text: `${HEAD}draw: [{ domains: storage, count: 1 }]\n`,
    problem: '3: unknown key "domains" in draw[0]; did you mean "domain"?',
  },
  {
    name: 'a mistyped domain',
    text: `${HEAD}draw: [{ domain: storag, count: 1 }]\n`,
    problem:
      '3: draw[0].domain: expected one of "troubleshooting", "cluster-architecture", "services-and-networking", "workloads-and-scheduling", "storage", found "storag"; did you mean "storage"?',
  },
  { name: 'nothing', text: '', problem: '0: this file is empty' },
])('refused: $name', ({ text, problem }) => {
  expect(load(text)).toEqual({ blueprint: undefined, problems: [problem] });
});

test('a pack without exams has none', () => {
  expect(loadBlueprints(join(folder, 'nowhere'), 'core', pack)).toEqual({ blueprints: [], problems: [] });
});
