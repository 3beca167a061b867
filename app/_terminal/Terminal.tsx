'use client';

import '@xterm/xterm/css/xterm.css';
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import { Notice, NoticeButton } from './Notice.tsx';
import { SearchBox } from './SearchBox.tsx';
import { TerminalBar } from './TerminalBar.tsx';
import type { TerminalLabels } from './labels.ts';
import { keepPreferences, readPreferences, type TerminalPreferences } from './preferences.ts';
import { openSession, type TerminalSession, type TerminalState } from './session.ts';
import { readable } from './unsent.ts';

export type { TerminalLabels } from './labels.ts';
export type { TerminalState } from './session.ts';

/** Characters shown of what did not arrive. */
const SHOWN_CHARS = 60;

/**
 * A learner's shell. Fills its parent, which must have a height.
 * @param url path or address of the terminal's WebSocket; another one opens another terminal
 */
export default function Terminal({
  url,
  labels,
  theme,
  tabs,
  active = true,
  closing = false,
  onState,
  onNeighbour,
}: {
  url: string;
  labels: TerminalLabels;
  theme: 'light' | 'dark';
  /** Beside the state of the connection: the way to other terminals. */
  tabs?: ReactNode;
  /** False while another terminal is shown in its place. */
  active?: boolean;
  /** Ends the shell and the terminal; `onState` tells when it has gone. */
  closing?: boolean;
  onState?: (state: TerminalState) => void;
  onNeighbour?: (step: -1 | 1) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const session = useRef<TerminalSession>(undefined);
  const [state, setState] = useState<TerminalState>('connecting');
  // Read while rendering, as this is only ever rendered in a browser (next/dynamic without SSR).
  const [preferences, setPreferences] = useState<TerminalPreferences>(readPreferences);
  const [searching, setSearching] = useState(false);
  const [watching, setWatching] = useState(false);
  const [unsent, setUnsent] = useState('');
  const [paste, setPaste] = useState<{ text: string; lines: number }>();
  const [failure, setFailure] = useState<unknown>();
  const shown = preferences.colours === 'page' ? theme : preferences.colours;

  const looks = useEffectEvent(() => ({ ...preferences, theme: shown, label: labels.name }));
  const tell = useEffectEvent((next: TerminalState) => onState?.(next));
  const goOn = useEffectEvent((step: -1 | 1) => onNeighbour?.(step));
  const isActive = useEffectEvent(() => active);

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
        onWatching: setWatching,
        onUnsent: setUnsent,
        onSearch: () => setSearching(true),
        onNeighbour: goOn,
        onLongPaste: setPaste,
      });
      if (left) {
        opened.dispose();
        return;
      }
      session.current = opened;
      opened.apply(looks());
      if (isActive()) opened.screen.terminal.focus();
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
    session.current?.apply({ ...preferences, theme: shown, label: labels.name });
  }, [shown, preferences, labels.name]);
  useEffect(() => {
    if (active) session.current?.screen.terminal.focus();
  }, [active]);
  useEffect(() => {
    if (closing) session.current?.closeTerminal();
  }, [closing]);

  // The code of the terminal did not load: the page's error boundary has the words for it.
  if (failure !== undefined) throw failure;

  const focus = (): void => session.current?.screen.terminal.focus();
  const act = (what: (open: TerminalSession) => void): void => {
    if (session.current !== undefined) what(session.current);
    focus();
  };
  const endPaste = (go: boolean): void => {
    if (go && paste !== undefined) session.current?.screen.terminal.paste(paste.text);
    setPaste(undefined);
    focus();
  };
  const live = state === 'connected';

  return (
    <section
      aria-label={labels.name}
      style={{ colorScheme: shown }}
      className="bg-page flex h-full min-h-0 min-w-0 flex-col"
    >
      <TerminalBar
        state={state}
        labels={labels}
        tabs={tabs}
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
            onClose={() => {
              setSearching(false);
              act(({ screen }) => screen.search.clearDecorations());
            }}
            onFind={(text, direction) => {
              const search = session.current?.screen.search;
              if (search === undefined) return false;
              return direction === 'next' ? search.findNext(text) : search.findPrevious(text);
            }}
          />
        )}
      </div>
      {/* Under the screen, not over it: the last lines say why the shell ended. */}
      {paste !== undefined && (
        <Notice urgent text={labels.pasteQuestion.replace('{lines}', String(paste.lines))}>
          <NoticeButton focused onEscape={() => endPaste(false)} onClick={() => endPaste(true)}>
            {labels.paste}
          </NoticeButton>
          <NoticeButton onEscape={() => endPaste(false)} onClick={() => endPaste(false)}>
            {labels.cancel}
          </NoticeButton>
        </Notice>
      )}
      {unsent !== '' && (
        <Notice
          urgent
          text={
            <>
              {labels.unsent} <code className="font-mono text-[0.8125rem]">{readable(unsent, SHOWN_CHARS)}</code>
            </>
          }
        >
          {live && !watching && (
            <NoticeButton onClick={() => act((open) => open.settleUnsent(true))}>{labels.typeAgain}</NoticeButton>
          )}
          <NoticeButton onClick={() => act((open) => open.settleUnsent(false))}>{labels.discard}</NoticeButton>
        </Notice>
      )}
      {watching && live && (
        <Notice text={labels.watching}>
          <NoticeButton onClick={() => act((open) => open.takeOver())}>{labels.takeOver}</NoticeButton>
        </Notice>
      )}
      {state === 'ended' && (
        <Notice text={labels.ended}>
          <NoticeButton onClick={() => act((open) => open.restart())}>{labels.restart}</NoticeButton>
        </Notice>
      )}
      {state === 'over' && <Notice text={labels.over} />}
    </section>
  );
}
