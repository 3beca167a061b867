'use client';

import { Lightbulb, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { CHECKS_ID } from '#app/_ui/checks-id.ts';
import { ConfirmDialog } from '#app/_ui/confirm-dialog.tsx';
import { FailureNote } from '#app/_ui/failure-note.tsx';
import { useAction } from '#app/_ui/use-action.ts';
import { TerminalPane } from '#app/_ui/workbench/terminal-pane.tsx';
import type { Arrangement } from '#app/_ui/workbench/split.ts';
import { Workbench } from '#app/_ui/workbench/workbench.tsx';
import { checkPractice, giveUpPractice, hintPractice, openPractice, resetPractice } from '../actions.ts';

type Doing = 'check' | 'hint' | 'reset' | 'giveUp';

/** The task page's moving parts: the terminal and the buttons under the task. */
export function Practice({
  scenarioId,
  sessionId: known,
  arrangement,
  hintsLeft,
  solutionShown,
  lastCheck,
  task,
}: {
  scenarioId: string;
  /** Undefined until the task is opened for the first time. */
  sessionId: string | undefined;
  arrangement: Arrangement;
  hintsLeft: number;
  solutionShown: boolean;
  /** When the checks last ran. */
  lastCheck: string | undefined;
  task: ReactNode;
}) {
  const t = useTranslations('task');
  const [opened, setOpened] = useState<string>();
  const [doing, setDoing] = useState<Doing>();
  const { busy, failure, run, dismiss } = useAction<void>();
  const sessionId = opened ?? known;
  const off = sessionId === undefined || busy;

  function act(what: Doing, action: (sessionId: string) => ReturnType<typeof checkPractice>): void {
    if (sessionId === undefined) return;
    setDoing(what);
    run(() => action(sessionId));
  }

  const checked = lastCheck !== undefined && doing === 'check' && !busy ? lastCheck : undefined;
  useEffect(() => {
    // Results may have come below the fold of a long task.
    if (checked !== undefined) document.getElementById(CHECKS_ID)?.scrollIntoView({ block: 'nearest' });
  }, [checked]);

  const busyWith = (what: Doing): boolean => busy && doing === what;

  return (
    <Workbench
      arrangement={arrangement}
      task={task}
      bar={
        <div className="space-y-2">
          <FailureNote failure={failure} onDismiss={dismiss} />
          <div className="flex flex-wrap items-center gap-2">
            <Button
              look="primary"
              disabled={off}
              busy={busyWith('check')}
              busyLabel={t('checking')}
              onClick={() => act('check', checkPractice)}
            >
              {t('check')}
            </Button>
            {hintsLeft > 0 && (
              <Button
                disabled={off}
                busy={busyWith('hint')}
                icon={<Lightbulb aria-hidden size={15} />}
                title={t('hintsLeft', { left: hintsLeft })}
                onClick={() => act('hint', hintPractice)}
              >
                {t('hint')}
              </Button>
            )}
            <div className="ml-auto flex gap-1">
              <ConfirmDialog
                title={t('resetTitle')}
                confirm={t('reset')}
                cancel={t('cancel')}
                danger
                onConfirm={() => act('reset', resetPractice)}
                trigger={
                  <Button
                    look="quiet"
                    disabled={off}
                    busy={busyWith('reset')}
                    icon={<RotateCcw aria-hidden size={15} />}
                    className="px-2!"
                  >
                    {t('reset')}
                  </Button>
                }
              >
                <p>{t('resetBody')}</p>
              </ConfirmDialog>
              {!solutionShown && (
                <ConfirmDialog
                  title={t('giveUpTitle')}
                  confirm={t('giveUp')}
                  cancel={t('cancel')}
                  onConfirm={() => act('giveUp', giveUpPractice)}
                  trigger={
                    <Button look="quiet" disabled={off} busy={busyWith('giveUp')} className="px-2!">
                      {t('giveUp')}
                    </Button>
                  }
                >
                  <p>{t('giveUpBody')}</p>
                </ConfirmDialog>
              )}
            </div>
          </div>
        </div>
      }
      terminal={<TerminalPane open={() => openPractice(scenarioId)} onOpened={setOpened} />}
    />
  );
}
