import { z } from 'zod';
import { currentLocale, requireUser } from '#server/auth/current-user.ts';
import { AppError, userError } from '#server/errors.ts';
import { exportAttempt } from '#server/exams/export-attempt.ts';

const Format = z.enum(['csv', 'json']);

/** An exam's result as a file: `?format=csv` or `json`. */
export async function GET(request: Request, { params }: { params: Promise<{ attempt: string }> }): Promise<Response> {
  try {
    const { app, userId } = await requireUser();
    const format = Format.safeParse(new URL(request.url).searchParams.get('format'));
    if (!format.success) throw new AppError('bad-input');
    const locale = await currentLocale();
    const { attempt: attemptId } = await params;
    const { body, type, name } = await exportAttempt(app, userId, { attemptId, format: format.data, locale });
    return new Response(body, {
      headers: {
        'content-type': type,
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    const { code, status } = userError(error, 'en');
    return Response.json({ code }, { status });
  }
}
