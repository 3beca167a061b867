/** The recordings of all sessions, on disk in <data>/sessions/<id>/recordings, and those that grow now. */
import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { WatchTerminal } from '../ports.ts';
import type { RecordingEvent, RecordingInfo } from '../sessions/recording.ts';
import { FULL, Recorder } from './recorder.ts';

export interface RecordingSettings {
  on: boolean;
  /** Days after which a recording is deleted; 0: never. */
  keepDays: number;
}

export const DEFAULT_RECORDING: RecordingSettings = { on: true, keepDays: 30 };

/** Bytes of all recordings of one session: a busy exam of two hours has 1 to 3 MB. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Output that a recorder takes while more than it wants is shown: 32 KB a second, and a snapshot where something was left out. */
const TAKE_BYTES = 8 * 1024;
const TAKE_EVERY_MS = 250;
/** Bytes at the end of a file in which the last event is found. */
const TAIL_BYTES = 256 * 1024;
const DAY_MS = 24 * 60 * 60_000;
const FILE = /^(\d+)-([A-Za-z0-9-]+)\.cast$/;
export const RECORDING_NAME = /^\d{1,16}-[A-Za-z0-9-]{1,64}$/;

interface Growing {
  name: string;
  recorder: Recorder;
  stop(): void;
}

export class Recordings {
  readonly settings: RecordingSettings;
  readonly #sessions: string;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #growing = new Map<string, Growing[]>();
  readonly #budgets = new Map<string, { left: number }>();

  constructor(options: { dataDir: string; settings: RecordingSettings; now: () => number; log: Logger }) {
    this.settings = options.settings;
    this.#sessions = path.join(options.dataDir, 'sessions');
    this.#now = options.now;
    this.#log = options.log;
  }

  /** Records a terminal until `end`. */
  record(id: string, terminal: string, watch: WatchTerminal): void {
    if (!this.settings.on) return;
    const growing = this.#growing.get(id) ?? [];
    this.#growing.set(id, growing);
    let at = this.#now();
    const nameAt = (): string => `${at}-${terminal.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 64)}`;
    while (growing.some(({ name }) => name === nameAt())) at += 1;
    const recorder = new Recorder({
      file: this.fileOf(id, nameAt()),
      title: terminal,
      size: { cols: 80, rows: 24 },
      now: this.#now,
      budget: this.#budget(id),
      onError: (error) => this.#log.warn({ err: error, session: id }, 'a recording cannot be written'),
    });
    let outstanding = 0;
    let pacing: NodeJS.Timeout | undefined;
    const pace = (): void => {
      const taken = Math.min(outstanding, TAKE_BYTES);
      outstanding -= taken;
      watching.ack(taken);
      if (outstanding > 0) return;
      clearInterval(pacing);
      pacing = undefined;
    };
    const watching = watch({
      snapshot: (screen) => recorder.snapshot(screen),
      output(chunk) {
        recorder.output(chunk);
        outstanding += chunk.length;
        pacing ??= setInterval(pace, TAKE_EVERY_MS);
      },
      lead: (state) => recorder.resize(state),
      exit: () => undefined,
      closed: () => clearInterval(pacing),
    });
    growing.push({
      name: nameAt(),
      recorder,
      stop() {
        clearInterval(pacing);
        watching.stop();
      },
    });
  }

  /** Puts a marker into all recordings that grow in this session. */
  mark(id: string, label: string): void {
    for (const { recorder } of this.#growing.get(id) ?? []) recorder.mark(label);
  }

  /** The session's machine is closed. */
  async end(id: string): Promise<void> {
    const growing = this.#growing.get(id) ?? [];
    this.#growing.delete(id);
    this.#budgets.delete(id);
    for (const { recorder, stop } of growing) {
      stop();
      await recorder.close();
    }
  }

  /** Oldest first. */
  async list(id: string): Promise<RecordingInfo[]> {
    const now = this.#growing.get(id) ?? [];
    await Promise.all(now.map(({ recorder }) => recorder.flush()));
    const growing = new Set(now.map(({ name }) => name));
    const found: RecordingInfo[] = [];
    for (const file of (await this.#files(id)).sort()) {
      const [, startedAt = '', terminal = ''] = FILE.exec(file) ?? [];
      const name = file.slice(0, -'.cast'.length);
      const full = path.join(this.#folder(id), file);
      const { size } = await stat(full);
      const [seconds, , data] = (await lastEvent(full, size)) ?? [0, 'o', ''];
      found.push({
        name,
        terminal,
        startedAt: new Date(Number(startedAt)).toISOString(),
        seconds,
        bytes: size,
        state: data.startsWith(FULL) ? 'full' : growing.has(name) ? 'growing' : 'ended',
      });
    }
    return found;
  }

  fileOf(id: string, name: string): string {
    return path.join(this.#folder(id), `${name}.cast`);
  }

  /** Deletes what is older than it may be. */
  async sweep(): Promise<void> {
    if (this.settings.keepDays === 0) return;
    const oldest = this.#now() - this.settings.keepDays * DAY_MS;
    for (const id of await namesIn(this.#sessions)) {
      const growing = new Set(this.#growing.get(id)?.map(({ name }) => `${name}.cast`));
      for (const file of await this.#files(id)) {
        if (Number(FILE.exec(file)?.[1]) < oldest && !growing.has(file))
          await rm(path.join(this.#folder(id), file), { force: true });
      }
    }
  }

  #folder(id: string): string {
    return path.join(this.#sessions, id, 'recordings');
  }

  async #files(id: string): Promise<string[]> {
    return (await namesIn(this.#folder(id))).filter((name) => FILE.test(name));
  }

  /** Shared by all recordings of a session. What earlier ones have is taken off as soon as it is known. */
  #budget(id: string): { left: number } {
    const known = this.#budgets.get(id);
    if (known !== undefined) return known;
    const budget = { left: MOST_BYTES };
    this.#budgets.set(id, budget);
    this.#takeOff(id, budget).catch((error: unknown) =>
      this.#log.warn({ err: error, session: id }, 'recordings cannot be measured'),
    );
    return budget;
  }

  async #takeOff(id: string, budget: { left: number }): Promise<void> {
    for (const file of await this.#files(id)) {
      // One that has begun since counts itself.
      if (this.#growing.get(id)?.some(({ name }) => file === `${name}.cast`)) continue;
      budget.left -= (await stat(path.join(this.#folder(id), file))).size;
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined for one that has only its head yet. */
async function lastEvent(file: string, size: number): Promise<RecordingEvent | undefined> {
  const handle = await open(file);
  try {
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    // A server that was killed may have left half a line at the end.
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n').slice(0, -1);
    const last = lines.findLast((line) => line.startsWith('['));
    return last === undefined ? undefined : (JSON.parse(last) as RecordingEvent);
  } finally {
    await handle.close();
  }
}
