import type { Metadata } from 'next';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { AttemptTable } from '#app/_ui/attempt-table.tsx';
import { buttonClass } from '#app/_ui/button.tsx';
import { Page } from '#app/_ui/page-frame.tsx';
import { requireUser } from '#server/auth/current-user.ts';
import { listAttempts } from '#server/exams/list-attempts.ts';
import { StartExam } from './_parts/start-exam.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('exam'))('title') };
}

export default async function ExamPage() {
  const { app, userId } = await requireUser();
  const [t, exam] = await Promise.all([getTranslations('exam'), listAttempts(app, userId)]);
  const { exams, running, attempts, base } = exam;
  return (
    <Page area="exam" title={t('title')}>
      <section className="max-w-prose">
        {exams.length === 0 && !running ? (
          <p>{t('empty')}</p>
        ) : (
          <>
            <p>{t('intro')}</p>
            <h2 className="mt-6 font-semibold">{t('rulesTitle')}</h2>
            <ul className="marker:text-muted mt-2 list-disc space-y-1.5 pl-5">
              <li>{t('rule1')}</li>
              {base && <li>{t('ruleHosts')}</li>}
              <li>{t('rule2')}</li>
              <li>{t('rule3')}</li>
              <li>{t('rule4')}</li>
            </ul>
            {running ? (
              <div className="mt-6">
                <p className="mb-3">{t('running')}</p>
                <Link href={`/exam/${running.id}`} prefetch={false} className={buttonClass('primary')}>
                  {t('continue')}
                </Link>
              </div>
            ) : (
              <StartExam exams={exams} />
            )}
          </>
        )}
      </section>
      <section className="mt-12">
        <h2 className="font-semibold">{t('past')}</h2>
        <AttemptTable attempts={attempts} runningId={running?.id} />
      </section>
    </Page>
  );
}
