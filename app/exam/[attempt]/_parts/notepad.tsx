'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef, useState } from 'react';
import { keepExamNotes } from '../actions.ts';

/** Milliseconds without a key after which notes are sent. */
const PAUSE_MS = 700;
/** Milliseconds until the next try when the server did not answer. */
const RETRY_MS = 3_000;
const MOST_CHARS = 20_000;

type State = 'saved' | 'unsaved' | 'failed';

/** The learner's notes for the whole exam, kept on the server as they are typed. */
export function Notepad({ attemptId, initial }: { attemptId: string; initial: string }) {
  const t = useTranslations('exam');
  const id = useId();
  const [text, setText] = useState(initial);
  const [state, setState] = useState<State>('saved');
  /** What the server has. */
  const kept = useRef(initial);
  const area = useRef<HTMLTextAreaElement>(null);

  useEffect(() => area.current?.focus(), []);
  useEffect(() => {
    if (text === kept.current) return undefined;
    let stale = false;
    let timer: ReturnType<typeof setTimeout>;
    const save = async (): Promise<void> => {
      // A call that never reached the server is tried again; one that it refused is not.
      const result = await keepExamNotes({ attemptId, notes: text }).catch(() => undefined);
      if (result?.ok === true) kept.current = text;
      if (stale) return;
      setState(result === undefined || !result.ok ? 'failed' : 'saved');
      if (result === undefined) timer = setTimeout(() => void save(), RETRY_MS);
    };
    timer = setTimeout(() => void save(), PAUSE_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [attemptId, text]);
  // Closed or left before the pause was over: what is not kept yet is sent all the same.
  const newest = useRef(text);
  useEffect(() => {
    newest.current = text;
  }, [text]);
  useEffect(
    () => () => {
      if (newest.current !== kept.current) {
        // Nobody is left to be told.
        keepExamNotes({ attemptId, notes: newest.current }).catch(() => undefined);
      }
    },
    [attemptId],
  );

  return (
    <div>
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-sm font-medium">
          {t('notes')}
        </label>
        <output className={`text-xs ${state === 'failed' ? 'text-bad' : 'text-muted'}`}>
          {t(NOTES_STATES[state])}
        </output>
      </div>
      <textarea
        id={id}
        ref={area}
        value={text}
        maxLength={MOST_CHARS}
        spellCheck={false}
        rows={6}
        onChange={(event) => {
          setText(event.target.value);
          setState(event.target.value === kept.current ? 'saved' : 'unsaved');
        }}
        className="border-line-strong bg-page rounded-control mt-1 w-full resize-y border p-2 font-mono text-[0.8125rem] leading-relaxed"
      />
    </div>
  );
}

const NOTES_STATES = { saved: 'notesSaved', unsaved: 'notesUnsaved', failed: 'notesFailed' } as const;
