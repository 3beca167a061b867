import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import { Verdict } from '#app/_ui/attempt-table.tsx';
import { buttonClass } from '#app/_ui/button.tsx';
import { CheckList } from '#app/_ui/check-list.tsx';
import { Page } from '#app/_ui/page-frame.tsx';
import { MARK_COLORS, MarkIcon } from '#app/_ui/state-mark.tsx';
import type { AttemptView } from '#server/exams/get-attempt.ts';
import type { QuestionResult } from '#server/exams/question-result.ts';

type Over = Extract<AttemptView, { phase: 'over' }>;

/** The score, by question and check. Questions that lost points are open. */
export async function ExamResult({ attempt }: { attempt: Over }) {
  const [t, format] = await Promise.all([getTranslations('exam'), getFormatter()]);
  const { score } = attempt;
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
        <p className="text-muted basis-full text-sm">
          {attempt.endedBy === 'submitted' ? t('endedSubmitted') : t('endedTime')} · {ended}
        </p>
      </section>
      <section className="mt-10">
        <h2 className="font-semibold">{t('byTask')}</h2>
        <div className="border-line mt-3 border-t">
          {attempt.questions.map((question, index) => (
            <Question
              key={`${question.scenarioId} ${question.graded.gradedAt}`}
              question={question}
              number={index + 1}
            />
          ))}
        </div>
      </section>
      <Link href="/exam" className={`${buttonClass('secondary')} mt-8`}>
        {t('again')}
      </Link>
    </Page>
  );
}

async function Question({ question, number }: { question: QuestionResult; number: number }) {
  const [t, words, locale] = await Promise.all([getTranslations('exam'), getTranslations('task'), getLocale()]);
  const { graded } = question;
  const title = question.scenario?.title;
  const counted = graded.possible > 0;
  const mark = !counted ? 'unknown' : graded.solved ? 'passed' : 'failed';
  return (
    <details open={counted && !graded.solved} className="border-line group border-b">
      <summary className="hover:bg-surface flex list-none items-center gap-3 py-2.5 transition-colors [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden size={16} className="text-muted shrink-0 transition-transform group-open:rotate-90" />
        <MarkIcon mark={mark} />
        <span className="min-w-0 grow font-medium">
          {number}. {title ? title[locale] : t('taskGone')}
        </span>
        <span className="text-muted text-sm whitespace-nowrap">
          <span className={MARK_COLORS[mark]}>{words(mark)}</span>
          {counted && ` · ${graded.scored} / ${graded.possible}`}
        </span>
      </summary>
      <div className="pb-5 pl-7">
        {!counted && <p className="text-warn text-sm">{t('notGraded')}</p>}
        <CheckList checks={graded.results} graded={graded} compact />
        {title && (
          <Link
            href={`/practice/${question.scenarioId}`}
            prefetch={false}
            className="text-accent mt-3 inline-block text-sm underline underline-offset-2"
          >
            {t('practise')}
          </Link>
        )}
      </div>
    </details>
  );
}
