import { getLocale, getTranslations } from 'next-intl/server';
import { TaskText } from '#app/_ui/task-text.tsx';
import { WorkBar } from '#app/_ui/top-bar.tsx';
import { currentArrangement } from '#app/_ui/workbench/arrangement.ts';
import type { AttemptView } from '#server/exams/get-attempt.ts';
import { clockText } from './time-left.ts';
import { ExamTimer } from './exam-timer.tsx';
import { QuestionBench } from './question-bench.tsx';
import { QuestionList } from './question-list.tsx';
import { EndExam } from './end-exam.tsx';
import { WhereToWork } from './where-to-work.tsx';

type Running = Extract<AttemptView, { phase: 'running' }>;

/** The exam under way: one question at a time, the clock always in sight. */
export async function RunningExam({ attempt, number }: { attempt: Running; /** from 1 */ number: number }) {
  const [t, all, locale, arrangement] = await Promise.all([
    getTranslations('exam'),
    getTranslations(),
    getLocale(),
    currentArrangement(),
  ]);
  const { questions } = attempt;
  const question = questions[number - 1] ?? questions[0];
  if (question === undefined) return null;
  const { task } = question;
  const href = (to: number): string | undefined =>
    to >= 1 && to <= questions.length ? `/exam/${attempt.id}?q=${to}` : undefined;
  const numbersOf = (wanted: (question: Running['questions'][number]) => boolean): number[] =>
    questions.flatMap((each, index) => (wanted(each) ? [index + 1] : []));
  return (
    <div className="flex h-dvh flex-col">
      <WorkBar
        back={undefined}
        crowded
        title={<QuestionList questions={questions} current={number} href={(to) => href(to) ?? ''} />}
      >
        <ExamTimer attemptId={attempt.id} now={attempt.now} endsAt={attempt.endsAt} addedMs={attempt.addedMs} />
        <EndExam
          attemptId={attempt.id}
          flagged={numbersOf(({ flagged }) => flagged)}
          // The one shown now is opened by being shown.
          unopened={numbersOf(({ visited, id }) => !visited && id !== question.id)}
        />
      </WorkBar>
      <main id="content" tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
        <QuestionBench
          key={question.id}
          attemptId={attempt.id}
          questionId={question.id}
          flagged={question.flagged}
          gone={task === undefined}
          arrangement={arrangement}
          notes={attempt.notes}
          previous={href(number - 1)}
          next={href(number + 1)}
          task={
            <>
              {attempt.addedMs > 0 && (
                <p className="border-accent mb-3 border-l-2 py-0.5 pl-3 text-sm">
                  {t('added', { time: clockText(attempt.addedMs) })}
                </p>
              )}
              <p className="text-muted text-sm">
                {t('questionOf', { number, total: questions.length })}
                {task && ` · ${all('points', { points: task.points })}`}
              </p>
              <h1 className="mt-1 mb-3 text-lg leading-snug font-semibold">
                {task ? task.title[locale] : t('missing')}
              </h1>
              {task ? (
                <>
                  <WhereToWork host={question.host} context={question.context} base={attempt.base} />
                  <TaskText text={task.task[locale]} links={task.links} />
                </>
              ) : (
                <p>{t('missingBody')}</p>
              )}
            </>
          }
        />
      </main>
    </div>
  );
}
