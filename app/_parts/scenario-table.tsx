import Link from 'next/link';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ScenarioRow } from '#server/practice/list-scenarios.ts';
import { StateMark } from '../_ui/state-mark.tsx';

/** All tasks. On a narrow page the columns fold under the title. */
export async function ScenarioTable({ rows }: { rows: readonly ScenarioRow[] }) {
  const [t, all, locale] = await Promise.all([getTranslations('list'), getTranslations(), getLocale()]);
  return (
    <section className="mt-10">
      <h2 className="text-base font-semibold" id="tasks">
        {t('tasks')}
      </h2>
      <table className="mt-3 w-full border-collapse text-left" aria-labelledby="tasks">
        <thead className="text-muted max-md:sr-only">
          <tr className="border-line border-b text-sm">
            <th className="w-32 py-2 pr-4 font-normal">{t('columnState')}</th>
            <th className="py-2 pr-4 font-normal">{t('columnTask')}</th>
            <th className="py-2 pr-4 font-normal">{t('columnDomain')}</th>
            <th className="py-2 pr-4 font-normal">{t('columnDifficulty')}</th>
            <th className="py-2 text-right font-normal">{t('columnTime')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              className="border-line hover:bg-surface relative border-b transition-colors max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2.5"
            >
              <td className="py-2 pr-4 align-baseline max-md:order-2 max-md:p-0">
                <StateMark mark={row.state} label={all(`state.${row.state}`)} />
              </td>
              <th scope="row" className="py-2 pr-4 align-baseline font-medium max-md:w-full max-md:p-0">
                {/* The link covers its row, so the whole row can be clicked. */}
                <Link
                  href={`/practice/${row.id}`}
                  prefetch={false}
                  className="hover:text-accent after:absolute after:inset-0"
                >
                  {row.title[locale]}
                </Link>
                {row.origin === 'own' && (
                  <span className="text-muted border-line rounded-control ml-2 border px-1.5 py-0.5 text-xs font-normal whitespace-nowrap">
                    {t('own')}
                  </span>
                )}
              </th>
              <td className="text-muted py-2 pr-4 align-baseline text-sm max-md:order-3 max-md:p-0">
                {all(`domain.${row.domain}`)}
              </td>
              <td className="text-muted py-2 pr-4 align-baseline text-sm whitespace-nowrap max-md:order-4 max-md:p-0">
                {all('difficulty', { level: row.difficulty })}
              </td>
              <td className="text-muted py-2 text-right align-baseline text-sm whitespace-nowrap max-md:order-5 max-md:p-0">
                {all('minutes', { minutes: row.minutes })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
