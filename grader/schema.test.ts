import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { blueprintJsonSchema } from './blueprints/schema.ts';
import { CHECK_KINDS, checkSchema } from './schema-checks.ts';
import { knownKeys } from './schema-keys.ts';
import { PROBE_STEP_KINDS, probeStepSchema, setupStepSchema, STEP_KINDS } from './schema-steps.ts';
import { scenarioJsonSchema } from './schema.ts';

test.each([
  { file: 'scenario.schema.json', schema: scenarioJsonSchema(), option: '' },
  { file: 'exam.schema.json', schema: blueprintJsonSchema(), option: ' --exam' },
])('scenarios/$file is up to date', ({ file, schema, option }) => {
  const published: unknown = JSON.parse(readFileSync(new URL(`../scenarios/${file}`, import.meta.url), 'utf8'));
  const cure = `run: bin/drydock scenario schema${option} > scenarios/${file} && npx oxfmt scenarios`;
  expect({ cure, schema: published }).toEqual({ cure, schema });
});

test('kinds are listed in the order of their alternatives', () => {
  const own = (alternatives: readonly { shape: object }[], kinds: readonly string[]) =>
    alternatives.map(({ shape }) => kinds.filter((kind) => kind in shape));
  expect(own(checkSchema.options, CHECK_KINDS)).toEqual(CHECK_KINDS.map((kind) => [kind]));
  expect(own(setupStepSchema.options, STEP_KINDS)).toEqual(STEP_KINDS.map((kind) => [kind]));
  expect(own(probeStepSchema.options, PROBE_STEP_KINDS)).toEqual(PROBE_STEP_KINDS.map((kind) => [kind]));
});

test.each([
  [['title'], ['en', 'ko']],
  [
    ['setup', 0, 'taint'],
    ['node', 'key', 'value', 'effect'],
  ],
  [
    ['links', 3],
    ['title', 'url'],
  ],
  [['nowhere'], []],
])('keys known at %j', (path, keys) => {
  expect(knownKeys(scenarioJsonSchema(), path)).toEqual(keys);
});
