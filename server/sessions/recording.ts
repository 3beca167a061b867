/**
 * What a session's terminals showed, kept with its timing, for its owner to watch again.
 *
 * A recording is a file in asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/): JSON lines, a header and then events
 * `[seconds since the start, code, data]`.
 *
 * - header: `{version: 2, width, height, timestamp, title, env}`; `timestamp` is whole seconds since 1970, `title` the terminal's name.
 * - `o`: output. A screen that fell behind (`yes`) is not recorded chunk by chunk: after a gap comes one `o` that clears and draws it all.
 * - `r`: the terminal's new size, `"120x40"`.
 * - `m`: a marker, for the timeline: a change to the cluster that the learner asked for, `"create deployments.apps team-blue/web"`; or
 *   `"reset"`, `"check"`.
 * - Secrets (tokens, private keys, also in base64) are stars, one for each character. What is typed is never recorded, only what is echoed.
 * - A recording that reached its largest size says so in a last `o`.
 *
 * Over HTTP, for the learner whose session it is (any other gets 404, as for none):
 *
 *     GET /recordings/SESSION                 {"recordings": RecordingInfo[], "off": boolean}, oldest first
 *     GET /recordings/SESSION/NAME.cast       application/x-asciicast, the whole file; while it still grows, what is there by now
 *
 * In an exam one machine has the terminals of all questions: SESSION is then the attempt's id.
 */
export interface RecordingInfo {
  /** Letters, digits and `-`. One for each time that a terminal's shell was started in this session's machine. */
  name: string;
  /** Name of the terminal, as attached to: `1` for the first. */
  terminal: string;
  /** ISO 8601. */
  startedAt: string;
  /** Seconds from its start to its last event. */
  seconds: number;
  bytes: number;
  /** `full`: it reached the largest size and says so at its end. */
  state: 'growing' | 'ended' | 'full';
}

export type RecordingEvent = readonly [seconds: number, code: 'o' | 'r' | 'm', data: string];

/** The first line of a recording. */
export interface RecordingHeader {
  version: 2;
  width: number;
  height: number;
  timestamp: number;
  title: string;
  env: Readonly<Record<string, string>>;
}
