import { getLocale, getTranslations } from 'next-intl/server';
import type { Text } from '#grader/types.ts';
import { Prose } from '#app/_ui/markdown.tsx';

/** Why the task is solved that way; given with the solutions. */
export async function Explanation({ text }: { text: Text | undefined }) {
  const [t, locale] = await Promise.all([getTranslations('task'), getLocale()]);
  if (text === undefined) return null;
  return (
    <section className="mt-8">
      <h2 className="font-semibold">{t('explanation')}</h2>
      <div className="mt-2">
        <Prose text={text[locale]} />
      </div>
    </section>
  );
}
