'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import type { ActionResult } from '#server/auth/current-user.ts';
import { Button } from '../button.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useAction } from '../use-action.ts';
import { loadTerminal, warmTerminal } from './load-terminal.ts';
import { useColorScheme } from './use-color-scheme.ts';
import { useTerminalLabels } from './terminal-labels.ts';

const Terminal = dynamic(loadTerminal, { ssr: false });

/** Opens the session, then shows its terminal; says why where that fails. `open` must be safe to call again. */
export function TerminalPane({
  open,
  onOpened,
}: {
  open: () => Promise<ActionResult<{ sessionId: string }>>;
  onOpened?: (sessionId: string) => void;
}) {
  const t = useTranslations('terminal');
  const labels = useTerminalLabels();
  const theme = useColorScheme();
  const [sessionId, setSessionId] = useState<string>();
  const { busy, failure, run } = useAction<{ sessionId: string }>();

  function start(): void {
    warmTerminal();
    run(open, (opened) => {
      setSessionId(opened.sessionId);
      onOpened?.(opened.sessionId);
    });
  }

  // Once: a new session is a new pane, by its key.
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(start, []);

  if (sessionId !== undefined) {
    const { protocol, host } = window.location;
    const url = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws/terminal/${sessionId}`;
    return <Terminal url={url} labels={labels} theme={theme} />;
  }
  if (failure !== undefined && !busy) {
    return (
      <div className="max-w-prose p-5">
        <h2 className="mb-3 font-semibold">{t('failed')}</h2>
        <FailureNote failure={failure} />
        <Button className="mt-4" onClick={start}>
          {t('retry')}
        </Button>
      </div>
    );
  }
  return (
    <p role="status" className="late text-muted p-5 text-sm">
      {t('starting')}
    </p>
  );
}
