'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { type ActionResult, runAction } from '#server/auth/current-user.ts';
import { flagQuestion } from '#server/exams/flag-question.ts';
import { openQuestion } from '#server/exams/open-question.ts';
import { submitAttempt } from '#server/exams/submit-attempt.ts';

const Id = z.string().min(1).max(64);
const Question = z.object({ attemptId: Id, questionId: Id });

export async function openExamQuestion(input: unknown): Promise<ActionResult<{ sessionId: string }>> {
  return runAction(Question, input, openQuestion);
}

export async function flagExamQuestion(input: unknown): Promise<ActionResult<void>> {
  return runAction(Question.extend({ flagged: z.boolean() }), input, async (app, userId, value) => {
    await flagQuestion(app, userId, value);
    refresh();
  });
}

export async function submitExam(attemptId: unknown): Promise<ActionResult<void>> {
  return runAction(Id, attemptId, async (app, userId, id) => {
    await submitAttempt(app, userId, id);
    refresh();
  });
}
