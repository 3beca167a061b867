'use client';

import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { BarButton } from './TerminalBar.tsx';
import type { TerminalLabels } from './labels.ts';

/** Finds text in what the terminal shows and has scrolled away. Enter goes up, as what one looks for is usually above. */
export function SearchBox({
  labels,
  onFind,
  onClose,
}: {
  labels: TerminalLabels;
  /** True when there is a match. */
  onFind: (text: string, direction: 'next' | 'previous') => boolean;
  onClose: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [missed, setMissed] = useState(false);
  useEffect(() => input.current?.focus(), []);
  const find = (direction: 'next' | 'previous'): void => {
    const text = input.current?.value ?? '';
    setMissed(text !== '' && !onFind(text, direction));
  };
  return (
    <search className="bg-raised border-line rounded-control absolute top-2 right-4 z-10 flex items-center gap-1 border p-1 shadow-sm">
      <input
        ref={input}
        type="text"
        aria-label={labels.search}
        placeholder={labels.search}
        spellCheck={false}
        autoComplete="off"
        className="text-ink placeholder:text-muted h-7 w-44 bg-transparent px-1.5 text-sm"
        onChange={() => find('previous')}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          else if (event.key === 'Enter' && !event.nativeEvent.isComposing) find(event.shiftKey ? 'next' : 'previous');
          else return;
          event.preventDefault();
        }}
      />
      <output className="text-muted text-sm">{missed ? labels.noMatch : ''}</output>
      <BarButton label={labels.previous} onClick={() => find('previous')}>
        <ChevronUp aria-hidden size={16} />
      </BarButton>
      <BarButton label={labels.next} onClick={() => find('next')}>
        <ChevronDown aria-hidden size={16} />
      </BarButton>
      <BarButton label={labels.close} onClick={onClose}>
        <X aria-hidden size={16} />
      </BarButton>
    </search>
  );
}
