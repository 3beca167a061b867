import { getLocale, getTranslations } from 'next-intl/server';
import type { Outcome, Text } from '#grader/types.ts';
import type { Graded } from '#server/sessions/record-grading.ts';
import { CopyName } from './copy-code.tsx';
import { StateMark } from './state-mark.tsx';

interface Check {
  id: string;
  sentence: Text;
  points: number;
}

/** The checks of a task, and after a run what each found. */
export async function CheckList({
  checks,
  graded,
  solved = false,
  compact = false,
}: {
  checks: readonly Check[];
  graded: Graded | undefined;
  solved?: boolean;
  /** Without heading, where what is around says what this is. */
  compact?: boolean;
}) {
  const t = await getTranslations('task');
  const results = new Map(graded?.results.map((result) => [result.id, result]));
  const passed = graded?.results.filter(({ result }) => result.outcome === 'passed').length ?? 0;
  return (
    <section className={compact ? '' : 'mt-8'} aria-label={t('checks')}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className={compact ? 'sr-only' : 'font-semibold'}>{t('checks')}</h2>
        <p role="status" className="text-muted text-sm">
          {graded &&
            `${t('summary', { passed, total: graded.results.length })} · ${t('score', {
              scored: graded.scored,
              possible: graded.possible,
            })}`}
        </p>
      </div>
      {solved && (
        <p className="border-good mt-2 border-l-2 py-0.5 pl-3 text-sm">
          <strong className="text-good font-semibold">{t('solvedTitle')}.</strong> {t('solvedBody')}
        </p>
      )}
      <ul className="border-line mt-2 border-t">
        {checks.map((check) => (
          <CheckItem key={check.id} check={check} outcome={results.get(check.id)?.result} />
        ))}
      </ul>
    </section>
  );
}

async function CheckItem({ check, outcome }: { check: Check; outcome: Outcome | undefined }) {
  const [t, all, locale] = await Promise.all([getTranslations('task'), getTranslations(), getLocale()]);
  const mark = outcome?.outcome ?? 'notChecked';
  return (
    <li className="border-line border-b py-2.5">
      <div className="flex items-start gap-2.5">
        <span className="mt-0.5">
          <StateMark mark={mark} label={t(mark)} hideLabel />
        </span>
        <span className="min-w-0 grow">{check.sentence[locale]}</span>
        <span className="text-muted mt-px text-sm whitespace-nowrap">{all('points', { points: check.points })}</span>
      </div>
      {outcome !== undefined && outcome.outcome !== 'passed' && (
        <div className="mt-1.5 ml-[1.625rem] space-y-2 text-sm">
          <p className={outcome.outcome === 'failed' ? 'text-bad' : 'text-warn'}>{t(mark)}</p>
          {outcome.outcome === 'unknown' ? (
            <p>
              {t('unknownBody')} <span className="text-muted font-mono text-[0.8125rem]">{outcome.reason}</span>
            </p>
          ) : (
            <FailedCheck outcome={outcome} />
          )}
        </div>
      )}
    </li>
  );
}

async function FailedCheck({ outcome }: { outcome: Extract<Outcome, { outcome: 'failed' }> }) {
  const [t, locale] = await Promise.all([getTranslations('task'), getLocale()]);
  return (
    <>
      {outcome.nearMiss && <p>{t('nearMiss', { text: outcome.nearMiss[locale] })}</p>}
      {outcome.findings.map((finding) => (
        <div key={`${finding.object} ${finding.path} ${finding.expected}`}>
          <p className="font-mono text-[0.8125rem]">
            <CopyName text={finding.object} />{' '}
            <span className="text-muted break-all">{finding.path === '' ? '' : finding.path}</span>
          </p>
          <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
            <dt className="text-muted">{t('expected')}</dt>
            <dd className="font-mono text-[0.8125rem] break-words">{finding.expected}</dd>
            <dt className="text-muted">{t('actual')}</dt>
            <dd className="font-mono text-[0.8125rem] break-words">
              {finding.actual === '' ? <span className="text-muted font-sans">{t('nothing')}</span> : finding.actual}
            </dd>
          </dl>
        </div>
      ))}
    </>
  );
}
