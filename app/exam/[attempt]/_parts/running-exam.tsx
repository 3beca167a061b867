import { Flag } from 'lucide-react';
import { cookies } from 'next/headers';
import Link from 'next/link';
import { getLocale, getTranslations } from 'next-intl/server';
import { TaskText } from '#app/_ui/task-text.tsx';
import { WorkBar } from '#app/_ui/top-bar.tsx';
import { parseSplit, SPLIT_COOKIE } from '#app/_ui/workbench/split.ts';
import type { AttemptView } from '#server/exams/get-attempt.ts';
import { ExamTimer } from './exam-timer.tsx';
import { QuestionBench } from './question-bench.tsx';
import { SubmitExam } from './submit-exam.tsx';

type Running = Extract<AttemptView, { phase: 'running' }>;

/** The exam under way: one question at a time, the clock always in sight. */
export async function RunningExam({ attempt, number }: { attempt: Running; /** from 1 */ number: number }) {
  const [t, all, locale, jar] = await Promise.all([getTranslations('exam'), getTranslations(), getLocale(), cookies()]);
  const { questions } = attempt;
  const question = questions[number - 1] ?? questions[0];
  if (question === undefined) return null;
  const { task } = question;
  const href = (to: number): string | undefined =>
    to >= 1 && to <= questions.length ? `/exam/${attempt.id}?q=${to}` : undefined;
  return (
    <div className="flex h-dvh flex-col">
      <WorkBar
        back={undefined}
        crowded
        title={
          <nav aria-label={t('questionNav')} className="-my-1 flex min-w-0 gap-1 overflow-x-auto px-1 py-1">
            {questions.map(({ id, flagged }, index) => (
              <Link
                key={id}
                href={href(index + 1) ?? ''}
                prefetch={false}
                aria-current={index + 1 === number ? 'page' : undefined}
                aria-label={`${t('question', { number: index + 1 })}${flagged ? `, ${t('flagged')}` : ''}`}
                className="text-muted hover:text-ink hover:bg-surface aria-[current]:border-accent aria-[current]:text-ink rounded-control relative flex h-8 min-w-8 items-center justify-center border border-transparent px-1.5 text-sm transition-colors aria-[current]:font-semibold"
              >
                {index + 1}
                {flagged && <Flag aria-hidden size={9} className="text-warn absolute top-0.5 right-0.5 fill-current" />}
              </Link>
            ))}
          </nav>
        }
      >
        <ExamTimer attemptId={attempt.id} now={attempt.now} endsAt={attempt.endsAt} />
        <SubmitExam attemptId={attempt.id} flagged={questions.filter(({ flagged }) => flagged).length} />
      </WorkBar>
      <main id="content" tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
        <QuestionBench
          key={question.id}
          attemptId={attempt.id}
          questionId={question.id}
          flagged={question.flagged}
          gone={task === undefined}
          taskPercent={parseSplit(jar.get(SPLIT_COOKIE)?.value)}
          previous={href(number - 1)}
          next={href(number + 1)}
          task={
            <>
              <p className="text-muted text-sm">
                {t('questionOf', { number, total: questions.length })}
                {task && ` · ${all('points', { points: task.points })}`}
              </p>
              <h1 className="mt-1 mb-4 text-lg leading-snug font-semibold">
                {task ? task.title[locale] : t('missing')}
              </h1>
              {task ? <TaskText text={task.task[locale]} links={task.links} /> : <p>{t('missingBody')}</p>}
            </>
          }
        />
      </main>
    </div>
  );
}
