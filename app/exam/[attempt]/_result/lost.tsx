import { getTranslations } from 'next-intl/server';
import { lostBy, type QuestionResult } from '#server/exams/question-result.ts';
import { clockText } from '../_parts/time-left.ts';

/** Where points and time went. */
export async function Lost({ questions }: { questions: readonly QuestionResult[] }) {
  const [t, causes, all] = await Promise.all([getTranslations('exam'), getTranslations('cause'), getTranslations()]);
  const lost = lostBy(questions);
  return (
    <div className="space-y-8">
      <section>
        <h2 className="font-semibold">{t('lost')}</h2>
        {lost.length === 0 ? (
          <p className="text-muted mt-2 text-sm">{t('lostNothing')}</p>
        ) : (
          <ul className="border-line mt-3 border-t">
            {lost.map(([cause, points]) => (
              <li key={cause} className="border-line grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-b py-2">
                <span className="font-medium">{causes(`${cause}.name`)}</span>
                <span className="whitespace-nowrap">{all('points', { points })}</span>
                <span className="text-muted col-span-2 text-sm">{causes(`${cause}.advice`)}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h2 className="font-semibold">{t('times')}</h2>
        <ul className="mt-3 space-y-1.5 text-sm">
          {questions.map(({ number, spentMs, scenario }) => {
            const target = scenario?.targetMs ?? 0;
            const widest = Math.max(
              1,
              ...questions.map((each) => Math.max(each.spentMs, each.scenario?.targetMs ?? 0)),
            );
            const over = target > 0 && spentMs > target;
            return (
              <li key={number} className="grid grid-cols-[4.5rem_minmax(0,1fr)_auto] items-center gap-x-3">
                <span className="text-muted">{t('question', { number })}</span>
                <span aria-hidden className="bg-line relative h-1.5 rounded-full">
                  <span
                    className={`absolute inset-y-0 left-0 rounded-full ${over ? 'bg-warn' : 'bg-accent'}`}
                    style={{ width: `${(spentMs * 100) / widest}%` }}
                  />
                  {target > 0 && (
                    <span className="bg-ink absolute -inset-y-1 w-px" style={{ left: `${(target * 100) / widest}%` }} />
                  )}
                </span>
                <span className={`text-right whitespace-nowrap ${over ? 'text-warn' : ''}`}>
                  {clockText(spentMs)} <span className="text-muted">/ {clockText(target)}</span>
                </span>
              </li>
            );
          })}
        </ul>
      </section>
    </div>
  );
}
