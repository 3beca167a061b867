'use client';

import '@xterm/xterm/css/xterm.css';
import { Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { BarButton } from '../TerminalBar.tsx';
import { advance, type Cast } from './cast.ts';
import { openPlayback, type Playback } from './playback.ts';

const SPEEDS = [0.5, 1, 2, 4, 8] as const;

export interface PlayerLabels {
  name: string;
  play: string;
  pause: string;
  speed: string;
  skip: string;
  position: string;
  previousMark: string;
  nextMark: string;
  marks: string;
}

/** Plays a recording; its timeline has a mark for each change of the cluster. */
export default function Player({ cast, labels, theme }: { cast: Cast; labels: PlayerLabels; theme: 'light' | 'dark' }) {
  const host = useRef<HTMLDivElement>(null);
  const playback = useRef<Playback>(undefined);
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  const [skips, setSkips] = useState(true);
  const [failure, setFailure] = useState<unknown>();
  const marks = cast.events.filter(([, code]) => code === 'm');

  const first = useEffectEvent(() => ({ theme, at }));
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    let left = false;
    const start = async (): Promise<void> => {
      const opened = await openPlayback(element, cast, first().theme);
      if (left) {
        opened.dispose();
        return;
      }
      playback.current = opened;
      opened.show(first().at);
    };
    start().catch((error: unknown) => {
      if (!left) setFailure(error);
    });
    return () => {
      left = true;
      playback.current?.dispose();
      playback.current = undefined;
    };
  }, [cast]);
  useEffect(() => playback.current?.apply(theme), [theme]);
  useEffect(() => playback.current?.show(at), [at]);

  useEffect(() => {
    if (!playing) return undefined;
    let last = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const passed = ((now - last) / 1000) * speed;
      last = now;
      setAt((before) => advance(cast, before, passed, skips));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, skips, cast]);
  const ended = at >= cast.duration;
  if (playing && ended) setPlaying(false);

  // The code of the terminal did not load: the page's error boundary has the words for it.
  if (failure !== undefined) throw failure;

  const go = (seconds: number): void => setAt(Math.max(0, Math.min(cast.duration, seconds)));
  const before = marks.findLast(([seconds]) => seconds < at - 0.5);
  const after = marks.find(([seconds]) => seconds > at);
  const now = marks.findLast(([seconds]) => seconds <= at);

  return (
    <section aria-label={labels.name} className="border-line rounded-control overflow-hidden border">
      <div style={{ colorScheme: theme }} className="bg-page overflow-auto p-2 font-mono">
        <div ref={host} className="min-h-40" />
      </div>
      <div className="border-line bg-surface border-t px-3 py-2">
        <div className="relative">
          <input
            type="range"
            aria-label={labels.position}
            aria-valuetext={`${clock(at)} / ${clock(cast.duration)}`}
            min={0}
            // A whole step, or the key End would stop short of the last events.
            max={Math.ceil(cast.duration * 10) / 10}
            step={0.1}
            value={at}
            onChange={(event) => go(Number(event.target.value))}
            className="accent-accent block w-full"
          />
          <div aria-hidden className="pointer-events-none absolute inset-x-2 top-full h-1">
            {marks.map(([seconds, , data]) => (
              <span
                key={`${seconds} ${data}`}
                className="bg-warn absolute h-1.5 w-0.5"
                style={{ left: `${(seconds * 100) / Math.max(0.1, cast.duration)}%` }}
              />
            ))}
          </div>
        </div>
        <div className="text-muted mt-2 flex flex-wrap items-center gap-1 text-sm">
          <BarButton
            label={playing ? labels.pause : labels.play}
            onClick={() => {
              if (ended) setAt(0);
              setPlaying(!playing);
            }}
          >
            {playing ? <Pause aria-hidden size={16} /> : <Play aria-hidden size={16} />}
          </BarButton>
          <BarButton label={labels.previousMark} disabled={before === undefined} onClick={() => go(before?.[0] ?? 0)}>
            <SkipBack aria-hidden size={16} />
          </BarButton>
          <BarButton label={labels.nextMark} disabled={after === undefined} onClick={() => go(after?.[0] ?? at)}>
            <SkipForward aria-hidden size={16} />
          </BarButton>
          <span className="text-ink px-1 tabular-nums">
            {clock(at)} / {clock(cast.duration)}
          </span>
          <label className="ml-auto inline-flex items-center gap-1.5">
            <input type="checkbox" checked={skips} onChange={(event) => setSkips(event.target.checked)} />
            {labels.skip}
          </label>
          <label className="ml-2 inline-flex items-center gap-1.5">
            {labels.speed}
            <select
              value={speed}
              onChange={(event) => setSpeed(Number(event.target.value))}
              className="border-line-strong bg-page text-ink rounded-control h-7 border px-1"
            >
              {SPEEDS.map((value) => (
                <option key={value} value={value}>
                  {value}×
                </option>
              ))}
            </select>
          </label>
        </div>
        {marks.length > 0 && (
          <details className="mt-2 text-sm">
            <summary className="text-muted">{`${labels.marks} (${marks.length})`}</summary>
            <ol className="mt-1 max-h-52 overflow-y-auto">
              {marks.map(([seconds, , data]) => (
                <li key={`${seconds} ${data}`}>
                  <button
                    type="button"
                    aria-current={now?.[0] === seconds ? 'step' : undefined}
                    onClick={() => go(seconds)}
                    className="hover:bg-raised aria-[current]:text-accent rounded-control flex w-full gap-3 px-1.5 py-0.5 text-left"
                  >
                    <span className="text-muted tabular-nums">{clock(seconds)}</span>
                    <span className="min-w-0 font-mono text-[0.8125rem] break-words">{data}</span>
                  </button>
                </li>
              ))}
            </ol>
          </details>
        )}
      </div>
    </section>
  );
}

/** `1:05` */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
