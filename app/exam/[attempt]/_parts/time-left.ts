/** Timer arithmetic: the server's clock, carried forward by the page's stopwatch. The page's own clock may be wrong or set anew. */

export interface ClockReading {
  /** Milliseconds since 1970 on the server's clock. */
  now: number;
  endsAt: number;
  /** performance.now() when the reading arrived: milliseconds that only ever grow. */
  receivedAt: number;
}

/** Milliseconds left, never below 0. */
export function timeLeft(reading: ClockReading, stopwatch: number): number {
  const passed = Math.max(0, stopwatch - reading.receivedAt);
  return Math.max(0, reading.endsAt - reading.now - passed);
}

/** `1:05:09`, `12:30`, `0:00`; a begun second counts as left, so 0:00 is the end and not the last second. */
export function clockText(leftMs: number): string {
  const total = Math.ceil(leftMs / 1000);
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

const ANNOUNCED_MINUTES = [30, 15, 5, 1] as const;

/** The minutes to say aloud when the time left went from `before` to `after`, or undefined: nobody wants every second read out. */
export function announcement(before: number, after: number): number | undefined {
  return ANNOUNCED_MINUTES.findLast((minutes) => before > minutes * 60_000 && after <= minutes * 60_000);
}
