import { getTranslations } from 'next-intl/server';

/** Room for the page to come; says that it loads only when that takes long enough to be noticed. */
export async function LoadingPage() {
  const t = await getTranslations();
  return (
    <div className="min-h-screen" role="status">
      <div className="border-line h-12 border-b" />
      <p className="late text-muted mx-auto max-w-5xl px-3 pt-8 sm:px-6">{t('loading')}</p>
    </div>
  );
}
