/** RFC 3339 times as metav1.Time and MicroTime read and print them: in UTC, to the second or the microsecond. */

const TIME = '2006-01-02T15:04:05Z07:00';
const MICRO_TIME = '2006-01-02T15:04:05.000000Z07:00';

/** Pieces of the layout, in order, with what each must look like. */
const PIECES: [string, RegExp][] = [
  ['2006', /^[0-9]{4}/],
  ['-', /^-/],
  ['01', /^[0-9]{2}/],
  ['-', /^-/],
  ['02', /^[0-9]{2}/],
  ['T', /^T/],
  ['15', /^[0-9]{2}/],
  [':', /^:/],
  ['04', /^[0-9]{2}/],
  [':', /^:/],
  ['05', /^[0-9]{2}/],
  ['.000000', /^\.[0-9]{6}(?![0-9])/],
  ['Z07:00', /^(?:Z|[+-][0-9]{2}:[0-9]{2})/],
];
const OUT_OF_RANGE: [string, number, number][] = [
  ['month', 1, 12],
  ['day', 1, 31],
  ['hour', 0, 23],
  ['minute', 0, 59],
  ['second', 0, 59],
];

const quoted = (text: string): string => JSON.stringify(text);

/** @throws Error with the sentence of Go's time.Parse */
function parse(text: string, layout: string): { ms: number; micros: string } {
  let rest = text;
  const fixedMicros = layout === MICRO_TIME;
  for (const [piece, shape] of PIECES) {
    if (piece === '.000000' && !fixedMicros) {
      // A fraction is read after the seconds even where the layout has none.
      rest = rest.replace(/^[.,][0-9]+/, '');
      continue;
    }
    const found = shape.exec(rest)?.[0];
    if (found === undefined) {
      throw new Error(
        `parsing time ${quoted(text)} as ${quoted(layout)}: cannot parse ${quoted(rest)} as ${quoted(piece)}`,
      );
    }
    rest = rest.slice(found.length);
  }
  if (rest !== '') throw new Error(`parsing time ${quoted(text)}: extra text: ${quoted(rest)}`);
  const numbers = (/^\d{4}-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(text) ?? []).slice(1).map(Number);
  for (const [i, [what, min, max]] of OUT_OF_RANGE.entries()) {
    const value = numbers[i] ?? 0;
    if (value < min || value > max) throw new Error(`parsing time ${quoted(text)}: ${what} out of range`);
  }
  const daysInMonth = new Date(Date.UTC(Number(text.slice(0, 4)), numbers[0] ?? 1, 0)).getUTCDate();
  if ((numbers[1] ?? 0) > daysInMonth) throw new Error(`parsing time ${quoted(text)}: day out of range`);
  const fraction = (/[.,]([0-9]+)/.exec(text)?.[1] ?? '').padEnd(6, '0').slice(0, 6);
  return { ms: Date.parse(text.replace(/[.,][0-9]+/, '')), micros: fraction };
}

/** `2026-01-02T03:04:05+09:00` becomes `2026-01-01T18:04:05Z`. @throws Error with Go's sentence */
export function normaliseTime(text: string): string {
  return timeText(parse(text, TIME).ms);
}

/** @throws Error with Go's sentence */
export function normaliseMicroTime(text: string): string {
  const { ms, micros } = parse(text, MICRO_TIME);
  return `${new Date(ms).toISOString().slice(0, 19)}.${micros}Z`;
}

// a simulated clock stands still while much is written
let lastTime = { ms: Number.NaN, text: '' };

/** metav1.Time of a clock's milliseconds. */
export function timeText(ms: number): string {
  if (lastTime.ms !== ms) lastTime = { ms, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  return lastTime.text;
}

/** metav1.MicroTime of a clock's milliseconds. */
export const microTimeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000Z`;
