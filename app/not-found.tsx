import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { buttonClass } from './_ui/button.tsx';
import { Page } from './_ui/page-frame.tsx';

export default async function NotFound() {
  const t = await getTranslations('notFound');
  return (
    <Page title={t('title')}>
      <p className="max-w-prose">{t('body')}</p>
      <Link href="/" className={`${buttonClass('secondary')} mt-4`}>
        {t('home')}
      </Link>
    </Page>
  );
}
