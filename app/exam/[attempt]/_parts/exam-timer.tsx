'use client';

import { Timer } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { announcement, type ClockReading, clockText, timeLeft } from './time-left.ts';

const TICK_MS = 250;
/** Between two looks at the server's clock. */
const SYNC_MS = 15_000;
const LOW_MS = 5 * 60_000;
/** How long an alert stays. */
const SHOWN_MS = 20_000;

/** The time left. At the end it asks for the page anew until the result is there. */
export function ExamTimer({
  attemptId,
  now,
  endsAt,
  addedMs,
}: {
  attemptId: string;
  now: number;
  endsAt: number;
  /** What outages of ours gave back so far. */
  addedMs: number;
}) {
  const t = useTranslations('exam');
  const router = useRouter();
  const reading = useRef<ClockReading>(undefined);
  const [left, setLeft] = useState(endsAt - now);
  const [said, setSaid] = useState<number>();

  useEffect(() => {
    reading.current = { now, endsAt, receivedAt: performance.now() };
    let before = endsAt - now;
    let lastSync = performance.now();
    let stopped = false;
    let quiet: ReturnType<typeof setTimeout> | undefined;

    async function sync(): Promise<void> {
      lastSync = performance.now();
      try {
        const response = await fetch(`/exam/${attemptId}/clock`, { cache: 'no-store' });
        if (stopped || !response.ok) return;
        const clock = (await response.json()) as { now: number; endsAt: number; over: boolean; addedMs: number };
        reading.current = { now: clock.now, endsAt: clock.endsAt, receivedAt: performance.now() };
        // Over, or time was added: the page has words for both.
        if (clock.over || clock.addedMs !== addedMs) router.refresh();
      } catch {
        // The server is away: the stopwatch goes on, and the next look corrects it.
      }
    }

    const timer = setInterval(() => {
      if (reading.current === undefined) return;
      const current = timeLeft(reading.current, performance.now());
      setLeft(current);
      const minutes = announcement(before, current);
      if (minutes !== undefined) {
        setSaid(minutes);
        clearTimeout(quiet);
        quiet = setTimeout(() => setSaid(undefined), SHOWN_MS);
      }
      before = current;
      const due = current === 0 ? 1000 : SYNC_MS;
      if (performance.now() - lastSync >= due) void sync();
    }, TICK_MS);
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') void sync();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      stopped = true;
      clearInterval(timer);
      clearTimeout(quiet);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [attemptId, now, endsAt, addedMs, router]);

  return (
    <>
      <span
        role="timer"
        aria-label={t('timeLeft')}
        title={t('timeLeft')}
        className={`inline-flex min-w-20 items-center justify-end gap-1.5 font-medium ${left <= LOW_MS ? 'text-bad' : ''}`}
      >
        <Timer aria-hidden size={16} />
        <span suppressHydrationWarning>{clockText(left)}</span>
      </span>
      <span role="alert" className="fixed top-14 left-1/2 z-30 -translate-x-1/2">
        {said !== undefined && (
          <span
            className={`bg-raised rounded-control block border px-4 py-2 text-sm font-medium whitespace-nowrap shadow-sm ${
              said * 60_000 <= LOW_MS ? 'border-bad text-bad' : 'border-warn text-warn'
            }`}
          >
            {t('minutesLeft', { minutes: said })}
          </span>
        )}
      </span>
    </>
  );
}
