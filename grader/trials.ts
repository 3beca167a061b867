/** Tries on copies of a cluster what a scenario's checks want tried. */
import { trialSteps } from './checks/index.ts';
import type { GradingInput, Scenario, Trial, TrialStep } from './types.ts';

/** A cluster that can be copied. */
interface Copied {
  tryOut(steps: readonly TrialStep[], from?: Uint8Array): Promise<Trial>;
}

/** `start`: a snapshot of the cluster as the learner found it, asked for when there is something to try. */
export async function tryAll(
  { checks }: Pick<Scenario, 'checks'>,
  cluster: Copied,
  start: () => Promise<Uint8Array | undefined>,
): Promise<Pick<GradingInput, 'trials'>> {
  const wanted = trialSteps(checks);
  if (wanted.length === 0) return {};
  const from = await start();
  const trials: Record<string, { now: Trial; before?: Trial }> = {};
  for (const [id, steps] of wanted) {
    trials[id] = {
      now: await cluster.tryOut(steps),
      ...(from ? { before: await cluster.tryOut(steps, from) } : {}),
    };
  }
  return { trials };
}
