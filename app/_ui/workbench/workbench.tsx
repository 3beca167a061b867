'use client';

import { Columns2, Rows2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Group, Panel, Separator, useGroupRef } from 'react-resizable-panels';
import { type Arrangement, keepLayout, keepShare, SHARES } from './split.ts';

type View = 'task' | 'terminal';

/**
 * Task and terminal side by side or one above the other, with a border that can be dragged or moved by arrow keys.
 * On a narrow page one of both is shown; the other stays as it is, in its size, so no shell is ever resized to nothing.
 */
export function Workbench({
  arrangement,
  task,
  bar,
  terminal,
}: {
  arrangement: Arrangement;
  task: ReactNode;
  /** Below the task, always in sight. */
  bar: ReactNode;
  terminal: ReactNode;
}) {
  const t = useTranslations('task');
  const [view, setView] = useState<View>('task');
  const [layout, setLayout] = useState(arrangement.layout);
  const { least, most } = SHARES[layout];
  const other = layout === 'split' ? 'stacked' : 'split';
  const group = useGroupRef();
  const shares = useRef({ ...arrangement.percent });
  const taskRef = useRef<HTMLElement>(null);
  const terminalRef = useRef<HTMLElement>(null);

  useEffect(() => {
    // The same panels turned, so that terminals and focus stay where they are; each layout has its own share.
    group.current?.setLayout(both(shares.current[layout]));
  }, [group, layout]);

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
        groupRef={group}
        orientation={layout === 'split' ? 'horizontal' : 'vertical'}
        className="relative min-h-0 grow"
        defaultLayout={both(arrangement.percent[arrangement.layout])}
        onLayoutChanged={(sizes, { isUserInteraction }) => {
          if (!isUserInteraction || sizes['task'] === undefined) return;
          shares.current[layout] = sizes['task'];
          keepShare(layout, sizes['task']);
        }}
      >
        <Panel id="task" minSize={`${least}%`} maxSize={`${most}%`}>
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
              <div className="mt-1 flex items-center justify-between gap-2 max-md:hidden">
                <p className="text-muted text-xs">{t('paneHint')}</p>
                <button
                  type="button"
                  title={t(other)}
                  aria-label={t(other)}
                  onClick={() => {
                    setLayout(other);
                    keepLayout(other);
                  }}
                  className="text-muted hover:text-ink hover:bg-surface rounded-control inline-flex size-7 shrink-0 items-center justify-center"
                >
                  {other === 'stacked' ? <Rows2 aria-hidden size={15} /> : <Columns2 aria-hidden size={15} />}
                </button>
              </div>
            </div>
          </div>
        </Panel>
        <Separator
          aria-label={t('separator')}
          className={`bg-line hover:bg-accent data-[separator=active]:bg-accent transition-colors outline-offset-0 max-md:hidden ${
            layout === 'split' ? 'w-px focus-visible:w-1' : 'h-px focus-visible:h-1'
          }`}
        />
        <Panel id="terminal" minSize={`${100 - most}%`}>
          <section ref={terminalRef} tabIndex={-1} aria-label={t('terminal')} className="h-full min-h-0">
            {terminal}
          </section>
        </Panel>
      </Group>
    </div>
  );
}

const both = (task: number): { task: number; terminal: number } => ({ task, terminal: 100 - task });
