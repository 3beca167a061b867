import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { buttonClass } from '#app/_ui/button.tsx';
import { Page } from '#app/_ui/page-frame.tsx';
import { requireUser } from '#server/auth/current-user.ts';
import { isAppError } from '#server/errors.ts';
import { getAttempt } from '#server/exams/get-attempt.ts';
import { Recordings } from './_parts/recordings.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('replay'))('title') };
}

/** The recordings of an exam that is over; `?q=` chooses a question's. */
export default async function ReplayPage({
  params,
  searchParams,
}: {
  params: Promise<{ attempt: string }>;
  searchParams: Promise<{ q?: string | string[] }>;
}) {
  const [{ attempt: id }, { q }] = await Promise.all([params, searchParams]);
  const { app, userId } = await requireUser();
  const attempt = await getAttempt(app, userId, id).catch((error: unknown) => {
    if (isAppError(error) && error.code === 'attempt-not-found') notFound();
    throw error;
  });
  // While it runs its own terminals have all that a recording has.
  if (attempt.phase !== 'over') notFound();
  const [t, exam] = await Promise.all([getTranslations('replay'), getTranslations('exam')]);
  const number = Number(q);
  const asked = Number.isInteger(number) && number >= 1 && number <= attempt.questions.length ? number : undefined;
  return (
    <Page
      area="exam"
      title={asked === undefined ? t('title') : `${t('title')} · ${exam('question', { number: asked })}`}
    >
      {/* Without hosts each question had a machine of its own. */}
      <Recordings
        sources={[attempt.id, ...(asked === undefined ? [] : [attempt.questions[asked - 1]?.sessionId ?? ''])]}
        prefix={asked === undefined ? '' : `q${asked}-`}
        attemptId={attempt.id}
      />
      <Link href={`/exam/${attempt.id}`} prefetch={false} className={`${buttonClass('secondary')} mt-8`}>
        {t('back')}
      </Link>
    </Page>
  );
}
