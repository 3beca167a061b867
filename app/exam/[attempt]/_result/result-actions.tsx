'use client';

import { Download, Printer, RotateCcw } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { FailureNote } from '#app/_ui/failure-note.tsx';
import { useAction } from '#app/_ui/use-action.ts';
import { retakeExam } from '../../actions.ts';

/** What one does with a result: sit the same exam again, print it, take it along. */
export function ResultActions({ attemptId }: { attemptId: string }) {
  const t = useTranslations('exam');
  const { busy, failure, run, dismiss } = useAction<never>();
  return (
    <div className="mt-5 space-y-3 print:hidden">
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          busy={busy}
          busyLabel={t('starting')}
          icon={<RotateCcw aria-hidden size={15} />}
          title={t('retakeBody')}
          onClick={() => run(() => retakeExam(attemptId))}
        >
          {t('retake')}
        </Button>
        <Button icon={<Printer aria-hidden size={15} />} onClick={() => window.print()}>
          {t('print')}
        </Button>
        {(['csv', 'json'] as const).map((format) => (
          <a
            key={format}
            href={`/exam/${attemptId}/export?format=${format}`}
            download
            className={buttonClass('secondary')}
          >
            <Download aria-hidden size={15} />
            {format.toUpperCase()}
          </a>
        ))}
        <Link href="/exam" className={buttonClass('quiet')}>
          {t('again')}
        </Link>
      </div>
      <FailureNote failure={failure} onDismiss={dismiss} />
    </div>
  );
}
