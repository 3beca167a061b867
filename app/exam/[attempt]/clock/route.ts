import { requireUser } from '#server/auth/current-user.ts';
import { userError } from '#server/errors.ts';
import { getClock } from '#server/exams/get-clock.ts';

/** The server's clock for the page's timer: `{now, endsAt, over, addedMs}`, milliseconds. */
export async function GET(_request: Request, { params }: { params: Promise<{ attempt: string }> }): Promise<Response> {
  try {
    const { app, userId } = await requireUser();
    const clock = await getClock(app, userId, (await params).attempt);
    return Response.json(clock, { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    const { code, status } = userError(error, 'en');
    return Response.json({ code }, { status });
  }
}
