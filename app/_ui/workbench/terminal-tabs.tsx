'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import type { TerminalPlace } from '#server/sockets/place.ts';
import { loadTerminal } from './load-terminal.ts';
import { after, firstTabs, keepActive, keptActive, mostTabs, type Tab } from './tabs.ts';
import { useColorScheme } from './use-color-scheme.ts';
import { useTerminalLabels } from './terminal-labels.ts';

const Terminal = dynamic(loadTerminal, { ssr: false });
const TAB =
  'rounded-control text-muted hover:text-ink hover:bg-surface aria-pressed:bg-surface aria-pressed:text-ink inline-flex h-7 min-w-7 items-center justify-center px-1.5 text-sm aria-pressed:font-medium';

/** The terminals of one place, one of them shown. Those looked at once stay as they are behind it. */
export function TerminalTabs({ place }: { place: TerminalPlace }) {
  const t = useTranslations('terminal');
  const labels = useTerminalLabels();
  const theme = useColorScheme();
  const [tabs, setTabs] = useState<Tab[]>(() => firstTabs(place));
  const [active, setActive] = useState(() => keptActive(place, tabs));
  const [visited, setVisited] = useState<ReadonlySet<string>>(() => new Set([active]));
  const [closing, setClosing] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => keepActive(place, active), [place, active]);

  function show(name: string): void {
    setActive(name);
    setVisited((before) => new Set([...before, name]));
  }
  function add(): void {
    const number = Math.max(...tabs.map((tab) => tab.number)) + 1;
    const name = `${place.prefix}${number}`;
    setTabs([...tabs, { name, number }]);
    show(name);
  }
  function gone(name: string): void {
    const left = tabs.filter((tab) => tab.name !== name);
    // The last one cannot be closed here, but in another page: a fresh one takes its place.
    if (left.length === 0) {
      add();
      setTabs((all) => all.filter((tab) => tab.name !== name));
      return;
    }
    setTabs(left);
    if (active === name) show(after(tabs, name));
  }

  const bar = (
    <span role="group" aria-label={t('tabs')} className="flex min-w-0 items-center gap-0.5 overflow-x-auto px-1">
      {tabs.map(({ name, number }) => (
        <span key={name} className="inline-flex shrink-0 items-center">
          <button
            type="button"
            aria-pressed={name === active}
            aria-label={t('tab', { number })}
            title={t('tab', { number })}
            onClick={() => show(name)}
            className={TAB}
          >
            {number}
          </button>
          {name === active && tabs.length > 1 && (
            <button
              type="button"
              aria-label={t('closeTab', { number })}
              title={t('closeTab', { number })}
              onClick={() => setClosing(new Set([...closing, name]))}
              className="text-muted hover:text-ink hover:bg-surface rounded-control inline-flex size-6 items-center justify-center"
            >
              <X aria-hidden size={13} />
            </button>
          )}
        </span>
      ))}
      {tabs.length < mostTabs && (
        <button type="button" aria-label={t('newTab')} title={t('newTab')} onClick={add} className={TAB}>
          <Plus aria-hidden size={15} />
        </button>
      )}
    </span>
  );

  return (
    <div className="relative h-full">
      {tabs
        .filter(({ name }) => visited.has(name))
        .map(({ name }) => (
          <div key={name} className={`absolute inset-0 ${name === active ? '' : 'invisible'}`}>
            <Terminal
              url={`${place.path}/${name}`}
              labels={labels}
              theme={theme}
              tabs={name === active ? bar : undefined}
              active={name === active}
              closing={closing.has(name)}
              onNeighbour={(step) => {
                const at = tabs.findIndex((tab) => tab.name === name);
                const next = tabs[(at + step + tabs.length) % tabs.length];
                if (next !== undefined) show(next.name);
              }}
              onState={(state) => {
                if (state === 'closed') gone(name);
              }}
            />
          </div>
        ))}
    </div>
  );
}
