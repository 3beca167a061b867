import { getTranslations } from 'next-intl/server';
import type { Script } from '#grader/types.ts';
import { CodeBlock } from '#app/_ui/copy-code.tsx';

/** The ways a task can be solved; given only once it is solved or given up. */
export async function Solutions({ scripts }: { scripts: readonly Script[] }) {
  const t = await getTranslations('task');
  if (scripts.length === 0) return null;
  return (
    <section className="mt-8">
      <h2 className="font-semibold">{t('solutions')}</h2>
      {scripts.map((script, index) => (
        <div key={script.name} className="mt-3">
          <h3 className="text-muted mb-1 text-sm">
            {t('solutionName', { number: index + 1 })} · {script.name.replace(/^\d+-/, '')}
          </h3>
          <CodeBlock text={script.text.replace(/^#!.*\n/, '').trim()} />
        </div>
      ))}
    </section>
  );
}
