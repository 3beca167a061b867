'use client';

import { useTranslations } from 'next-intl';
import { Button } from '#app/_ui/button.tsx';
import { FailureNote } from '#app/_ui/failure-note.tsx';
import { useAction } from '#app/_ui/use-action.ts';
import { startExam } from '../actions.ts';

export function StartExam() {
  const t = useTranslations('exam');
  const { busy, failure, run, dismiss } = useAction<never>();
  return (
    <div className="mt-6 space-y-3">
      <Button look="primary" busy={busy} busyLabel={t('starting')} onClick={() => run(startExam)}>
        {t('start')}
      </Button>
      <FailureNote failure={failure} onDismiss={dismiss} />
    </div>
  );
}
