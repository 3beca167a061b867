import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover border-transparent font-medium',
  secondary: 'border-line-strong text-ink hover:bg-surface',
  quiet: 'text-muted hover:text-ink hover:bg-surface border-transparent',
  danger: 'bg-bad text-page border-transparent font-medium hover:opacity-90',
} as const;

export type ButtonLook = keyof typeof LOOKS;

/** Class names of a button, for links that look like one. */
export function buttonClass(look: ButtonLook): string {
  return `rounded-control inline-flex h-9 shrink-0 items-center justify-center gap-1.5 border px-3.5 text-sm whitespace-nowrap transition-colors aria-disabled:opacity-55 ${LOOKS[look]}`;
}

/**
 * A button that keeps its place and its focus while its work is under way:
 * `busy` shows the other label after a moment, in the same width.
 */
export function Button({
  look = 'secondary',
  busy = false,
  busyLabel,
  disabled = false,
  icon,
  children,
  onClick,
  className = '',
  ...rest
}: Omit<ComponentProps<'button'>, 'disabled'> & {
  look?: ButtonLook;
  busy?: boolean;
  busyLabel?: string;
  disabled?: boolean;
  icon?: ReactNode;
}) {
  const off = busy || disabled;
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      onClick={off ? (event) => event.preventDefault() : onClick}
      className={`${buttonClass(look)} ${className}`}
    >
      {busy ? <LoaderCircle aria-hidden size={16} className="turning" /> : icon}
      <span className="grid">
        <span className={`col-start-1 row-start-1 ${busy && busyLabel ? 'invisible' : ''}`}>{children}</span>
        {busyLabel && (
          <span className={`col-start-1 row-start-1 ${busy ? '' : 'invisible'}`} aria-hidden={!busy}>
            {busyLabel}
          </span>
        )}
      </span>
    </button>
  );
}
