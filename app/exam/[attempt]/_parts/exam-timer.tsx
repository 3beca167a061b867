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

/** The time left. At the end it asks for the page anew until the result is there. */
export function ExamTimer({ attemptId, now, endsAt }: { attemptId: string; now: number; endsAt: number }) {
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

    async function sync(): Promise<void> {
      lastSync = performance.now();
      try {
        const response = await fetch(`/exam/${attemptId}/clock`, { cache: 'no-store' });
        if (stopped || !response.ok) return;
        const clock = (await response.json()) as { now: number; endsAt: number; over: boolean };
        reading.current = { now: clock.now, endsAt: clock.endsAt, receivedAt: performance.now() };
        if (clock.over) router.refresh();
      } catch {
        // The server is away: the stopwatch goes on, and the next look corrects it.
      }
    }

    const timer = setInterval(() => {
      if (reading.current === undefined) return;
      const current = timeLeft(reading.current, performance.now());
      setLeft(current);
      const minutes = announcement(before, current);
      if (minutes !== undefined) setSaid(minutes);
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
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [attemptId, now, endsAt, router]);

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
      <span role="status" className="sr-only">
        {said === undefined ? '' : t('minutesLeft', { minutes: said })}
      </span>
    </>
  );
}
