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

export const writePassing = (names: readonly string[]): void =>
  writeFileSync(PASSING, `${JSON.stringify(names.toSorted(), null, 2)}\n`);

export const toolsDir = join(here, '../../.cache/tools');
