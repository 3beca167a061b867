import '@fontsource-variable/noto-sans-kr/index.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { Announcer } from './_ui/announcer.tsx';
import { parseTheme, THEME_COOKIE } from './_ui/preferences/theme.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('site');
  return { title: { default: t('name'), template: `%s · ${t('name')}` }, description: t('description') };
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#14171a' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale();
  const t = await getTranslations('site');
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang={locale} data-theme={theme}>
      <body className="bg-page text-ink">
        <a
          href="#content"
          className="bg-accent text-on-accent rounded-control absolute top-2 left-2 z-50 px-3 py-1.5 not-focus:sr-only"
        >
          {t('skip')}
        </a>
        <NextIntlClientProvider>{children}</NextIntlClientProvider>
        <Announcer />
      </body>
    </html>
  );
}
