import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { CheckList } from '#app/_ui/check-list.tsx';
import { CodeBlock } from '#app/_ui/copy-code.tsx';
import { Prose } from '#app/_ui/markdown.tsx';
import { MARK_COLORS, MarkIcon } from '#app/_ui/state-mark.tsx';
import type { QuestionResult } from '#server/exams/question-result.ts';

/** One question: its checks, and beside them how it is solved and why. */
export async function QuestionReport({ attemptId, question }: { attemptId: string; question: QuestionResult }) {
  const [t, words, names, locale] = await Promise.all([
    getTranslations('exam'),
    getTranslations('task'),
    getTranslations('domain'),
    getLocale(),
  ]);
  const { graded, scenario, number, spentMs } = question;
  const counted = graded.possible > 0;
  const mark = !counted ? 'unknown' : graded.solved ? 'passed' : 'failed';
  // One that was never opened has nothing to show but the task itself.
  const open = counted && !graded.solved && spentMs > 0;
  return (
    <details open={open} className="border-line group border-b">
      <summary className="hover:bg-surface flex list-none items-center gap-3 py-2.5 transition-colors [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden size={16} className="text-muted shrink-0 transition-transform group-open:rotate-90" />
        <MarkIcon mark={mark} />
        <span className="min-w-0 grow font-medium">
          {number}. {scenario ? scenario.title[locale] : t('taskGone')}
        </span>
        <span className="text-muted text-sm whitespace-nowrap">
          <span className={MARK_COLORS[mark]}>{words(mark)}</span>
          {counted && ` · ${graded.scored} / ${graded.possible}`}
        </span>
      </summary>
      <div className="pb-6 pl-1 sm:pl-7">
        <p className="text-muted text-sm">
          {scenario && `${names(scenario.domain)} · `}
          <span className="font-mono text-[0.8125rem]">{question.host}</span>
          {spentMs === 0 && ` · ${t('neverOpened')}`}
        </p>
        {!counted && <p className="text-warn mt-1 text-sm">{t('notGraded')}</p>}
        <div className="mt-2 grid gap-x-8 gap-y-5 xl:grid-cols-2">
          <CheckList checks={graded.results} graded={graded} causes={question.causes} compact />
          {scenario && (
            <div className="min-w-0 space-y-2">
              <Fold title={words('solutions')} open={open}>
                {scenario.solutions.map((script, index) => (
                  <div key={script.name} className="mt-2">
                    <h3 className="text-muted mb-1 text-sm">
                      {words('solutionName', { number: index + 1 })} · {script.name.replace(/^\d+-/, '')}
                    </h3>
                    <CodeBlock text={script.text.replace(/^#!.*\n/, '').trim()} />
                  </div>
                ))}
              </Fold>
              {scenario.explanation && (
                <Fold title={words('explanation')}>
                  <Prose text={scenario.explanation[locale]} />
                </Fold>
              )}
            </div>
          )}
        </div>
        <p className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm print:hidden">
          {scenario && (
            <Link
              href={`/practice/${question.scenarioId}`}
              prefetch={false}
              className="text-accent underline underline-offset-2"
            >
              {t('practise')}
            </Link>
          )}
          <Link
            href={`/exam/${attemptId}/replay?q=${number}`}
            prefetch={false}
            className="text-accent underline underline-offset-2"
          >
            {t('replay')}
          </Link>
        </p>
      </div>
    </details>
  );
}

function Fold({ title, open = false, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details open={open} className="border-line rounded-control group/fold border px-3 py-2">
      <summary className="flex list-none items-center gap-2 text-sm font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden size={14} className="text-muted transition-transform group-open/fold:rotate-90" />
        {title}
      </summary>
      <div className="pt-2">{children}</div>
    </details>
  );
}
