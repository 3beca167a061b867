'use server';

import { cookies } from 'next/headers';
import { z } from 'zod';
import { type ActionResult, runAction } from '#server/auth/current-user.ts';
import { LOCALE_COOKIE } from '#server/locale.ts';
import { THEME_COOKIE, THEMES } from './theme.ts';

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const COOKIE = { path: '/', maxAge: YEAR_SECONDS, sameSite: 'strict', httpOnly: true } as const;

export async function setLocale(input: unknown): Promise<ActionResult<void>> {
  return runAction(z.enum(['en', 'ko']), input, async (_app, _userId, locale) => {
    (await cookies()).set(LOCALE_COOKIE, locale, COOKIE);
  });
}

export async function setTheme(input: unknown): Promise<ActionResult<void>> {
  return runAction(z.enum(THEMES), input, async (_app, _userId, theme) => {
    (await cookies()).set(THEME_COOKIE, theme, COOKIE);
  });
}
