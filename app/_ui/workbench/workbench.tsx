'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { SPLIT_COOKIE, TASK_MAX_PERCENT, TASK_MIN_PERCENT } from './split.ts';

type View = 'task' | 'terminal';
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Task on the left, terminal on the right, with a border that can be dragged or moved by arrow keys.
 * On a narrow page one of both is shown; the other stays as it is, in its size, so no shell is ever resized to nothing.
 */
export function Workbench({
  taskPercent,
  task,
  bar,
  terminal,
}: {
  taskPercent: number;
  task: ReactNode;
  /** Below the task, always in sight. */
  bar: ReactNode;
  terminal: ReactNode;
}) {
  const t = useTranslations('task');
  const [view, setView] = useState<View>('task');
  const taskRef = useRef<HTMLElement>(null);
  const terminalRef = useRef<HTMLElement>(null);

  useEffect(() => {
    // The terminal takes every other key, Tab included: this one always leads out of it.
    function onKey(event: KeyboardEvent): void {
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const inTerminal = terminalRef.current?.contains(document.activeElement) ?? false;
      setView(inTerminal ? 'task' : 'terminal');
      const target = inTerminal
        ? taskRef.current
        : (terminalRef.current?.querySelector<HTMLElement>('textarea') ?? terminalRef.current);
      // After the narrow page has shown the other side.
      requestAnimationFrame(() => target?.focus());
    }
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);

  return (
    <div className="workbench flex min-h-0 grow flex-col" data-view={view}>
      <div className="border-line flex border-b md:hidden" role="group" aria-label={t('view')}>
        {(['task', 'terminal'] as const).map((item) => (
          <button
            key={item}
            type="button"
            aria-pressed={view === item}
            onClick={() => setView(item)}
            className="text-muted aria-pressed:text-ink aria-pressed:border-accent h-10 grow border-b-2 border-transparent text-sm aria-pressed:font-medium"
          >
            {t(item)}
          </button>
        ))}
      </div>
      <Group
        id="workbench"
        className="relative min-h-0 grow"
        defaultLayout={{ task: taskPercent, terminal: 100 - taskPercent }}
        onLayoutChanged={(layout, { isUserInteraction }) => {
          if (!isUserInteraction || layout['task'] === undefined) return;
          document.cookie = `${SPLIT_COOKIE}=${layout['task'].toFixed(1)}; path=/; max-age=${YEAR_SECONDS}; samesite=strict`;
        }}
      >
        <Panel id="task" minSize={`${TASK_MIN_PERCENT}%`} maxSize={`${TASK_MAX_PERCENT}%`}>
          <div className="flex h-full flex-col">
            <section
              ref={taskRef}
              // Scrolls, so the keyboard must reach it; F6 leads here.
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
              aria-label={t('task')}
              className="min-h-0 grow overflow-y-auto px-4 py-4 outline-offset-[-2px] sm:px-5"
            >
              {task}
            </section>
            <div className="border-line shrink-0 border-t px-3 py-2 sm:px-4">
              {bar}
              <p className="text-muted mt-1.5 text-xs max-md:hidden">{t('paneHint')}</p>
            </div>
          </div>
        </Panel>
        <Separator
          aria-label={t('separator')}
          className="bg-line hover:bg-accent data-[separator=active]:bg-accent w-px transition-colors outline-offset-0 focus-visible:w-1 max-md:hidden"
        />
        <Panel id="terminal" minSize="60%">
          <section ref={terminalRef} tabIndex={-1} aria-label={t('terminal')} className="h-full min-h-0">
            {terminal}
          </section>
        </Panel>
      </Group>
    </div>
  );
}
