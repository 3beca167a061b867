/** `probe`: tried on a copy of the cluster, so that what it does is graded and not how it is written. */
import type { StepOutcome, Trial, TrialStep } from '#cluster/trial.ts';
import type { ManifestProblem } from '../manifest.ts';
import type { Finding, Outcome } from '../types.ts';
import type { Check, CheckInput, KindRef } from './check.ts';

/** A step, and what has to come of it. */
export type ProbeStep = TrialStep & {
  /** true, or a part of the sentence. Left out: it has to be done. */
  refused?: true | string;
  prints?: string;
  fails?: true | string;
};

export interface ProbeOptions<Body> {
  probe: ProbeStep[];
  /** Checks of what the copy has come to. */
  after?: Body[];
}

/** How the checks that follow, which are of other kinds, are looked at. */
interface Following<Body> {
  reads(body: Body): readonly KindRef[];
  problems(body: Body): ManifestProblem[];
  run(body: Body, input: CheckInput): Outcome;
}

/** Without what is expected of them. */
export const stepsOf = ({ probe }: ProbeOptions<unknown>): TrialStep[] =>
  probe.map(({ refused: _refused, prints: _prints, fails: _fails, ...step }) => step);

const objectText = ({ kind, metadata }: { kind: string; metadata: { name?: string; namespace?: string } }): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name ?? ''}`;

/** `apply Pod shop/fifth`, `drain node01` */
function stepText(step: TrialStep): string {
  if ('apply' in step) return `apply ${step.apply.map(objectText).join(', ')}`;
  if ('delete' in step) return `delete ${objectText({ kind: step.delete.kind, metadata: step.delete })}`;
  if ('exec' in step) {
    const { namespace, pod, selector, command } = step.exec;
    return `exec ${namespace}/${pod ?? selector ?? ''}: ${command.join(' ')}`;
  }
  if ('taint' in step) return `taint ${step.taint.node} ${step.taint.key}:${step.taint.effect}`;
  if ('label' in step) return `label ${step.label.node}`;
  const [what = '', node = ''] = Object.entries(step)[0] ?? [];
  return `${what} ${String(node)}`;
}

const has = (text: string, part: true | string): boolean => part === true || text.includes(part);
const wanted = (what: string, part: true | string): string => (part === true ? what : `${what}: ${part}`);

/** What came of it, for a reader. */
function outcomeText(outcome: StepOutcome): string {
  if (outcome.kind === 'done') return 'done';
  if (outcome.kind === 'refused') return `refused: ${outcome.message}`;
  return `exit ${outcome.exitCode}${outcome.output.trim() === '' ? '' : `: ${outcome.output.trim()}`}`;
}

/** What has to come of a step, and whether it did. */
function demandOf(step: ProbeStep): { expected: string; isMet: (outcome: StepOutcome) => boolean } {
  const { refused, prints = true, fails } = step;
  if (!('exec' in step)) {
    if (refused === undefined) return { expected: 'done', isMet: ({ kind }) => kind === 'done' };
    return {
      expected: wanted('refused', refused),
      isMet: (outcome) => outcome.kind === 'refused' && has(outcome.message, refused),
    };
  }
  const ended = (outcome: StepOutcome, part: true | string, well: boolean) =>
    outcome.kind === 'ran' && (outcome.exitCode === 0) === well && has(outcome.output, part);
  return fails === undefined
    ? { expected: wanted('exit 0', prints), isMet: (outcome) => ended(outcome, prints, true) }
    : { expected: wanted('failed', fails), isMet: (outcome) => ended(outcome, fails, false) };
}

function findingsOf(probe: readonly ProbeStep[], { outcomes }: Trial): Finding[] {
  return probe.flatMap((step, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error('a trial of another check');
    const { expected, isMet } = demandOf(step);
    return isMet(outcome) ? [] : [{ object: stepText(step), path: '', expected, actual: outcomeText(outcome) }];
  });
}

export const probeCheck = <Body>(following: Following<Body>): Check<ProbeOptions<Body>> => ({
  kind: 'probe',
  reads: () => [],
  problems({ probe, after = [] }) {
    const inside = after.flatMap((body, index) =>
      following.problems(body).map(({ path, message }) => ({ path: ['after', index, ...path], message })),
    );
    const exec = probe.flatMap((step, index): ManifestProblem[] => {
      if (!('exec' in step)) return [];
      const at = ['probe', index];
      const { pod, selector } = step.exec;
      return [
        ...((pod === undefined) === (selector === undefined)
          ? [{ path: [...at, 'exec'], message: 'give either "pod" or "selector"' }]
          : []),
        ...(step.prints !== undefined && step.fails !== undefined
          ? [{ path: [...at, 'fails'], message: 'it either prints or fails' }]
          : []),
      ];
    });
    const saysNothing =
      after.length === 0 && probe.every((step) => 'advance' in step || 'stop' in step || 'start' in step);
    const nothing = saysNothing
      ? [{ path: ['probe'], message: 'nothing can fail here: give "after" with what has to hold' }]
      : [];
    return [...exec, ...inside, ...nothing];
  },
  run({ probe, after = [] }, { now, trial }) {
    if (!trial) throw new Error('this cluster cannot be copied, so nothing can be tried on it');
    const findings = findingsOf(probe, trial);
    // of a copy on which a step went another way, nothing more can be said
    if (findings.length > 0) return { outcome: 'failed', findings };
    const outcomes = after.map((body) => following.run(body, { now: trial, before: now }));
    const unknown = outcomes.find(({ outcome }) => outcome === 'unknown');
    if (unknown) return unknown;
    const failed = outcomes.flatMap((outcome) => (outcome.outcome === 'failed' ? [outcome] : []));
    if (failed.length === 0) return { outcome: 'passed' };
    const nearMiss = failed.find((one) => one.nearMiss)?.nearMiss;
    return {
      outcome: 'failed',
      findings: failed.flatMap((one) => one.findings),
      ...(nearMiss ? { nearMiss } : {}),
    };
  },
  /** Each step, and each check that follows once all steps went as they should. */
  demands({ probe, after = [] }, { now, trial }) {
    if (!trial) throw new Error('this cluster cannot be copied, so nothing can be tried on it');
    const missed = findingsOf(probe, trial).length;
    const holding =
      missed > 0 ? [] : after.filter((body) => following.run(body, { now: trial, before: now }).outcome === 'passed');
    return { held: probe.length - missed + holding.length, of: probe.length + after.length };
  },
});
