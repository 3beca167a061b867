import { getTranslations } from 'next-intl/server';
import { pointsBy, type QuestionResult, type Share } from '#server/exams/question-result.ts';

/** Points by domain of the curriculum, and in each by competency. */
export async function ByDomain({ questions }: { questions: readonly QuestionResult[] }) {
  const [t, names] = await Promise.all([getTranslations('exam'), getTranslations('domain')]);
  const domains = [...pointsBy(questions, ({ domain }) => [domain])].sort(([, a], [, b]) => part(a) - part(b));
  return (
    <section>
      <h2 className="font-semibold">{t('byDomain')}</h2>
      <table className="mt-3 w-full border-collapse text-left">
        <thead className="sr-only">
          <tr>
            <th>{t('byDomain')}</th>
            <th>{t('score')}</th>
          </tr>
        </thead>
        {domains.map(([domain, share]) => {
          const within = questions.filter((question) => question.scenario?.domain === domain);
          const competencies = [...pointsBy(within, (scenario) => scenario.competencies)];
          return (
            <tbody key={domain} className="border-line border-b">
              <tr>
                <th scope="row" className="pt-2.5 pb-1 font-medium">
                  {names(domain)}
                  <span aria-hidden className="bg-line mt-1.5 block h-1.5 rounded-full">
                    <span className="bg-accent block h-full rounded-full" style={{ width: `${part(share) * 100}%` }} />
                  </span>
                </th>
                <td className="pt-2.5 pb-1 pl-4 text-right align-top whitespace-nowrap">
                  <span className="text-muted mr-2 text-sm">
                    {share.scored} / {share.possible}
                  </span>
                  {Math.floor(part(share) * 100)}%
                </td>
              </tr>
              {competencies.map(([competency, points]) => (
                <tr key={competency} className="text-muted text-sm">
                  <th scope="row" lang="en" className="py-1 pl-3 font-normal">
                    {competency}
                  </th>
                  <td className="py-1 text-right align-top whitespace-nowrap">
                    {points.scored} / {points.possible}
                  </td>
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
    </section>
  );
}

const part = ({ scored, possible }: Share): number => (possible === 0 ? 0 : scored / possible);
