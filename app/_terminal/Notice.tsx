'use client';

import type { KeyboardEvent, ReactNode } from 'react';

const BUTTON =
  'rounded-control border-line-strong text-ink hover:bg-surface inline-flex h-8 shrink-0 items-center border px-3 text-sm whitespace-nowrap';

/** A line under a terminal's screen that says something and offers what to do about it. */
export function Notice({
  text,
  urgent = false,
  children,
}: {
  text: ReactNode;
  urgent?: boolean;
  children?: ReactNode;
}) {
  return (
    <div
      role={urgent ? 'alert' : 'status'}
      className="bg-raised border-line text-ink flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-t px-3 py-2"
    >
      <p className="min-w-0 text-sm break-words">{text}</p>
      {children !== undefined && <span className="ml-auto flex flex-wrap gap-2">{children}</span>}
    </div>
  );
}

export function NoticeButton({
  onClick,
  onEscape,
  focused = false,
  children,
}: {
  onClick: () => void;
  onEscape?: () => void;
  /** Takes the focus when it appears. */
  focused?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={BUTTON}
      ref={focused ? focus : null}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'Escape') onEscape?.();
      }}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

function focus(button: HTMLButtonElement | null): void {
  button?.focus();
}
