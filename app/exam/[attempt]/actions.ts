'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { type ActionResult, runAction } from '#server/auth/current-user.ts';
import { flagQuestion } from '#server/exams/flag-question.ts';
import { keepNotes, NOTES_CHARS } from '#server/exams/keep-notes.ts';
import { openQuestion } from '#server/exams/open-question.ts';
import { handIn } from '#server/exams/submit-attempt.ts';
import type { TerminalPlace } from '#server/sockets/place.ts';

const Id = z.string().min(1).max(64);
const Question = z.object({ attemptId: Id, questionId: Id });

export async function openExamQuestion(
  input: unknown,
): Promise<ActionResult<{ sessionId: string; place: TerminalPlace }>> {
  return runAction(Question, input, openQuestion);
}

export async function flagExamQuestion(input: unknown): Promise<ActionResult<void>> {
  return runAction(Question.extend({ flagged: z.boolean() }), input, async (app, userId, value) => {
    await flagQuestion(app, userId, value);
    refresh();
  });
}

export async function keepExamNotes(input: unknown): Promise<ActionResult<void>> {
  return runAction(z.object({ attemptId: Id, notes: z.string().max(NOTES_CHARS) }), input, keepNotes);
}

export async function submitExam(attemptId: unknown): Promise<ActionResult<void>> {
  return runAction(Id, attemptId, async (app, userId, id) => {
    await handIn(app, userId, id);
    refresh();
  });
}
