'use client';

import { ChevronLeft, ChevronRight, Flag, NotebookPen } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { FailureNote } from '#app/_ui/failure-note.tsx';
import { useAction } from '#app/_ui/use-action.ts';
import type { Arrangement } from '#app/_ui/workbench/split.ts';
import { TerminalPane } from '#app/_ui/workbench/terminal-pane.tsx';
import { Workbench } from '#app/_ui/workbench/workbench.tsx';
import { flagExamQuestion, openExamQuestion } from '../actions.ts';
import { AllowedDocs } from './allowed-docs.tsx';
import { Notepad } from './notepad.tsx';

/** One question: its task, its terminals, its flag, the notepad, and the way to its neighbours. */
export function QuestionBench({
  attemptId,
  questionId,
  flagged,
  gone,
  arrangement,
  notes,
  previous,
  next,
  task,
}: {
  attemptId: string;
  questionId: string;
  flagged: boolean;
  /** The scenario was removed: nothing to open. */
  gone: boolean;
  arrangement: Arrangement;
  notes: string;
  /** Addresses of the neighbours. */
  previous: string | undefined;
  next: string | undefined;
  task: ReactNode;
}) {
  const t = useTranslations('exam');
  const [writing, setWriting] = useState(false);
  const { busy, failure, run, dismiss } = useAction<void>();
  return (
    <Workbench
      arrangement={arrangement}
      task={task}
      bar={
        <div className="space-y-2">
          <FailureNote failure={failure} onDismiss={dismiss} />
          {writing && <Notepad attemptId={attemptId} initial={notes} />}
          <div className="flex flex-wrap items-center gap-2">
            <Button
              aria-pressed={flagged}
              busy={busy}
              icon={<Flag aria-hidden size={15} className={flagged ? 'text-warn fill-current' : ''} />}
              onClick={() => run(() => flagExamQuestion({ attemptId, questionId, flagged: !flagged }))}
            >
              {t('flag')}
            </Button>
            <button
              type="button"
              aria-expanded={writing}
              aria-label={t('notes')}
              title={t('notes')}
              onClick={() => setWriting(!writing)}
              className={`${buttonClass('secondary')} aria-expanded:bg-surface px-2.5!`}
            >
              <NotebookPen aria-hidden size={15} />
            </button>
            <AllowedDocs />
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
