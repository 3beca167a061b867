import { getFormatter, getTranslations } from 'next-intl/server';
import { Verdict } from '#app/_ui/attempt-table.tsx';
import { Page } from '#app/_ui/page-frame.tsx';
import type { AttemptView } from '#server/exams/get-attempt.ts';
import { clockText } from '../_parts/time-left.ts';
import { ByDomain } from './by-domain.tsx';
import { Lost } from './lost.tsx';
import { QuestionReport } from './question-report.tsx';
import { ResultActions } from './result-actions.tsx';

type Over = Extract<AttemptView, { phase: 'over' }>;

/** The score, by domain, cause, question and check. Questions that were worked on and lost points are open. */
export async function ExamResult({ attempt }: { attempt: Over }) {
  const [t, format] = await Promise.all([getTranslations('exam'), getFormatter()]);
  const { score, questions } = attempt;
  const ended = format.dateTime(new Date(attempt.endedAt), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Page area="exam" title={t('resultTitle')}>
      <section className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <p className="text-3xl font-semibold">{score.percent}%</p>
        <p className="text-base">
          <Verdict score={score} />
        </p>
        <p className="text-muted text-sm">
          {t('ofPoints', { scored: score.scored, possible: score.possible })} ·{' '}
          {t('needed', { percent: score.passPercent })}
        </p>
        <div aria-hidden className="bg-line relative mt-2 h-2 basis-full rounded-full">
          <span
            className={`absolute inset-y-0 left-0 rounded-full ${score.passed ? 'bg-good' : 'bg-bad'}`}
            style={{ width: `${score.percent}%` }}
          />
          <span className="bg-ink absolute -inset-y-1 w-0.5" style={{ left: `${score.passPercent}%` }} />
        </div>
        <p className="text-muted mt-1 basis-full text-sm">
          {attempt.endedBy === 'submitted' ? t('endedSubmitted') : t('endedTime')} · {ended} ·{' '}
          {t('used', { used: clockText(attempt.usedMs), total: clockText(attempt.totalMs) })}
          {attempt.addedMs > 0 && ` · ${t('added', { time: clockText(attempt.addedMs) })}`}
        </p>
      </section>
      <ResultActions attemptId={attempt.id} />
      <div className="mt-10 grid gap-10 lg:grid-cols-2">
        <ByDomain questions={questions} />
        <Lost questions={questions} />
      </div>
      <section className="mt-10">
        <h2 className="font-semibold">{t('byTask')}</h2>
        <div className="border-line mt-3 border-t">
          {questions.map((question) => (
            <QuestionReport key={question.number} attemptId={attempt.id} question={question} />
          ))}
        </div>
      </section>
      {attempt.notes.trim() !== '' && (
        <section className="mt-10">
          <h2 className="font-semibold">{t('notes')}</h2>
          <pre className="bg-surface border-line rounded-control mt-2 border p-3 font-mono text-[0.8125rem] break-words whitespace-pre-wrap">
            {attempt.notes}
          </pre>
        </section>
      )}
    </Page>
  );
}
