/** The edge between Next and the use cases: who asks, in which language, and how a failure is told. */
import { cookies, headers } from 'next/headers';
import type { z } from 'zod';
import { AppError, isAppError, type Locale, type UserError, userError } from '../errors.ts';
import { type App, getApp } from '../handle.ts';
import { chooseLocale, LOCALE_COOKIE } from '../locale.ts';

/** The server and the learner who asks; throws `not-signed-in`. The gate has looked already; this holds without it, too. */
export async function requireUser(): Promise<{ app: App; userId: string }> {
  const app = getApp();
  const cookie = (await cookies()).get(app.signIn.cookieName)?.value;
  if (!app.signIn.cookieValid(cookie)) throw new AppError('not-signed-in');
  return { app, userId: app.localUserId };
}

export async function currentLocale(): Promise<Locale> {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return chooseLocale(jar.get(LOCALE_COOKIE)?.value, head.get('accept-language'));
}

export type ActionResult<T> = { ok: true; value: T } | { ok: false; error: UserError };

/** Every server action goes through here: cookie, input, use case, and failures as words the learner can act on. */
export async function runAction<Schema extends z.ZodType, T>(
  schema: Schema,
  input: unknown,
  work: (app: App, userId: string, value: z.output<Schema>) => Promise<T>,
): Promise<ActionResult<T>> {
  try {
    const { app, userId } = await requireUser();
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new AppError('bad-input');
    return { ok: true, value: await work(app, userId, parsed.data) };
  } catch (error) {
    if (!isAppError(error)) getApp().log.error({ err: error }, 'action failed');
    return { ok: false, error: userError(error, await currentLocale()) };
  }
}
