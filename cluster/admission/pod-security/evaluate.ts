import type { ObjectMeta, PodSpec } from '../../api/types.ts';
import { baselineChecks } from './baseline.ts';
import type { Violation } from './check.ts';
import { minorOf, type LevelVersion } from './policy.ts';
import { restrictedChecks } from './restricted.ts';

/** Baseline first, less what a stricter check covers; then restricted. */
export function violations(wanted: LevelVersion, spec: PodSpec, metadata: Partial<ObjectMeta>): Violation[] {
  if (wanted.level === 'privileged') return [];
  const minor = minorOf(wanted);
  const restricted = wanted.level === 'restricted' ? restrictedChecks.filter(({ since }) => since <= minor) : [];
  const replaced = new Set(restricted.map(({ replaces }) => replaces));
  const baseline = baselineChecks.filter(({ id, since }) => since <= minor && !replaced.has(id));
  return [...baseline, ...restricted].flatMap((check) => check.run(spec, metadata, minor) ?? []);
}

export const detailText = (found: readonly Violation[]): string =>
  found.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');
export const reasonText = (found: readonly Violation[]): string => found.map(({ reason }) => reason).join(', ');
