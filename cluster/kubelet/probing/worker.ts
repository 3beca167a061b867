/** One probe of one container: when it asks, and what its answers add up to. */
import type { Container } from '../../api/types.ts';
import { newest } from '../made.ts';
import { nowOf, tell, type Work } from '../work.ts';
import { find } from './find.ts';
import { seconds, type Finding, type Probe } from './finding.ts';

export type ProbeKind = 'startup' | 'readiness' | 'liveness';
export type Verdict = 'success' | 'failure' | 'unknown';

export interface ProbeWorker {
  kind: ProbeKind;
  container: string;
  /** Of the container that the verdict is about. */
  id: string;
  verdict: Verdict;
  /** How often in a row it came out the same way. */
  last: Verdict;
  run: number;
  /** Asks no more until there is another container. */
  onHold: boolean;
  /** Milliseconds since 1970 of its next turn. */
  next: number;
  /** An answer that is still on its way. */
  awaited: { at: number; finding: Finding } | undefined;
}

export const FIRST_VERDICT: Readonly<Record<ProbeKind, Verdict>> = {
  startup: 'unknown',
  readiness: 'failure',
  liveness: 'success',
};
const WORD: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' };

export const probeOf = (container: Container, kind: ProbeKind): Probe | undefined =>
  ({ startup: container.startupProbe, readiness: container.readinessProbe, liveness: container.livenessProbe })[kind];

/** Takes its turn if it has come. Returns whether its verdict is another than before. */
export function turn(work: Work, worker: ProbeWorker, container: Container, started: boolean): boolean {
  const probe = probeOf(container, worker.kind);
  const now = nowOf(work);
  if (probe === undefined) return false;
  const { awaited } = worker;
  if (awaited !== undefined) {
    if (now < awaited.at) return false;
    worker.awaited = undefined;
    return weigh(work, worker, container, probe, awaited.finding);
  }
  if (now < worker.next) return false;
  const period = Math.max(seconds(probe.periodSeconds, 10), 1000);
  while (worker.next <= now) worker.next += period;
  return ask(work, worker, container, probe, started);
}

function ask(work: Work, worker: ProbeWorker, container: Container, probe: Probe, started: boolean): boolean {
  const now = nowOf(work);
  const made = newest(work.life, container.name);
  if (made === undefined || made.visibleAt > now) return false;
  let changed = false;
  if (worker.id !== made.id) {
    worker.id = made.id;
    changed = set(worker, FIRST_VERDICT[worker.kind]);
    worker.onHold = false;
  }
  if (worker.onHold) return changed;
  if (made.exit !== undefined) return set(worker, 'failure') || changed;
  const age = Math.floor((now - made.startedAt) / 1000);
  if (age < (probe.initialDelaySeconds ?? 0)) return changed;
  // a startup probe is over once it passed, and before that there is no other
  if ((worker.kind === 'startup') === started) return changed;
  const finding = find(work, made, container, probe);
  if (finding.ms > 0) {
    worker.awaited = { at: now + finding.ms, finding };
    return changed;
  }
  return weigh(work, worker, container, probe, finding) || changed;
}

function weigh(work: Work, worker: ProbeWorker, container: Container, probe: Probe, finding: Finding): boolean {
  const made = newest(work.life, container.name);
  const word = WORD[worker.kind];
  if (made === undefined || made.id !== worker.id || made.exit !== undefined) return false;
  if (finding.kind === 'errs') {
    tell(work, 'Warning', 'Unhealthy', `${word} probe errored and resulted in unknown state: ${finding.message}`, made);
    return false;
  }
  if (finding.kind === 'fails') tell(work, 'Warning', 'Unhealthy', `${word} probe failed: ${finding.message}`, made);
  if (finding.kind === 'warns')
    tell(work, 'Warning', 'ProbeWarning', `${word} probe warning: ${finding.message}`, made);
  const verdict: Verdict = finding.kind === 'fails' ? 'failure' : 'success';
  worker.run = worker.last === verdict ? worker.run + 1 : 1;
  worker.last = verdict;
  const needed = verdict === 'failure' ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1);
  if (worker.run < needed) return false;
  const changed = set(worker, verdict);
  if (worker.kind === 'startup' || (worker.kind === 'liveness' && verdict === 'failure')) {
    worker.onHold = true;
    worker.run = 0;
  }
  return changed;
}

function set(worker: ProbeWorker, verdict: Verdict): boolean {
  const changed = worker.verdict !== verdict;
  worker.verdict = verdict;
  return changed;
}
