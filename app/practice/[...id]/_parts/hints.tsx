import { getLocale, getTranslations } from 'next-intl/server';
import type { Text } from '#grader/types.ts';
import { Prose } from '#app/_ui/markdown.tsx';

/** The hints asked for so far. */
export async function Hints({ hints }: { hints: readonly Text[] }) {
  const [t, locale] = await Promise.all([getTranslations('task'), getLocale()]);
  return (
    <section aria-live="polite">
      {hints.length > 0 && (
        <>
          <h2 className="mt-8 font-semibold">{t('hints')}</h2>
          <ol className="mt-2 space-y-3">
            {hints.map((hint, index) => (
              // Hints are only ever added, in order.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={index} className="border-line border-l-2 pl-3">
                <p className="text-muted text-sm">{t('hintNumber', { number: index + 1 })}</p>
                <Prose text={hint[locale]} />
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
