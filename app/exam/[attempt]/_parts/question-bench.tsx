'use client';

import { ChevronLeft, ChevronRight, Flag } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { FailureNote } from '#app/_ui/failure-note.tsx';
import { useAction } from '#app/_ui/use-action.ts';
import { TerminalPane } from '#app/_ui/workbench/terminal-pane.tsx';
import { Workbench } from '#app/_ui/workbench/workbench.tsx';
import { flagExamQuestion, openExamQuestion } from '../actions.ts';

/** One question: its task, its terminal, its flag and the way to its neighbours. */
export function QuestionBench({
  attemptId,
  questionId,
  flagged,
  gone,
  taskPercent,
  previous,
  next,
  task,
}: {
  attemptId: string;
  questionId: string;
  flagged: boolean;
  /** The scenario was removed: nothing to open. */
  gone: boolean;
  taskPercent: number;
  /** Addresses of the neighbours. */
  previous: string | undefined;
  next: string | undefined;
  task: ReactNode;
}) {
  const t = useTranslations('exam');
  const { busy, failure, run, dismiss } = useAction<void>();
  return (
    <Workbench
      taskPercent={taskPercent}
      task={task}
      bar={
        <div className="space-y-2">
          <FailureNote failure={failure} onDismiss={dismiss} />
          <div className="flex flex-wrap items-center gap-2">
            <Button
              aria-pressed={flagged}
              busy={busy}
              icon={<Flag aria-hidden size={15} className={flagged ? 'fill-current' : ''} />}
              onClick={() => run(() => flagExamQuestion({ attemptId, questionId, flagged: !flagged }))}
            >
              {t('flag')}
            </Button>
            <div className="ml-auto flex gap-2">
              <Neighbour href={previous}>
                <ChevronLeft aria-hidden size={16} />
                {t('previous')}
              </Neighbour>
              <Neighbour href={next}>
                {t('next')}
                <ChevronRight aria-hidden size={16} />
              </Neighbour>
            </div>
          </div>
        </div>
      }
      terminal={
        gone ? null : <TerminalPane key={questionId} open={() => openExamQuestion({ attemptId, questionId })} />
      }
    />
  );
}

function Neighbour({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (href === undefined) {
    return (
      <span aria-disabled="true" className={buttonClass('secondary')}>
        {children}
      </span>
    );
  }
  return (
    <Link href={href} prefetch={false} className={buttonClass('secondary')}>
      {children}
    </Link>
  );
}
