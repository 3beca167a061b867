import { getLocale, getTranslations } from 'next-intl/server';
import type { CheckResult, Finding, Outcome, Text } from '#grader/types.ts';
import type { Cause } from '#server/exams/cause.ts';
import type { Graded } from '#server/sessions/record-grading.ts';
import { CHECKS_ID } from './checks-id.ts';
import { MARK_COLORS, MarkIcon } from './state-mark.tsx';

interface Check {
  id: string;
  sentence: Text;
  points: number;
}

/** The checks of a task, and after a run what each found. */
export async function CheckList({
  checks,
  graded,
  causes = {},
  solved = false,
  compact = false,
}: {
  checks: readonly Check[];
  graded: Graded | undefined;
  /** By check: why it lost points, where that is known. */
  causes?: Readonly<Record<string, Cause>>;
  solved?: boolean;
  /** Without heading, where what is around says what this is. */
  compact?: boolean;
}) {
  const t = await getTranslations('task');
  const results = new Map(graded?.results.map((result) => [result.id, result]));
  const passed = graded?.results.filter(({ result }) => result.outcome === 'passed').length ?? 0;
  return (
    <section
      id={compact ? undefined : CHECKS_ID}
      className={compact ? '' : 'mt-8 scroll-mt-4'}
      aria-label={t('checks')}
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className={compact ? 'sr-only' : 'font-semibold'}>{t('checks')}</h2>
        <p role="status" className="text-muted text-sm">
          {graded &&
            !compact &&
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
          <CheckItem
            key={check.id}
            check={check}
            result={results.get(check.id)}
            cause={causes[check.id]}
            checks={checks}
          />
        ))}
      </ul>
    </section>
  );
}

async function CheckItem({
  check,
  result,
  cause,
  checks,
}: {
  check: Check;
  result: CheckResult | undefined;
  cause: Cause | undefined;
  checks: readonly Check[];
}) {
  const [t, all, locale] = await Promise.all([getTranslations('task'), getTranslations(), getLocale()]);
  const outcome = result?.result;
  const mark = outcome?.outcome ?? 'notChecked';
  return (
    <li className="border-line border-b py-2.5">
      <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-2.5">
        <span className="self-start pt-[0.2em]">
          <MarkIcon mark={mark} />
        </span>
        <span>{check.sentence[locale]}</span>
        <span className="text-muted text-sm whitespace-nowrap">
          {outcome === undefined ? (
            all('points', { points: check.points })
          ) : (
            <>
              <span className={MARK_COLORS[mark]}>{t(mark)}</span>
              {outcome.outcome !== 'unknown' && ` · ${result?.scored ?? 0} / ${check.points}`}
            </>
          )}
        </span>
        {cause !== undefined && (
          <p className="text-muted col-span-2 col-start-2 mt-0.5 text-sm">
            {t('lostBy')} {all(`cause.${cause}.name`)}
          </p>
        )}
        {outcome?.outcome === 'passed' && result !== undefined && result.scored < check.points && (
          <p className="col-span-2 col-start-2 mt-1 text-sm">{t('heldBefore')}</p>
        )}
        {outcome !== undefined && outcome.outcome !== 'passed' && (
          <div className="col-span-2 col-start-2 mt-1.5 space-y-2.5 text-sm">
            {outcome.outcome === 'unknown' ? (
              <p>
                {t('unknownBody')} <span className="text-muted font-mono text-[0.8125rem]">{outcome.reason}</span>
              </p>
            ) : (
              <FailedCheck outcome={outcome} checks={checks} />
            )}
          </div>
        )}
      </div>
    </li>
  );
}

async function FailedCheck({
  outcome,
  checks,
}: {
  outcome: Extract<Outcome, { outcome: 'failed' }>;
  checks: readonly Check[];
}) {
  const [t, locale] = await Promise.all([getTranslations('task'), getLocale()]);
  const nothing = <span className="text-muted font-sans">{t('nothing')}</span>;
  return (
    <>
      {outcome.nearMiss && (
        <p className="border-warn border-l-2 pl-2.5">
          <strong className="font-semibold">{t('nearMiss')}</strong> {outcome.nearMiss[locale]}
        </p>
      )}
      {outcome.waitsFor && (
        <div>
          <p>{t('waitsFor')}</p>
          <ul className="list-disc pl-5">
            {checks
              .filter(({ id }) => outcome.waitsFor?.includes(id))
              .map(({ id, sentence }) => (
                <li key={id}>{sentence[locale]}</li>
              ))}
          </ul>
        </div>
      )}
      {byObject(outcome.findings).map(({ object, findings }) => (
        <div key={object} className="space-y-2">
          {/* A missing object is its own expectation, said below. */}
          {findings.some(({ expected }) => expected !== object) && (
            <p className="font-mono text-[0.8125rem] break-words">{object}</p>
          )}
          {findings.map(({ path, expected, actual }) => (
            <dl
              key={`${path} ${expected}`}
              className="[&_dt]:text-muted grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-0.5 [&_dd]:font-mono [&_dd]:text-[0.8125rem] [&_dd]:break-words"
            >
              {path !== '' && (
                <>
                  <dt>{t('field')}</dt>
                  <dd>{path}</dd>
                </>
              )}
              <dt>{t('expected')}</dt>
              <dd>{expected === '' ? nothing : expected}</dd>
              <dt>{t('actual')}</dt>
              <dd>{actual === '' ? nothing : actual}</dd>
            </dl>
          ))}
        </div>
      ))}
    </>
  );
}

/** Findings of one object together, in the order in which they came. */
function byObject(findings: readonly Finding[]): { object: string; findings: Finding[] }[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.object, [...(groups.get(finding.object) ?? []), finding]);
  return [...groups].map(([object, findings]) => ({ object, findings }));
}
