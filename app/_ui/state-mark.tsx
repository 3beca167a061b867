import { Circle, CircleCheck, CircleDot, CircleHelp, CircleX } from 'lucide-react';

const ICONS = {
  new: Circle,
  started: CircleDot,
  solved: CircleCheck,
  notChecked: Circle,
  passed: CircleCheck,
  failed: CircleX,
  unknown: CircleHelp,
} as const;

export type Mark = keyof typeof ICONS;

export const MARK_COLORS: Record<Mark, string> = {
  new: 'text-muted',
  started: 'text-accent',
  solved: 'text-good',
  notChecked: 'text-muted',
  passed: 'text-good',
  failed: 'text-bad',
  unknown: 'text-warn',
};

/** The icon alone, beside a word that says the same. */
export function MarkIcon({ mark }: { mark: Mark }) {
  const Icon = ICONS[mark];
  return <Icon aria-hidden size={16} className={`shrink-0 self-center ${MARK_COLORS[mark]}`} />;
}

/** A state as icon and word; the colour only repeats them. */
export function StateMark({ mark, label }: { mark: Mark; label: string }) {
  return (
    <span className={`inline-flex items-baseline gap-1.5 text-sm whitespace-nowrap ${MARK_COLORS[mark]}`}>
      <MarkIcon mark={mark} />
      {label}
    </span>
  );
}
