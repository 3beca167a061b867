'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { type ActionResult, runAction } from '#server/auth/current-user.ts';
import { startAttempt } from '#server/exams/start-attempt.ts';

/** Starts an exam with the tasks of an earlier one, drawn anew, and goes to it. */
export async function retakeExam(attemptId: unknown): Promise<ActionResult<never>> {
  const result = await runAction(z.string().min(1).max(64), attemptId, (app, userId, again) =>
    startAttempt(app, userId, { again }),
  );
  if (!result.ok) return result;
  redirect(`/exam/${result.value.attemptId}`);
}

/** Starts an exam, of a blueprint or drawn, and goes to it; comes back only with a failure. */
export async function startExam(exam: unknown): Promise<ActionResult<never>> {
  const result = await runAction(z.string().min(1).max(200).optional(), exam, (app, userId, id) =>
    startAttempt(app, userId, id === undefined ? {} : { exam: id }),
  );
  if (!result.ok) return result;
  redirect(`/exam/${result.value.attemptId}`);
}
