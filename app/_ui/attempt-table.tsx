import { CircleCheck, CircleX } from 'lucide-react';
import Link from 'next/link';
import { getFormatter, getTranslations } from 'next-intl/server';
import type { AttemptRow } from '#server/exams/list-attempts.ts';
import type { Score } from '#server/exams/score.ts';

/** Exams taken, newest first. */
export async function AttemptTable({
  attempts,
  runningId,
}: {
  attempts: readonly AttemptRow[];
  runningId: string | undefined;
}) {
  const [t, format] = await Promise.all([getTranslations('exam'), getFormatter()]);
  if (attempts.length === 0) return <p className="text-muted mt-2 text-sm">{t('noPast')}</p>;
  return (
    <table className="mt-3 w-full border-collapse text-left">
      <thead className="text-muted">
        <tr className="border-line border-b text-sm">
          <th className="py-2 pr-4 font-normal">{t('date')}</th>
          <th className="py-2 pr-4 text-right font-normal">{t('score')}</th>
          <th className="py-2 pl-4 sm:w-2/5 font-normal">{t('result')}</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map(({ id, startedAt, score }) => (
          <tr key={id} className="border-line hover:bg-surface relative border-b transition-colors">
            <th scope="row" className="py-2 pr-4 font-medium">
              <Link href={`/exam/${id}`} prefetch={false} className="hover:text-accent after:absolute after:inset-0">
                {format.dateTime(new Date(startedAt), { dateStyle: 'medium', timeStyle: 'short' })}
              </Link>
            </th>
            <td className="py-2 pr-4 text-right whitespace-nowrap">{score ? `${score.percent}%` : ''}</td>
            <td className="py-2 pl-4 text-sm whitespace-nowrap">
              {score ? (
                <Verdict score={score} />
              ) : (
                <span className="text-muted">{id === runningId ? t('inProgress') : t('grading')}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Passed or not, as icon and word. */
export async function Verdict({ score }: { score: Score }) {
  const t = await getTranslations('exam');
  const Icon = score.passed ? CircleCheck : CircleX;
  return (
    <span className={`inline-flex items-center gap-1.5 ${score.passed ? 'text-good' : 'text-bad'}`}>
      <Icon aria-hidden size={16} />
      {score.passed ? t('pass') : t('fail')}
    </span>
  );
}
