'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { ActionResult } from '#server/auth/current-user.ts';
import type { TerminalPlace } from '#server/sockets/place.ts';
import { Button } from '../button.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useAction } from '../use-action.ts';
import { warmTerminal } from './load-terminal.ts';
import { TerminalTabs } from './terminal-tabs.tsx';

interface Opened {
  sessionId: string;
  place: TerminalPlace;
}

/** Opens the session, then shows its terminals; says why where that fails. `open` must be safe to call again. */
export function TerminalPane({
  open,
  onOpened,
}: {
  open: () => Promise<ActionResult<Opened>>;
  onOpened?: (sessionId: string) => void;
}) {
  const t = useTranslations('terminal');
  const [place, setPlace] = useState<TerminalPlace>();
  const { busy, failure, run } = useAction<Opened>();

  function start(): void {
    warmTerminal();
    run(open, (opened) => {
      setPlace(opened.place);
      onOpened?.(opened.sessionId);
    });
  }

  // Once: a new session is a new pane, by its key.
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(start, []);

  if (place !== undefined) return <TerminalTabs place={place} />;
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
