/** The recorded cases, and the list of those that our cluster has answered word for word. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedCase } from './run-case.ts';

const here = import.meta.dirname;
const RECORDED = join(here, 'recorded');
const PASSING = join(here, 'passing.json');

export function recordedCases(): RecordedCase[] {
  return readdirSync(RECORDED)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(join(RECORDED, name), 'utf8')) as RecordedCase[]);
}

/** A case's name within all: areas may use the same one. */
export const nameOf = ({ area, name }: Pick<RecordedCase, 'area' | 'name'>): string => `${area}/${name}`;

/** Names of the cases that passed: one that passed may not fail again. */
export const passingCases = (): string[] =>
  existsSync(PASSING) ? (JSON.parse(readFileSync(PASSING, 'utf8')) as string[]) : [];

/**
 * kubectl prints rows of a Go map in random order here (a LimitRange's resources in `describe ns`, the problems of `drain`): two
 * recordings agreed by chance, and no cluster can answer them the same each time.
 */
const RANDOM_ORDER: ReadonlySet<string> = new Set([
  'limitrange/limitrange-container-defaults',
  'nodes/drain-refusals-then-flags',
]);

export const writePassing = (names: readonly string[]): void =>
  writeFileSync(PASSING, `${JSON.stringify(names.filter((name) => !RANDOM_ORDER.has(name)).sort(), null, 2)}\n`);

export const toolsDir = join(here, '../../.cache/tools');
