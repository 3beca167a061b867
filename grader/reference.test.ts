import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { scenarioReference } from './reference.ts';
import { CHECK_KINDS } from './schema-checks.ts';
import { STEP_KINDS } from './schema-steps.ts';

test('docs/scenario-reference.md is up to date', () => {
  const published = readFileSync(new URL('../docs/scenario-reference.md', import.meta.url), 'utf8');
  const cure = 'run: bin/drydock scenario reference > docs/scenario-reference.md';
  expect({ cure, text: published }).toEqual({ cure, text: scenarioReference() });
});

test.each([...CHECK_KINDS, ...STEP_KINDS])('%s has a section', (kind) => {
  expect(scenarioReference()).toContain(`\n### \`${kind}\`\n`);
});
