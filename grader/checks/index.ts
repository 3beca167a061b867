/** All checks, sorted by kind. To add one: its file, its test, a line here and its shape in schema.ts. */
import type { CheckSource } from '../schema.ts';
import type { ManifestProblem } from '../manifest.ts';
import type { CheckSpec, Outcome } from '../types.ts';
import type { Check, CheckInput } from './check.ts';
import { listCheck } from './list.ts';
import { missingCheck } from './missing.ts';
import { objectCheck } from './object.ts';
import { unchangedCheck } from './unchanged.ts';

const checks = { list: listCheck, missing: missingCheck, object: objectCheck, unchanged: unchangedCheck };
type Kind = keyof typeof checks;

const isKind = (kind: string): kind is Kind => Object.hasOwn(checks, kind);

/** From the scenario's source to a check that can run, with what is wrong in it. */
export function makeCheck(source: CheckSource): { spec: CheckSpec; problems: ManifestProblem[] } {
  const { id, points, sentence, ...options } = source;
  const kind = Object.keys(options).find(isKind);
  if (!kind) throw new Error(`check ${id} is of no known kind`);
  const check = checks[kind] as Check<unknown>;
  return { spec: { id, points, sentence, run: { kind, options } }, problems: check.problems(options) };
}

/** A check that cannot run is nobody's mistake but its author's. */
export function runCheck({ run }: CheckSpec, input: CheckInput): Outcome {
  if (!isKind(run.kind)) return { outcome: 'unknown', reason: `there is no check of the kind ${run.kind}` };
  try {
    return (checks[run.kind] as Check<unknown>).run(run.options, input);
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}
