import { Flag } from 'lucide-react';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';

/** The numbers of all questions, with what was opened and flagged. */
export async function QuestionList({
  questions,
  current,
  href,
}: {
  questions: readonly { id: string; flagged: boolean; visited: boolean }[];
  /** From 1. */
  current: number;
  href: (number: number) => string;
}) {
  const t = await getTranslations('exam');
  return (
    <nav aria-label={t('questionNav')} className="-my-1 flex min-w-0 gap-1 overflow-x-auto px-1 py-1">
      {questions.map(({ id, flagged, visited }, index) => {
        const number = index + 1;
        const here = number === current;
        const states = [flagged && t('flagged'), !visited && !here && t('notOpened')].filter(
          (state) => state !== false,
        );
        const label = [t('question', { number }), ...states].join(', ');
        return (
          <Link
            key={id}
            href={href(number)}
            prefetch={false}
            aria-current={here ? 'page' : undefined}
            aria-label={label}
            title={label}
            className="text-muted hover:text-ink hover:bg-surface aria-[current]:border-accent aria-[current]:text-ink rounded-control relative flex h-8 min-w-8 shrink-0 items-center justify-center border border-transparent px-1.5 text-sm transition-colors aria-[current]:font-semibold"
          >
            {number}
            {flagged && <Flag aria-hidden size={9} className="text-warn absolute top-0.5 right-0.5 fill-current" />}
            {visited && !here && <span aria-hidden className="bg-accent absolute bottom-0.5 h-0.5 w-3 rounded-full" />}
          </Link>
        );
      })}
    </nav>
  );
}
