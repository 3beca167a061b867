/** Which question was looked at when, in the exam's own time: outages of ours stand still. */
import type { App } from '../handle.ts';

interface Times {
  startedAt: Date;
  endsAt: Date;
  addedMs: number;
}

/** Milliseconds of the exam that have passed at `now`; never more than it had. */
export function elapsed({ startedAt, endsAt, addedMs }: Times, now: number): number {
  return Math.max(0, Math.min(now, endsAt.getTime()) - startedAt.getTime() - addedMs);
}

/** Opening the question that is open already adds nothing. */
export async function noteVisit(app: App, attempt: Times & { id: string }, position: number): Promise<void> {
  const last = await app.db.attemptVisit.findFirst({
    where: { attemptId: attempt.id },
    orderBy: [{ elapsedMs: 'desc' }, { id: 'desc' }],
    select: { position: true },
  });
  if (last?.position === position) return;
  await app.db.attemptVisit.create({
    data: { id: app.newId(), attemptId: attempt.id, position, elapsedMs: elapsed(attempt, app.now()) },
    select: { id: true },
  });
}

/** Milliseconds that each question was open, by its position; those never opened are not in it. */
export function timeByQuestion(
  visits: readonly { position: number; elapsedMs: number }[],
  endMs: number,
): Map<number, number> {
  const times = new Map<number, number>();
  const ordered = [...visits].sort((a, b) => a.elapsedMs - b.elapsedMs);
  ordered.forEach(({ position, elapsedMs }, index) => {
    const until = ordered[index + 1]?.elapsedMs ?? endMs;
    times.set(position, (times.get(position) ?? 0) + Math.max(0, until - elapsedMs));
  });
  return times;
}
