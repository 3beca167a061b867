import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { getLocale, getTranslations } from 'next-intl/server';
import { listAttempts } from '#server/exams/list-attempts.ts';
import { requireUser } from '#server/auth/current-user.ts';
import { listScenarios, type ScenarioList } from '#server/practice/list-scenarios.ts';
import type { ScenarioProblem } from '#server/ports.ts';
import { buttonClass } from './_ui/button.tsx';
import { Page } from './_ui/page-frame.tsx';
import { ScenarioTable } from './_parts/scenario-table.tsx';
import { WarmTerminal } from './_parts/warm-terminal.tsx';

export default async function PracticePage() {
  const { app, userId } = await requireUser();
  const [t, list, exam] = await Promise.all([
    getTranslations('list'),
    listScenarios(app, userId),
    listAttempts(app, userId),
  ]);
  const empty = list.rows.length === 0;
  return (
    <Page area="practice" title={t('title')}>
      {empty ? (
        <section className="border-line rounded-md border p-5">
          <h2 className="font-semibold">{t('empty')}</h2>
          <p className="text-muted mt-1 max-w-prose text-sm">{t('emptyBody')}</p>
        </section>
      ) : (
        <>
          <div className="border-line grid rounded-md border md:grid-cols-[3fr_2fr]">
            <NextTask next={list.next} />
            <section className="border-line flex flex-col gap-4 border-t p-5 md:border-t-0 md:border-l">
              <div className="grow">
                <h2 className="text-muted text-sm">{t('exam')}</h2>
                <p className="mt-1">
                  {exam.running
                    ? t('examRunning')
                    : t('examBody', { questions: exam.exams[0]?.questions ?? 0, minutes: exam.exams[0]?.minutes ?? 0 })}
                </p>
              </div>
              <div>
                <Link
                  href={exam.running ? `/exam/${exam.running.id}` : '/exam'}
                  prefetch={false}
                  className={buttonClass(exam.running ? 'primary' : 'secondary')}
                >
                  {exam.running ? t('examContinue') : t('examOpen')}
                </Link>
              </div>
            </section>
          </div>
          <ScenarioTable rows={list.rows} />
          <WarmTerminal />
        </>
      )}
      <Problems problems={list.problems} />
    </Page>
  );
}

async function NextTask({ next }: { next: ScenarioList['next'] }) {
  const [t, all, locale] = await Promise.all([getTranslations('list'), getTranslations(), getLocale()]);
  if (next === undefined) {
    return (
      <section className="p-5">
        <h2 className="font-semibold">{t('allSolved')}</h2>
        <p className="text-muted mt-1 text-sm">{t('allSolvedBody')}</p>
      </section>
    );
  }
  const { row, why } = next;
  const reason = { continue: t('nextContinue'), first: t('nextFirst'), 'not-solved': t('nextNotSolved') }[why];
  return (
    <section className="flex flex-col gap-4 p-5">
      <div className="grow">
        <p className="text-muted text-sm">{t('next')}</p>
        <h2 className="mt-1 text-lg leading-snug font-semibold">{row.title[locale]}</h2>
        <p className="text-muted mt-1 text-sm">
          {all(`domain.${row.domain}`)} · {all('difficulty', { level: row.difficulty })} ·{' '}
          {all('minutes', { minutes: row.minutes })}
        </p>
        <p className="mt-2 text-sm">{reason}</p>
      </div>
      <div>
        <Link href={`/practice/${row.id}`} className={buttonClass('primary')}>
          {why === 'continue' ? t('continue') : t('open')}
        </Link>
      </div>
    </section>
  );
}

/** For whoever writes scenarios: what was left out, where and why. */
async function Problems({ problems }: { problems: readonly ScenarioProblem[] }) {
  const t = await getTranslations('list');
  if (problems.length === 0) return null;
  return (
    <section className="border-warn mt-10 border-l-2 pl-4">
      <h2 className="flex items-center gap-2 font-semibold">
        <TriangleAlert aria-hidden size={16} className="text-warn" />
        {t('problems', { count: problems.length })}
      </h2>
      <p className="text-muted mt-1 text-sm">{t('problemsBody')}</p>
      <ul className="mt-3 space-y-2 text-sm">
        {problems.map((problem) => (
          <li key={`${problem.file}:${problem.line}:${problem.message}`}>
            <code className="font-mono text-[0.8125rem] break-all">
              {problem.line === 0 ? problem.file : `${problem.file}:${problem.line}`}
            </code>
            <p className="text-muted">{problem.message}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
