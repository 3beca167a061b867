/** How the questions of an exam are reached: names of hosts, and the machine `base` before them. */
import type { App } from '../handle.ts';
import type { BasePlan } from '../live/sessions.ts';
import { hostOf } from '../sessions/host-of.ts';
import { findVariant } from '../sessions/plan-session.ts';

/** Where a question's kubeconfig leads: kubeadm's own name for it. */
export const CONTEXT = 'kubernetes-admin@kubernetes';

/** A name for each question, in their order; where two would have the same, the later one gets the next number. */
export function hostnames(questions: readonly { id: string; host?: string }[]): string[] {
  const taken = new Set<string>();
  return questions.map((question) => {
    let name = hostOf(question);
    for (let number = 1000; taken.has(name); number += 1) name = `cka${number}`;
    taken.add(name);
    return name;
  });
}

/** The machine of an exam, or undefined where no ssh is to be had: then each question's terminal starts straight on its host. */
export async function examBase(app: App, attemptId: string): Promise<BasePlan | undefined> {
  if (!app.live.hosts.possible) return undefined;
  const questions = await app.db.attemptQuestion.findMany({
    where: { attemptId },
    orderBy: { position: 'asc' },
    select: { scenarioId: true, session: { select: { id: true, seed: true } } },
  });
  const planned = questions.map(({ scenarioId, session: { id, seed } }) => {
    const scenario = findVariant(app, scenarioId, seed);
    return { named: scenario ?? { id: scenarioId }, session: scenario && { id, scenario, seed } };
  });
  const names = hostnames(planned.map(({ named }) => named));
  return {
    id: attemptId,
    // The host of a scenario that has gone is not there, and the names of the others stay as they were.
    hosts: planned.flatMap(({ session }, index) =>
      session === undefined ? [] : [{ hostname: names[index] ?? '', session }],
    ),
  };
}
