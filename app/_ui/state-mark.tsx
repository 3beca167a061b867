import { Circle, CircleCheck, CircleDot, CircleHelp, CircleX } from 'lucide-react';

const MARKS = {
  new: { icon: Circle, color: 'text-muted' },
  started: { icon: CircleDot, color: 'text-accent' },
  solved: { icon: CircleCheck, color: 'text-good' },
  notChecked: { icon: Circle, color: 'text-muted' },
  passed: { icon: CircleCheck, color: 'text-good' },
  failed: { icon: CircleX, color: 'text-bad' },
  unknown: { icon: CircleHelp, color: 'text-warn' },
} as const;

export type Mark = keyof typeof MARKS;

/** A state as icon and word; the colour only repeats them. */
export function StateMark({ mark, label, hideLabel = false }: { mark: Mark; label: string; hideLabel?: boolean }) {
  const { icon: Icon, color } = MARKS[mark];
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${color}`}
      title={hideLabel ? label : undefined}
    >
      <Icon aria-hidden size={16} className="shrink-0" />
      <span className={hideLabel ? 'sr-only' : 'text-sm'}>{label}</span>
    </span>
  );
}
