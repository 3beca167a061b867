import { ChevronLeft } from 'lucide-react';
import { cookies } from 'next/headers';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { Preferences } from './preferences/preferences.tsx';
import { parseTheme, THEME_COOKIE } from './preferences/theme.ts';

export type Area = 'practice' | 'exam' | 'progress';

const HREFS: Record<Area, string> = { practice: '/', exam: '/exam', progress: '/progress' };

async function currentTheme() {
  return parseTheme((await cookies()).get(THEME_COOKIE)?.value);
}

/** The bar of pages one walks between. */
export async function SiteBar({ area }: { area?: Area }) {
  const t = await getTranslations('site');
  return (
    <header className="border-line border-b">
      <div className="mx-auto flex h-12 max-w-5xl items-center gap-1 px-3 sm:gap-4 sm:px-6">
        <Link href="/" className="text-ink pr-1 font-semibold max-[420px]:sr-only">
          {t('name')}
        </Link>
        <nav aria-label={t('nav')} className="flex h-full">
          {(['practice', 'exam', 'progress'] as const).map((item) => (
            <Link
              key={item}
              href={HREFS[item]}
              aria-current={item === area ? 'page' : undefined}
              className="text-muted hover:text-ink aria-[current]:text-ink aria-[current]:border-accent flex items-center border-b-2 border-transparent px-2 text-sm whitespace-nowrap transition-colors aria-[current]:font-medium sm:px-3"
            >
              {t(item)}
            </Link>
          ))}
        </nav>
        <div className="ml-auto">
          <Preferences theme={await currentTheme()} />
        </div>
      </div>
    </header>
  );
}

/** The bar of pages one works in: the way back, what this is, and what belongs to it. */
export async function WorkBar({
  back,
  title,
  crowded = false,
  children,
}: {
  back: { href: string; label: string } | undefined;
  title: ReactNode;
  crowded?: boolean;
  children?: ReactNode;
}) {
  return (
    <header className="border-line flex h-12 shrink-0 items-center gap-2 border-b px-2 sm:gap-3 sm:px-3">
      {back && (
        <Link
          href={back.href}
          aria-label={back.label}
          title={back.label}
          className="text-muted hover:text-ink hover:bg-surface rounded-control flex size-8 shrink-0 items-center justify-center transition-colors"
        >
          <ChevronLeft aria-hidden size={18} />
        </Link>
      )}
      {title}
      <div className="ml-auto flex items-center gap-1 sm:gap-2">
        {children}
        {/* A narrow bar with much in it has no room for what every other page offers too. */}
        <div className={crowded ? 'max-sm:hidden' : ''}>
          <Preferences theme={await currentTheme()} />
        </div>
      </div>
    </header>
  );
}
