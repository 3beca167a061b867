'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { FailureNote } from '#app/_ui/failure-note.tsx';
import { useAction } from '#app/_ui/use-action.ts';
import type { ExamRow } from '#server/exams/list-attempts.ts';
import { startExam } from '../actions.ts';

/** Which exam, and the button that starts its clock. */
export function StartExam({ exams }: { exams: readonly ExamRow[] }) {
  const t = useTranslations('exam');
  const locale = useLocale();
  const [chosen, choose] = useState(exams[0]?.id);
  const { busy, failure, run, dismiss } = useAction<never>();
  return (
    <div className="mt-6 space-y-4">
      {exams.length > 1 && (
        <fieldset>
          <legend className="font-semibold">{t('which')}</legend>
          <ul className="border-line divide-line mt-2 divide-y rounded-md border">
            {exams.map(({ id, title, questions, minutes, passPercent }) => (
              <li key={id ?? ''}>
                <label className="hover:bg-surface flex cursor-pointer flex-wrap items-baseline gap-x-3 px-4 py-3">
                  <input
                    type="radio"
                    name="exam"
                    checked={chosen === id}
                    aria-labelledby={`exam-${id ?? 'drawn'}`}
                    aria-describedby={`size-${id ?? 'drawn'}`}
                    onChange={() => choose(id)}
                    className="accent-accent translate-y-px"
                  />
                  <span id={`exam-${id ?? 'drawn'}`} className="flex-1">
                    {title?.[locale] ?? t('drawn')}
                  </span>
                  <span
                    id={`size-${id ?? 'drawn'}`}
                    className="text-muted text-sm whitespace-nowrap tabular-nums max-md:w-full max-md:pl-7"
                  >
                    {t('size', { questions, minutes, percent: passPercent })}
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
      <Button look="primary" busy={busy} busyLabel={t('starting')} onClick={() => run(() => startExam(chosen))}>
        {t('start')}
      </Button>
      <FailureNote failure={failure} onDismiss={dismiss} />
    </div>
  );
}
