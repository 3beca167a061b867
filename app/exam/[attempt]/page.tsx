import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { Page } from '#app/_ui/page-frame.tsx';
import { requireUser } from '#server/auth/current-user.ts';
import { isAppError } from '#server/errors.ts';
import { getAttempt } from '#server/exams/get-attempt.ts';
import { ExamResult } from './_result/exam-result.tsx';
import { RunningExam } from './_parts/running-exam.tsx';
import { WaitForResult } from './_parts/wait-for-result.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('exam'))('title') };
}

export default async function AttemptPage({
  params,
  searchParams,
}: {
  params: Promise<{ attempt: string }>;
  searchParams: Promise<{ q?: string | string[] }>;
}) {
  const [{ attempt: id }, { q }] = await Promise.all([params, searchParams]);
  const attempt = await load(id);
  if (attempt.phase === 'over') return <ExamResult attempt={attempt} />;
  if (attempt.phase === 'grading') return <Grading />;
  const wanted = Number(q ?? 1);
  const number = Number.isInteger(wanted) && wanted >= 1 && wanted <= attempt.questions.length ? wanted : 1;
  return <RunningExam attempt={attempt} number={number} />;
}

async function load(id: string) {
  const { app, userId } = await requireUser();
  try {
    return await getAttempt(app, userId, id);
  } catch (error) {
    if (isAppError(error) && error.code === 'attempt-not-found') notFound();
    throw error;
  }
}

async function Grading() {
  const t = await getTranslations('exam');
  return (
    <Page area="exam" title={t('gradingTitle')}>
      <p role="status">{t('gradingBody')}</p>
      <WaitForResult />
    </Page>
  );
}
