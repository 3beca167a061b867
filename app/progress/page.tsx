import type { Metadata } from 'next';
import Link from 'next/link';
import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import { AttemptTable } from '#app/_ui/attempt-table.tsx';
import { buttonClass } from '#app/_ui/button.tsx';
import { Page } from '#app/_ui/page-frame.tsx';
import { requireUser } from '#server/auth/current-user.ts';
import { getProgress, type Progress, type SolvedTask } from '#server/progress/get-progress.ts';
import { duration } from './_parts/duration.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('progress'))('title') };
}

export default async function ProgressPage() {
  const { app, userId } = await requireUser();
  const [t, progress] = await Promise.all([getTranslations('progress'), getProgress(app, userId)]);
  return (
    <Page area="progress" title={t('title')}>
      {progress.domains.length > 0 && <Domains domains={progress.domains} />}
      <section className="mt-10">
        <h2 className="font-semibold">{t('solved')}</h2>
        {progress.solved.length === 0 ? (
          <>
            <p className="text-muted mt-2 text-sm">{t('emptyBody')}</p>
            <Link href="/" className={`${buttonClass('secondary')} mt-3`}>
              {t('toList')}
            </Link>
          </>
        ) : (
          <SolvedTable solved={progress.solved} />
        )}
      </section>
      <section className="mt-10">
        <h2 className="font-semibold">{t('exams')}</h2>
        <AttemptTable attempts={progress.attempts} runningId={progress.runningId} />
      </section>
    </Page>
  );
}

async function Domains({ domains }: { domains: Progress['domains'] }) {
  const [t, names] = await Promise.all([getTranslations('progress'), getTranslations('domain')]);
  return (
    <section>
      <h2 className="font-semibold">{t('domains')}</h2>
      <ul className="mt-3 max-w-2xl space-y-2.5">
        {domains.map(({ domain, solved, total }) => (
          <li key={domain} className="grid grid-cols-[1fr_auto] items-baseline gap-x-4 sm:grid-cols-[14rem_1fr_8.5rem]">
            <span>{names(domain)}</span>
            <span className="text-muted text-sm sm:order-3 sm:text-right">{t('domainCount', { solved, total })}</span>
            {/* The words say the same; the bar is for the eye. */}
            <span aria-hidden className="bg-line mt-1 h-1.5 self-center rounded-full max-sm:col-span-2">
              <span
                className="bg-accent block h-full rounded-full"
                style={{ width: `${(solved * 100) / Math.max(1, total)}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function SolvedTable({ solved }: { solved: readonly SolvedTask[] }) {
  const [t, locale, format] = await Promise.all([getTranslations('progress'), getLocale(), getFormatter()]);
  return (
    <div className="overflow-x-auto">
      <table className="mt-3 w-full border-collapse text-left">
        <thead className="text-muted">
          <tr className="border-line border-b text-sm whitespace-nowrap">
            <th className="py-2 pr-4 font-normal">{t('task')}</th>
            <th className="py-2 pr-4 text-right font-normal">{t('times')}</th>
            <th className="py-2 pr-4 font-normal">{t('best')}</th>
            <th className="py-2 font-normal">{t('last')}</th>
          </tr>
        </thead>
        <tbody>
          {solved.map((task) => (
            <tr key={task.id} className="border-line border-b">
              <th scope="row" className="py-2 pr-4 font-medium">
                <Link href={`/practice/${task.id}`} prefetch={false} className="hover:text-accent">
                  {task.title[locale]}
                </Link>
              </th>
              <td className="py-2 pr-4 text-right">{task.times}</td>
              <td className="py-2 pr-4 whitespace-nowrap">
                {task.best === undefined ? (
                  <span className="text-muted text-sm">{t('withSolution')}</span>
                ) : (
                  <>
                    {duration(task.best)}{' '}
                    <span className="text-muted text-sm">· {t('hints', { count: task.bestHints })}</span>
                  </>
                )}
              </td>
              <td className="text-muted py-2 text-sm whitespace-nowrap">
                {format.dateTime(new Date(task.lastSolvedAt), { dateStyle: 'medium' })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
