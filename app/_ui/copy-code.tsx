'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { announce } from './announcer.tsx';

/** Milliseconds for which a copy is confirmed. */
const CONFIRM_MS = 1200;
/** Names up to this length stay on one line: a name broken at its hyphen reads as two. */
const WHOLE_CHARS = 28;

function useCopy(text: string): { copied: boolean; copy: () => void } {
  const t = useTranslations('task');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  async function copyText(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Refused by the browser's settings: the text can still be selected, so nothing is claimed.
      return;
    }
    setCopied(true);
    announce(t('copied'));
  }
  return {
    copied,
    copy: () => void copyText(),
  };
}

/**
 * A name in a text, copied by a click: what one types into a terminal must not be typed twice.
 * Not a `button`: browsers break lines before and after one, which tears off the comma or the Korean particle that follows.
 */
export function CopyName({ text }: { text: string }) {
  const t = useTranslations('task');
  const { copied, copy } = useCopy(text);
  return (
    <span
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- see above
      role="button"
      tabIndex={0}
      onClick={copy}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        copy();
      }}
      title={copied ? t('copied') : t('copy')}
      aria-label={t('copyText', { text })}
      className={`rounded-control hover:border-accent hover:text-accent cursor-pointer border box-decoration-clone px-1 py-px font-mono text-[0.8125rem] transition-colors ${
        text.length <= WHOLE_CHARS ? 'whitespace-nowrap' : 'break-words'
      } ${copied ? 'border-good text-good' : 'bg-surface border-line'}`}
    >
      {text}
    </span>
  );
}

/** A block of code with a copy button in its corner. */
export function CodeBlock({ text }: { text: string }) {
  const t = useTranslations('task');
  const { copied, copy } = useCopy(text);
  return (
    <div className="bg-surface border-line rounded-control grid grid-cols-[1fr_auto] items-start border">
      {/* Scrolls sideways, so the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} className="overflow-x-auto p-3 font-mono text-[0.8125rem] leading-relaxed">
        {text}
      </pre>
      <button
        type="button"
        onClick={copy}
        aria-label={t('copy')}
        title={copied ? t('copied') : t('copy')}
        className="text-muted hover:text-ink rounded-control m-1.5 flex size-7 items-center justify-center transition-colors"
      >
        {copied ? <Check aria-hidden size={15} className="text-good" /> : <Copy aria-hidden size={15} />}
      </button>
    </div>
  );
}
