import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getLocale, getTranslations } from 'next-intl/server';
import { cache } from 'react';
import { requireUser } from '#server/auth/current-user.ts';
import { isAppError } from '#server/errors.ts';
import { getTask } from '#server/practice/get-task.ts';
import { TaskText } from '#app/_ui/task-text.tsx';
import { WorkBar } from '#app/_ui/top-bar.tsx';
import { currentArrangement } from '#app/_ui/workbench/arrangement.ts';
import { CheckList } from '#app/_ui/check-list.tsx';
import { Explanation } from './_parts/explanation.tsx';
import { Hints } from './_parts/hints.tsx';
import { Practice } from './_parts/practice.tsx';
import { Solutions } from './_parts/solutions.tsx';

interface Props {
  params: Promise<{ id: string[] }>;
}

const load = cache(async (scenarioId: string) => {
  const { app, userId } = await requireUser();
  try {
    return await getTask(app, userId, scenarioId);
  } catch (error) {
    if (isAppError(error) && error.code === 'scenario-not-found') notFound();
    throw error;
  }
});

function scenarioId(id: readonly string[]): string {
  return id.map((part) => decodeURIComponent(part)).join('/');
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ id }, locale] = await Promise.all([params, getLocale()]);
  const task = await load(scenarioId(id));
  return { title: task.title[locale] };
}

export default async function TaskPage({ params }: Props) {
  const [{ id }, locale, t, all] = await Promise.all([params, getLocale(), getTranslations('task'), getTranslations()]);
  const task = await load(scenarioId(id));
  const arrangement = await currentArrangement();
  const { progress } = task;
  return (
    <div className="flex h-dvh flex-col">
      <WorkBar
        back={{ href: '/', label: t('back') }}
        title={<h1 className="min-w-0 truncate text-sm font-semibold sm:text-base">{task.title[locale]}</h1>}
      >
        <span className="text-muted text-sm whitespace-nowrap max-lg:hidden">
          {all(`domain.${task.domain}`)} · {all('difficulty', { level: task.difficulty })} ·{' '}
          {all('minutes', { minutes: task.minutes })}
        </span>
      </WorkBar>
      <main id="content" tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
        <Practice
          scenarioId={task.id}
          sessionId={progress?.sessionId}
          arrangement={arrangement}
          hintsLeft={task.hintsTotal - (progress?.hints.length ?? 0)}
          solutionShown={progress?.solutions !== undefined}
          lastCheck={progress?.last?.gradedAt}
          task={
            <>
              <TaskText text={task.task[locale]} links={task.links} />
              <CheckList checks={task.checks} graded={progress?.last} solved={progress?.solved ?? false} />
              <Hints hints={progress?.hints ?? []} />
              <Solutions scripts={progress?.solutions ?? []} />
              <Explanation text={progress?.explanation} />
            </>
          }
        />
      </main>
    </div>
  );
}
