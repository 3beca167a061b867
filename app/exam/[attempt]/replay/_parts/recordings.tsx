'use client';

import { useFormatter, useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { parseCast, type Cast } from '#app/_terminal/replay/cast.ts';
import { useColorScheme } from '#app/_ui/workbench/use-color-scheme.ts';
import type { RecordingInfo } from '#server/sessions/recording.ts';

const Player = dynamic(() => import('#app/_terminal/replay/Player.tsx'), { ssr: false });

type Found = RecordingInfo & { source: string };
type State = { phase: 'loading' } | { phase: 'failed' } | { phase: 'there'; recordings: Found[]; off: boolean };

/**
 * Lets one choose a recording and plays it.
 * @param sources sessions that may have recordings; the first is the exam itself
 * @param prefix what names of the exam's terminals must begin with
 */
export function Recordings({
  sources,
  prefix,
  attemptId,
}: {
  sources: readonly string[];
  prefix: string;
  attemptId: string;
}) {
  const t = useTranslations('replay');
  const format = useFormatter();
  const theme = useColorScheme();
  const [state, setState] = useState<State>({ phase: 'loading' });
  const [chosen, setChosen] = useState<Found>();
  const [cast, setCast] = useState<Cast | 'failed'>();
  const key = sources.join(' ');

  useEffect(() => {
    const stop = new AbortController();
    const find = async (): Promise<void> => {
      const { recordings, off } = await findRecordings(key.split(' '), stop.signal);
      const wanted = recordings.filter(({ source, terminal }) => source !== attemptId || terminal.startsWith(prefix));
      setState({ phase: 'there', recordings: wanted, off });
      // The longest shows most of the work.
      setChosen(wanted.toSorted((a, b) => b.seconds - a.seconds)[0]);
    };
    find().catch(() => {
      if (!stop.signal.aborted) setState({ phase: 'failed' });
    });
    return () => stop.abort();
  }, [key, prefix, attemptId]);

  useEffect(() => {
    if (chosen === undefined) return undefined;
    const stop = new AbortController();
    const load = async (): Promise<void> => {
      const response = await fetch(`/recordings/${chosen.source}/${chosen.name}.cast`, { signal: stop.signal });
      setCast((response.ok ? parseCast(await response.text()) : undefined) ?? 'failed');
    };
    load().catch(() => {
      if (!stop.signal.aborted) setCast('failed');
    });
    return () => stop.abort();
  }, [chosen]);

  if (state.phase === 'loading') return <p role="status">{t('loading')}</p>;
  if (state.phase === 'failed') return <p role="alert">{t('failed')}</p>;
  if (state.recordings.length === 0) return <p>{state.off ? t('off') : t('none')}</p>;
  return (
    <div className="space-y-3">
      <label className="flex flex-wrap items-center gap-2 text-sm">
        {t('recording')}
        <select
          value={chosen === undefined ? '' : `${chosen.source} ${chosen.name}`}
          onChange={(event) => {
            setCast(undefined);
            setChosen(state.recordings.find(({ source, name }) => `${source} ${name}` === event.target.value));
          }}
          className="border-line-strong bg-page rounded-control h-9 max-w-full min-w-0 border px-2"
        >
          {state.recordings.map((recording) => (
            <option key={`${recording.source} ${recording.name}`} value={`${recording.source} ${recording.name}`}>
              {t('choice', {
                terminal: recording.terminal,
                started: format.dateTime(new Date(recording.startedAt), { timeStyle: 'medium' }),
                minutes: Math.max(1, Math.round(recording.seconds / 60)),
              })}
            </option>
          ))}
        </select>
      </label>
      {cast === undefined && <p role="status">{t('loading')}</p>}
      {cast === 'failed' && <p role="alert">{t('failed')}</p>}
      {cast !== undefined && cast !== 'failed' && (
        <Player
          cast={cast}
          theme={theme}
          labels={{
            name: t('name'),
            play: t('play'),
            pause: t('pause'),
            speed: t('speed'),
            skip: t('skip'),
            position: t('position'),
            previousMark: t('previousMark'),
            nextMark: t('nextMark'),
            marks: t('marks'),
          }}
        />
      )}
    </div>
  );
}

/** Sessions without recordings answer 404, as do those that are not there. */
async function findRecordings(
  sources: readonly string[],
  signal: AbortSignal,
): Promise<{ recordings: Found[]; off: boolean }> {
  const answers = await Promise.all(
    sources.map(async (source) => {
      const response = await fetch(`/recordings/${source}`, { cache: 'no-store', signal });
      if (response.status === 404) return { recordings: [], off: false };
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const answer = (await response.json()) as { recordings: RecordingInfo[]; off: boolean };
      return { off: answer.off, recordings: answer.recordings.map((recording) => ({ ...recording, source })) };
    }),
  );
  return { recordings: answers.flatMap(({ recordings }) => recordings), off: answers.some(({ off }) => off) };
}
