'use client';

import { Check, Monitor, Moon, Sun } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';
import { useTransition } from 'react';
import { setLocale, setTheme } from './actions.ts';
import { parseTheme, type Theme, THEMES } from './theme.ts';

const ICONS: Record<Theme, typeof Sun> = { system: Monitor, light: Sun, dark: Moon };

/** Language and theme, in every page's top bar. */
export function Preferences({ theme }: { theme: Theme }) {
  const t = useTranslations('preferences');
  const locale = useLocale();
  const other = locale === 'ko' ? 'en' : 'ko';
  const [, startTransition] = useTransition();
  const Icon = ICONS[theme];

  function chooseTheme(value: string): void {
    const chosen = parseTheme(value);
    // At once; the cookie keeps it for the next page.
    document.documentElement.dataset['theme'] = chosen;
    startTransition(async () => {
      await setTheme(chosen);
    });
  }

  return (
    <div className="flex items-center gap-1">
      <button
        type="button"
        lang={other}
        onClick={() =>
          startTransition(async () => {
            await setLocale(other);
          })
        }
        className="text-muted hover:text-ink hover:bg-surface rounded-control h-8 px-2 text-sm whitespace-nowrap transition-colors"
      >
        {t('switchLanguage')}
      </button>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger
          aria-label={t('theme')}
          className="text-muted hover:text-ink hover:bg-surface rounded-control flex size-8 items-center justify-center transition-colors"
        >
          <Icon aria-hidden size={16} />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            sideOffset={4}
            className="bg-raised border-line-strong rounded-control z-40 min-w-36 border p-1 text-sm shadow-sm"
          >
            <DropdownMenu.RadioGroup value={theme} onValueChange={chooseTheme}>
              {THEMES.map((value) => (
                <DropdownMenu.RadioItem
                  key={value}
                  value={value}
                  className="data-highlighted:bg-surface rounded-control flex h-8 cursor-default items-center gap-2 pr-3 pl-7 outline-none"
                >
                  <DropdownMenu.ItemIndicator className="absolute left-2.5">
                    <Check aria-hidden size={14} />
                  </DropdownMenu.ItemIndicator>
                  {t(value)}
                </DropdownMenu.RadioItem>
              ))}
            </DropdownMenu.RadioGroup>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </div>
  );
}
