import { getTranslations } from 'next-intl/server';
import { CopyName } from '#app/_ui/copy-code.tsx';

/** The host and context of a question, to be copied by a click. */
export async function WhereToWork({ host, context, base }: { host: string; context: string; base: boolean }) {
  const t = await getTranslations('exam');
  return (
    <dl className="bg-surface border-line rounded-control [&_dt]:text-muted mb-4 grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1.5 border px-3 py-2 text-sm">
      <dt>{t('host')}</dt>
      <dd>
        <CopyName text={base ? `ssh ${host}` : host} />
        {!base && <span className="text-muted ml-2">{t('onHost')}</span>}
      </dd>
      <dt>{t('context')}</dt>
      <dd>
        <CopyName text={context} />
      </dd>
    </dl>
  );
}
