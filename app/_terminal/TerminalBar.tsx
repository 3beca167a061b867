'use client';

import {
  Accessibility,
  AArrowDown,
  AArrowUp,
  CircleSlash,
  Contrast,
  LoaderCircle,
  Moon,
  PlugZap,
  Search,
  Sun,
  Unplug,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { TerminalState } from './Terminal.tsx';
import type { TerminalLabels } from './labels.ts';
import { COLOURS, FONT_SIZES, within, type TerminalPreferences } from './preferences.ts';

const STATES = {
  connecting: { icon: LoaderCircle, look: 'text-muted' },
  connected: { icon: PlugZap, look: 'text-good' },
  disconnected: { icon: Unplug, look: 'text-warn' },
  ended: { icon: CircleSlash, look: 'text-muted' },
  refused: { icon: CircleSlash, look: 'text-bad' },
  closed: { icon: CircleSlash, look: 'text-muted' },
  over: { icon: CircleSlash, look: 'text-muted' },
} as const satisfies Record<TerminalState, unknown>;
const COLOUR_ICONS = { page: Contrast, light: Sun, dark: Moon } as const;
/** Said under the screen in full; here in a word. */
const BRIEF: Partial<Record<TerminalState, 'closed'>> = { ended: 'closed', over: 'closed' };

/** Above a terminal: how the connection is, and what can be set. */
export function TerminalBar({
  state,
  labels,
  tabs,
  preferences,
  onPreferences,
  onSearch,
}: {
  state: TerminalState;
  labels: TerminalLabels;
  tabs?: ReactNode;
  preferences: TerminalPreferences;
  onPreferences: (next: TerminalPreferences) => void;
  onSearch: () => void;
}) {
  const { icon: Icon, look } = STATES[state];
  const Colours = COLOUR_ICONS[preferences.colours];
  const nextColours = COLOURS[(COLOURS.indexOf(preferences.colours) + 1) % COLOURS.length] ?? 'page';
  const size = (fontSize: number): void => onPreferences({ ...preferences, fontSize: within(fontSize) });
  return (
    <div className="border-line text-muted flex h-9 shrink-0 items-center gap-1 border-b px-2 text-sm">
      <output className={`inline-flex min-w-0 items-center gap-1.5 ${look}`}>
        <Icon aria-hidden size={15} className="shrink-0" />
        <span className="truncate">{labels[BRIEF[state] ?? state]}</span>
      </output>
      {tabs}
      <span className="ml-auto flex shrink-0 items-center">
        <BarButton label={`${labels.search} (Ctrl+Shift+F)`} onClick={onSearch}>
          <Search aria-hidden size={15} />
        </BarButton>
        <BarButton
          label={labels.smaller}
          disabled={preferences.fontSize <= FONT_SIZES.smallest}
          onClick={() => size(preferences.fontSize - 1)}
        >
          <AArrowDown aria-hidden size={17} />
        </BarButton>
        <BarButton
          label={labels.larger}
          disabled={preferences.fontSize >= FONT_SIZES.largest}
          onClick={() => size(preferences.fontSize + 1)}
        >
          <AArrowUp aria-hidden size={17} />
        </BarButton>
        <BarButton
          label={labels.colours[preferences.colours]}
          onClick={() => onPreferences({ ...preferences, colours: nextColours })}
        >
          <Colours aria-hidden size={15} />
        </BarButton>
        <BarButton
          label={labels.screenReader}
          pressed={preferences.screenReader}
          onClick={() => onPreferences({ ...preferences, screenReader: !preferences.screenReader })}
        >
          <Accessibility aria-hidden size={15} />
        </BarButton>
      </span>
    </div>
  );
}

export function BarButton({
  label,
  pressed,
  disabled = false,
  onClick,
  children,
}: {
  label: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      aria-disabled={disabled || undefined}
      onClick={() => {
        if (!disabled) onClick();
      }}
      className="rounded-control hover:bg-surface hover:text-ink aria-pressed:bg-surface aria-pressed:text-accent inline-flex size-7 items-center justify-center aria-disabled:opacity-50"
    >
      {children}
    </button>
  );
}
