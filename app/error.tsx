'use client';

import { useTranslations } from 'next-intl';
import { Button } from './_ui/button.tsx';

/** A page that failed while it was made. The cause is in the server's log; `digest` finds it there. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('error');
  return (
    <main id="content" className="mx-auto max-w-5xl px-3 pt-16 sm:px-6">
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="mt-2 max-w-prose">{t('body')}</p>
      {error.digest && (
        <p className="text-muted mt-2 text-sm">
          {t('details')}: <code className="font-mono">{error.digest}</code>
        </p>
      )}
      <Button look="primary" className="mt-4" onClick={reset}>
        {t('retry')}
      </Button>
    </main>
  );
}
