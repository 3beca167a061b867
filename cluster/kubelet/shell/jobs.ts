/** What a shell has in its background. */
import type { Run, Wait } from './coroutine.ts';
import { Leave } from './leave.ts';
import type { ShellState } from './state.ts';

/** Lets what runs in the background go on a little; what it waits for, if anything is alive. */
export function pump(shell: ShellState): Wait | undefined {
  let until = Infinity;
  let alive = false;
  const goOn = (run: Run): number | undefined => {
    const step = run.next();
    if (step.done) return step.value;
    alive = true;
    until = Math.min(until, step.value.until ?? (step.value.event ? Infinity : 0));
    return undefined;
  };
  for (const job of shell.jobs) if (job.code === undefined) job.code = goOn(job.run);
  const { family } = shell;
  if (!family.tending && family.orphans.length > 0) {
    family.tending = true;
    const tended = family.orphans;
    family.orphans = [];
    // those that are added meanwhile have their turn next time
    const left = tended.filter((run) => goOn(run) === undefined);
    family.orphans = [...left, ...family.orphans];
    family.tending = false;
  }
  return alive || family.orphans.length > 0 ? { until, event: true } : undefined;
}

/** Waits for something, while jobs in the background go on and signals are heard. */
export function* tend<T>(shell: ShellState, run: Generator<Wait, T, void>): Generator<Wait, T, void> {
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
    if (shell.interactive && shell.context.pending('INT') !== undefined) {
      run.return(undefined as T);
      throw new Leave('exit', 130);
    }
    const jobs = pump(shell);
    const own = step.value;
    if (jobs === undefined || (own.until === undefined && own.event === undefined)) yield own;
    else yield { until: Math.min(own.until ?? Infinity, jobs.until ?? Infinity), event: true };
  }
}
