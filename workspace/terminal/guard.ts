import type { TerminalSize } from './twin.ts';

/**
 * Terminal emulators do some sequences once per count: `CSI 2147483647 L` inserts that many lines, one after the other, and xterm.js is busy
 * with it for an hour, ours in the server as well as the one in the page. A count beyond the screen means the whole screen; said so, it is done
 * at once. Everything else passes as it came.
 */
export interface SequenceGuard {
  /** The chunk, or one that means the same. A sequence cut by the chunk's end is held back until its rest comes. */
  pass(chunk: Uint8Array): Uint8Array;
}

const ESC = 0x1b;
const BRACKET = 0x5b;
/** The C1 control CSI, U+009B, as UTF-8. */
const C1_LEAD = 0xc2;
const C1_CSI = 0x9b;
const CANCEL = 0x18;
const SUBSTITUTE = 0x1a;

/** Bytes of an unfinished control sequence that are held back; longer, it is none that a program needs, and is dropped with what it says. */
const LONGEST = 4_096;

/** The counted sequences that xterm.js works off one by one, by final byte: IL, DL, SU, SD (twice), CHT, CBT, REP. */
const BOUNDS = new Map<number, (size: TerminalSize) => number>([
  ...['L', 'M', 'S', 'T', '^'].map((final) => [final.charCodeAt(0), (size: TerminalSize) => size.rows] as const),
  ...['I', 'Z'].map((final) => [final.charCodeAt(0), (size: TerminalSize) => size.cols] as const),
  ['b'.charCodeAt(0), (size: TerminalSize) => size.cols * size.rows] as const,
]);

export function createSequenceGuard(size: () => TerminalSize): SequenceGuard {
  let held: Uint8Array | undefined;
  return {
    pass(chunk) {
      const bytes = held === undefined ? chunk : Buffer.concat([held, chunk]);
      held = undefined;
      const out: Uint8Array[] = [];
      let from = 0;
      let at = nextIntroducer(bytes, 0);
      while (at >= 0) {
        const end = endOfSequence(bytes, at);
        if (end === bytes.length) {
          out.push(bytes.subarray(from, at));
          if (end - at < LONGEST) held = bytes.slice(at);
          return joined(out);
        }
        const said = end === at ? undefined : bounded(bytes, at, end, size());
        if (said !== undefined) {
          out.push(bytes.subarray(from, at), said);
          from = end + 1;
        }
        at = nextIntroducer(bytes, Math.max(end, at + 1));
      }
      out.push(bytes.subarray(from));
      return joined(out);
    },
  };
}

const joined = (parts: Uint8Array[]): Uint8Array =>
  parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);

function nextIntroducer(bytes: Uint8Array, from: number): number {
  const escape = bytes.indexOf(ESC, from);
  const c1 = bytes.indexOf(C1_LEAD, from);
  if (escape < 0) return c1;
  return c1 < 0 ? escape : Math.min(escape, c1);
}

/** Where the sequence that may begin at `at` has its final byte; `at` when none begins there, the length when its end is still to come. */
function endOfSequence(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 1];
  if (second === undefined) return bytes.length;
  if (second !== (bytes[at] === ESC ? BRACKET : C1_CSI)) return at;
  for (let end = at + 2; end < bytes.length; end += 1) {
    const byte = bytes[end] ?? 0;
    if (byte >= 0x40 && byte !== 0x7f) return end;
    if (byte === ESC || byte === CANCEL || byte === SUBSTITUTE) return at;
  }
  return bytes.length;
}

/** What to say instead of the sequence, when its count is beyond the screen. */
function bounded(bytes: Uint8Array, at: number, end: number, size: TerminalSize): Uint8Array | undefined {
  const most = BOUNDS.get(bytes[end] ?? 0)?.(size);
  if (most === undefined) return undefined;
  // Control characters inside a sequence are carried out at once and do not end it: `ESC [ 9 LF 9 L` has the count 99.
  const inside = [...bytes.subarray(at + 2, end)].filter((byte) => byte !== 0x7f);
  const controls = inside.filter((byte) => byte < 0x20);
  const parameters = String.fromCharCode(...inside.filter((byte) => byte >= 0x20));
  const [digits = ''] = /^\d*/.exec(parameters) ?? [];
  if (Number(digits) <= most) return undefined;
  const rest = parameters.slice(digits.length) + String.fromCharCode(bytes[end] ?? 0);
  return Buffer.from(`${String.fromCharCode(...controls)}\u001b[${most}${rest}`, 'latin1');
}
