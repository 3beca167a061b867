'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { type ActionResult, runAction } from '#server/auth/current-user.ts';
import { checkSession } from '#server/practice/check-session.ts';
import { giveUp } from '#server/practice/give-up.ts';
import { openSession } from '#server/practice/open-session.ts';
import { resetSession } from '#server/practice/reset-session.ts';
import { showHint } from '#server/practice/show-hint.ts';
import type { TerminalPlace } from '#server/sockets/place.ts';

const ScenarioId = z.string().min(1).max(200);
const SessionId = z.string().min(1).max(64);

// The page is drawn again from the database with every answer, so these say only whether it went well.

export async function openPractice(
  scenarioId: unknown,
): Promise<ActionResult<{ sessionId: string; place: TerminalPlace }>> {
  return runAction(ScenarioId, scenarioId, openSession);
}

export async function checkPractice(sessionId: unknown): Promise<ActionResult<void>> {
  return runAction(SessionId, sessionId, async (app, userId, id) => {
    await checkSession(app, userId, id);
    refresh();
  });
}

export async function hintPractice(sessionId: unknown): Promise<ActionResult<void>> {
  return runAction(SessionId, sessionId, async (app, userId, id) => {
    await showHint(app, userId, id);
    refresh();
  });
}

export async function giveUpPractice(sessionId: unknown): Promise<ActionResult<void>> {
  return runAction(SessionId, sessionId, async (app, userId, id) => {
    await giveUp(app, userId, id);
    refresh();
  });
}

export async function resetPractice(sessionId: unknown): Promise<ActionResult<void>> {
  return runAction(SessionId, sessionId, async (app, userId, id) => {
    await resetSession(app, userId, id);
    refresh();
  });
}
