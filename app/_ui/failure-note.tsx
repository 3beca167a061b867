'use client';

import { TriangleAlert, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Failure } from './use-action.ts';

/** What happened, what was kept and what to do, beside the control that failed. */
export function FailureNote({ failure, onDismiss }: { failure: Failure | undefined; onDismiss?: () => void }) {
  const t = useTranslations('error');
  return (
    <div role="alert">
      {failure && (
        <div className="border-bad flex gap-2 border-l-2 py-1 pl-3 text-sm">
          <TriangleAlert aria-hidden size={16} className="text-bad mt-0.5 shrink-0" />
          <div className="min-w-0 grow">
            <p>{failure.kind === 'told' ? failure.message : t('unreachable')}</p>
            {failure.kind === 'told' && failure.detail && (
              <pre className="text-muted mt-1 font-mono text-xs whitespace-pre-wrap">{failure.detail}</pre>
            )}
          </div>
          {onDismiss && (
            <button
              type="button"
              onClick={onDismiss}
              aria-label={t('dismiss')}
              className="text-muted hover:text-ink flex size-6 shrink-0 items-center justify-center"
            >
              <X aria-hidden size={14} />
            </button>
          )}
        </div>
      )}
    </div>
  );
}
