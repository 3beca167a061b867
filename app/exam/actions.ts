'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { type ActionResult, runAction } from '#server/auth/current-user.ts';
import { startAttempt } from '#server/exams/start-attempt.ts';

/** Starts an exam and goes to it; comes back only with a failure. */
export async function startExam(): Promise<ActionResult<never>> {
  const result = await runAction(z.undefined(), undefined, (app, userId) => startAttempt(app, userId));
  if (!result.ok) return result;
  redirect(`/exam/${result.value.attemptId}`);
}
