/** Reads a recording in asciicast v2 (server/sessions/recording.ts) and finds one's way in it. */

export interface Size {
  cols: number;
  rows: number;
}

/** `o` output, `r` a new size as `120x40`, `m` a marker. */
export type CastEvent = readonly [seconds: number, code: 'o' | 'r' | 'm', data: string];

export interface Cast extends Size {
  /** Milliseconds since 1970. */
  startedAt: number;
  title: string;
  events: readonly CastEvent[];
  /** Seconds. */
  duration: number;
}

/** Undefined for what is no recording. A last line cut short, as while it still grows, is left out, and so are kinds of events we do not know. */
export function parseCast(text: string): Cast | undefined {
  const [first = '', ...lines] = text.split('\n');
  const header = json(first);
  if (typeof header !== 'object' || header === null || !('version' in header) || header.version !== 2) return undefined;
  const { width, height, timestamp, title } = header as Record<string, unknown>;
  const events = lines.flatMap((line): CastEvent[] => {
    const event = json(line);
    if (!Array.isArray(event)) return [];
    const [seconds, code, data] = event as unknown[];
    if (typeof seconds !== 'number' || typeof data !== 'string') return [];
    return code === 'o' || code === 'r' || code === 'm' ? [[seconds, code, data]] : [];
  });
  return {
    cols: count(width, 80),
    rows: count(height, 24),
    startedAt: count(timestamp, 0) * 1000,
    title: typeof title === 'string' ? title : '',
    events,
    duration: events.at(-1)?.[0] ?? 0,
  };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // Said by the caller's own check of what came out.
    return undefined;
  }
}

const count = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.trunc(value) : otherwise;

/** `120x40`, undefined for anything else. */
export function parseSize(text: string): Size | undefined {
  const [, cols, rows] = /^(\d{1,3})x(\d{1,3})$/.exec(text) ?? [];
  if (cols === undefined || rows === undefined) return undefined;
  return { cols: Math.max(2, Number(cols)), rows: Math.max(1, Number(rows)) };
}

/** How many of the events have happened at a time, in seconds. */
export function eventsBy(events: readonly CastEvent[], seconds: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.[0] ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Seconds of stillness after which a replay that skips pauses goes on to the next event. */
export const LONGEST_PAUSE = 1.5;

/** Where a replay is after `passed` seconds of playing from `at`. */
export function advance(cast: Cast, at: number, passed: number, skipsPauses: boolean): number {
  const next = cast.events[eventsBy(cast.events, at)]?.[0];
  const then = Math.min(cast.duration, at + passed);
  if (!skipsPauses || next === undefined || next - at <= LONGEST_PAUSE) return then;
  return Math.min(cast.duration, Math.max(then, next - LONGEST_PAUSE));
}
