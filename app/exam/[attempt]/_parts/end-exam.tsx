'use client';

import { useTranslations } from 'next-intl';
import { Button } from '#app/_ui/button.tsx';
import { ConfirmDialog } from '#app/_ui/confirm-dialog.tsx';
import { FailureNote } from '#app/_ui/failure-note.tsx';
import { useAction } from '#app/_ui/use-action.ts';
import { submitExam } from '../actions.ts';

/** Asks, with what is still open, and hands the exam in. Both lists hold numbers of questions. */
export function EndExam({
  attemptId,
  flagged,
  unopened,
}: {
  attemptId: string;
  flagged: readonly number[];
  unopened: readonly number[];
}) {
  const t = useTranslations('exam');
  const words = useTranslations('task');
  const { busy, failure, run, dismiss } = useAction<void>();
  const list = (numbers: readonly number[]): string => numbers.join(', ');
  return (
    <div className="relative">
      <ConfirmDialog
        title={t('submitTitle')}
        confirm={t('submit')}
        cancel={words('cancel')}
        onConfirm={() => run(() => submitExam(attemptId))}
        trigger={
          <Button look="primary" busy={busy} busyLabel={t('submitting')} className="h-8!">
            {t('submit')}
          </Button>
        }
      >
        <p>{t('submitBody')}</p>
        {unopened.length > 0 && (
          <p className="text-warn">{t('submitUnopened', { count: unopened.length, list: list(unopened) })}</p>
        )}
        {flagged.length > 0 && (
          <p className="text-warn">{t('submitFlagged', { count: flagged.length, list: list(flagged) })}</p>
        )}
      </ConfirmDialog>
      {failure && (
        <div className="bg-raised border-line-strong absolute top-full right-0 z-30 mt-2 w-80 rounded-md border p-3">
          <FailureNote failure={failure} onDismiss={dismiss} />
        </div>
      )}
    </div>
  );
}
