'use client';

import '@xterm/xterm/css/xterm.css';
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent } from 'react';
import { SearchBox } from './SearchBox.tsx';
import { TerminalBar } from './TerminalBar.tsx';
import type { TerminalLabels } from './labels.ts';
import { keepPreferences, readPreferences, type TerminalPreferences } from './preferences.ts';
import { openSession, type TerminalSession, type TerminalState } from './session.ts';

export type { TerminalLabels } from './labels.ts';
export type { TerminalState } from './session.ts';

const BUTTON =
  'rounded-control border-line-strong text-ink hover:bg-surface inline-flex h-8 items-center border px-3 text-sm';

/**
 * A learner's shell. Fills its parent, which must have a height.
 * @param url path or address of the terminal's WebSocket; another one opens another terminal
 */
export default function Terminal({
  url,
  labels,
  theme,
  onState,
}: {
  url: string;
  labels: TerminalLabels;
  theme: 'light' | 'dark';
  onState?: (state: TerminalState) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const session = useRef<TerminalSession>(undefined);
  const [state, setState] = useState<TerminalState>('connecting');
  // Read while rendering, as this is only ever rendered in a browser (next/dynamic without SSR).
  const [preferences, setPreferences] = useState<TerminalPreferences>(readPreferences);
  const [searching, setSearching] = useState(false);
  const [paste, setPaste] = useState<{ text: string; lines: number }>();
  const [failure, setFailure] = useState<unknown>();
  const question = useId();

  const looks = useEffectEvent(() => ({ theme, ...preferences, label: labels.name }));
  const tell = useEffectEvent((next: TerminalState) => onState?.(next));

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    let left = false;
    const start = async (): Promise<void> => {
      const opened = await openSession(element, {
        url,
        ...looks(),
        onState(next) {
          if (left) return;
          setState(next);
          tell(next);
        },
        onSearch: () => setSearching(true),
        onLongPaste: setPaste,
      });
      if (left) {
        opened.dispose();
        return;
      }
      session.current = opened;
      opened.apply(looks());
      opened.screen.terminal.focus();
    };
    start().catch((error: unknown) => {
      if (!left) setFailure(error);
    });
    return () => {
      left = true;
      session.current?.dispose();
      session.current = undefined;
    };
  }, [url]);

  useEffect(() => {
    session.current?.apply({ theme, ...preferences, label: labels.name });
  }, [theme, preferences, labels.name]);

  // The code of the terminal did not load: the page's error boundary has the words for it.
  if (failure !== undefined) throw failure;

  const focus = (): void => session.current?.screen.terminal.focus();
  const restart = (): void => {
    session.current?.restart();
    focus();
  };
  const closeSearch = (): void => {
    setSearching(false);
    session.current?.screen.search.clearDecorations();
    focus();
  };
  const endPaste = (go: boolean): void => {
    if (go && paste !== undefined) session.current?.screen.terminal.paste(paste.text);
    setPaste(undefined);
    focus();
  };
  const escapePaste = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') endPaste(false);
  };

  return (
    <section aria-label={labels.name} className="bg-page flex h-full min-h-0 min-w-0 flex-col">
      <TerminalBar
        state={state}
        labels={labels}
        preferences={preferences}
        onPreferences={(next) => {
          setPreferences(next);
          keepPreferences(next);
        }}
        onSearch={() => setSearching(true)}
      />
      <div className="relative min-h-0 flex-1">
        {/* The space around is not the host's own padding: xterm counts that as room for rows. */}
        <div ref={host} data-terminal={state} className="absolute inset-x-2 inset-y-1.5 overflow-auto font-mono" />
        {searching && (
          <SearchBox
            labels={labels}
            onClose={closeSearch}
            onFind={(text, direction) => {
              const search = session.current?.screen.search;
              if (search === undefined) return false;
              return direction === 'next' ? search.findNext(text) : search.findPrevious(text);
            }}
          />
        )}
        {paste !== undefined && (
          <div
            role="alertdialog"
            aria-labelledby={question}
            className="bg-raised border-line absolute inset-x-0 bottom-0 flex flex-wrap items-center gap-3 border-t px-3 py-2"
          >
            <p id={question} className="text-sm">
              {labels.pasteQuestion.replace('{lines}', String(paste.lines))}
            </p>
            <button
              type="button"
              className={BUTTON}
              ref={focusFirst}
              onKeyDown={escapePaste}
              onClick={() => endPaste(true)}
            >
              {labels.paste}
            </button>
            <button type="button" className={BUTTON} onKeyDown={escapePaste} onClick={() => endPaste(false)}>
              {labels.cancel}
            </button>
          </div>
        )}
      </div>
      {/* Under the screen, not over it: the last lines say why the shell ended. */}
      {state === 'ended' && (
        <div className="bg-raised border-line flex shrink-0 flex-wrap items-center gap-3 border-t px-3 py-2">
          <p className="text-sm">{labels.ended}</p>
          <button type="button" className={BUTTON} onClick={restart}>
            {labels.restart}
          </button>
        </div>
      )}
    </section>
  );
}

function focusFirst(button: HTMLButtonElement | null): void {
  button?.focus();
}
