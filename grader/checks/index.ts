/** All checks, sorted by kind. To add one: its file, its test, a line here and its shape in schema-checks.ts. */
import type { TrialStep } from '#cluster/trial.ts';
import type { CheckBody, CheckSource } from '../schema-checks.ts';
import type { ManifestProblem } from '../manifest.ts';
import type { CheckSpec, Outcome } from '../types.ts';
import type { Check, CheckInput, Demands, KindRef } from './check.ts';
import { anyCheck } from './any.ts';
import { canCheck } from './can.ts';
import { celCheck } from './cel.ts';
import { eventsCheck } from './events.ts';
import { fileCheck } from './file.ts';
import { listCheck } from './list.ts';
import { missingCheck } from './missing.ts';
import { objectCheck } from './object.ts';
import { probeCheck, stepsOf, type ProbeOptions } from './probe.ts';
import { revisionCheck } from './revision.ts';
import { unchangedCheck } from './unchanged.ts';

/** What a check looks at, without what it is worth. */
interface Body {
  kind: string;
  options: unknown;
}

/** The checks that hold other checks look at them so. */
const inner = {
  reads: (body: CheckBody) => readsOf(bodyOf(body)),
  problems: (body: CheckBody) => problemsOf(bodyOf(body)),
  run: (body: CheckBody, input: CheckInput) => runBody(bodyOf(body), input),
  files: (body: CheckBody) => filesOf(bodyOf(body)),
  demands: (body: CheckBody, input: CheckInput) => demandsOf(bodyOf(body), input),
};

// typed apart from what it holds: some run the others through it
const checks: Readonly<Record<string, Check<never>>> = {
  any: anyCheck(inner),
  can: canCheck,
  cel: celCheck,
  events: eventsCheck,
  file: fileCheck,
  list: listCheck,
  missing: missingCheck,
  object: objectCheck,
  probe: probeCheck(inner),
  revision: revisionCheck,
  unchanged: unchangedCheck,
};

const checkOf = (kind: string): Check<unknown> | undefined => (Object.hasOwn(checks, kind) ? checks[kind] : undefined);

function bodyOf(options: object): Body {
  const kind = Object.keys(options).find((key) => checkOf(key) !== undefined);
  if (kind === undefined) throw new Error(`a check of no known kind: ${Object.keys(options).join(', ')}`);
  return { kind, options };
}

const readsOf = ({ kind, options }: Body): readonly KindRef[] => checkOf(kind)?.reads(options) ?? [];

const filesOf = ({ kind, options }: Body): readonly string[] => checkOf(kind)?.files?.(options) ?? [];

/** A check that demands one thing holds or does not. */
function demandsOf(body: Body, input: CheckInput): Demands {
  const outcome = runBody(body, input);
  if (outcome.outcome === 'passed') return { held: 1, of: 1 };
  if (outcome.outcome === 'unknown') return { held: 0, of: 1 };
  return checkOf(body.kind)?.demands?.(body.options, input) ?? { held: 0, of: 1 };
}

const problemsOf = ({ kind, options }: Body): ManifestProblem[] => checkOf(kind)?.problems(options) ?? [];

function runBody({ kind, options }: Body, input: CheckInput): Outcome {
  const check = checkOf(kind);
  if (check === undefined) return { outcome: 'unknown', reason: `there is no check of the kind ${kind}` };
  try {
    return check.run(options, input);
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A trial whose manifests have been read. */
type ProbeSource = Pick<CheckSource, 'id' | 'points' | 'sentence' | 'partial' | 'needs'> & ProbeOptions<CheckBody>;

/** From the scenario's source to a check that can run, with what is wrong in it. */
export function makeCheck(source: CheckSource | ProbeSource): { spec: CheckSpec; problems: ManifestProblem[] } {
  const { id, points, sentence, partial, needs, ...options } = source;
  const run = bodyOf(options);
  const spec = { id, points, sentence, run, ...(partial ? { partial } : {}), ...(needs ? { needs } : {}) };
  const whole = partial === true && checkOf(run.kind)?.demands === undefined;
  const problems = problemsOf(run);
  if (whole)
    problems.push({
      path: ['partial'],
      message: `a check of ${JSON.stringify(run.kind)} holds or does not; leave "partial" out`,
    });
  return { spec, problems };
}

/** A check that cannot run is nobody's mistake but its author's. */
export const runCheck = ({ run }: CheckSpec, input: CheckInput): Outcome => runBody(run, input);

/** The share of what it demands that holds. */
export const demandsHeld = ({ run }: CheckSpec, input: CheckInput): Demands => demandsOf(run, input);

/** Paths of the files that these checks look into, each once. */
export const filesRead = (specs: readonly CheckSpec[]): string[] => [
  ...new Set(specs.flatMap(({ run }) => filesOf(run))),
];

/** The kinds that these checks look at. */
export const kindsRead = (specs: readonly CheckSpec[]): KindRef[] => specs.flatMap(({ run }) => readsOf(run));

/** What has to be tried on a copy of the cluster before these checks can run, by their ids. */
export const trialSteps = (specs: readonly CheckSpec[]): [id: string, steps: TrialStep[]][] =>
  specs.flatMap(({ id, run }) => (run.kind === 'probe' ? [[id, stepsOf(run.options as ProbeOptions<CheckBody>)]] : []));
