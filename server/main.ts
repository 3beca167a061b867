/** Start and stop of the whole server: database, clusters, workspaces, pages, terminals. */
import path from 'node:path';
import { pino } from 'pino';
import { closeApp, createApp } from './app.ts';
import { createHttp } from './http.ts';
import { setApp } from './handle.ts';
import { listen } from './listen.ts';
import type { LifeSettings } from './live/life.ts';
import { openPages } from './pages.ts';
import type { Parts } from './ports.ts';
import type { RecordingSettings } from './recording/recordings.ts';

/** Milliseconds between looks at the clusters that are worked on: what their journals do not have is stored then. */
const SAVE_EVERY_MS = 4_000;
const SECOND_MS = 1_000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

export interface StartOptions {
  /** Address to listen on; anything but this machine's own is the caller's decision. */
  host: string;
  /** First port to try; 0 is any free one. */
  port: number;
  /** Folder for the database, homes and snapshots; made when missing. */
  dataDir: string;
  /** An instructor's own scenario folders, beside ours. */
  scenarioDirs: readonly string[];
  /** Pages compiled on demand instead of by `next build`. */
  dev: boolean;
  /** Further host names the pages may be opened under. */
  allowedHosts?: readonly string[];
  /** A fixed sign-in token instead of a new one. */
  token?: string | undefined;
  life?: LifeSettings;
  recording?: RecordingSettings;
  logLevel?: string;
  /** Gets lines for the person at the terminal. */
  say?: (line: string) => void;
  /** For tests: instead of the real clusters, workspaces and scenarios. */
  parts?: Parts;
}

export interface RunningServer {
  /** The link with the sign-in token. */
  url: string;
  port: number;
  /** Saves everything, ends every shell and cluster; safe to call twice. */
  close(): Promise<void>;
}

export async function start(options: StartOptions): Promise<RunningServer> {
  const dataDir = path.resolve(options.dataDir);
  const say = options.say ?? ((line: string) => void process.stdout.write(`${line}\n`));
  const log = pino({ name: 'drydock', level: options.logLevel ?? 'warn' }, pino.destination({ fd: 2, sync: true }));
  // What has been opened, newest last; closed in the opposite order, also when the start itself fails.
  const opened: (() => Promise<void> | void)[] = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeInOrder(opened, (error) => log.error({ err: error }, 'stop')));

  try {
    const parts = options.parts ?? (await connectParts(options, dataDir, log));
    if (parts.workspaces.description !== undefined) say(`Shells run in ${parts.workspaces.description}.`);
    if (parts.workspaces.hosts?.possible === false) say(`Exams open on their hosts: ${parts.workspaces.hosts.why}.`);
    opened.push(async () => {
      parts.scenarios.close();
      await parts.workspaces.close();
      await parts.clusters.close();
    });
    const app = await createApp({
      dataDir,
      parts,
      log,
      now: Date.now,
      ...(options.life && { life: options.life }),
      ...(options.recording && { recording: options.recording }),
      ...(options.token === undefined ? {} : { token: options.token }),
    });
    opened.push(() => closeApp(app));
    setApp(app);
    opened.push(() => setApp(undefined));

    const pages = await openPages({ dev: options.dev, host: options.host, port: options.port });
    opened.push(() => pages.close());
    const http = createHttp({
      app,
      attach: parts.attach,
      pages,
      allowedHosts: options.allowedHosts ?? [],
      dev: options.dev,
    });
    const port = await listen(http.server, options.host, options.port);
    app.signIn.cookieName = `drydock-${port}`;
    if (options.port !== 0 && port !== options.port) say(`Port ${options.port} is taken; using ${port}.`);
    opened.push(() => http.close());
    if (!LOOPBACK.has(options.host)) {
      say(
        `Other machines can reach this at ${options.host}. Whoever has the link gets a shell; nothing on the way is encrypted.`,
      );
    }
    const saves = repeat(SAVE_EVERY_MS, () => app.live.tick(), log);
    const deadlines = repeat(SECOND_MS, () => app.deadlines.tick(), log);
    opened.push(async () => {
      await saves.stop();
      await deadlines.stop();
    });

    const shown = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host;
    const name = shown.includes(':') ? `[${shown}]` : shown;
    return { url: `http://${name}:${port}/?token=${app.signIn.token}`, port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Imported late: tests that bring their own parts never load the real ones. */
async function connectParts(options: StartOptions, dataDir: string, log: pino.Logger): Promise<Parts> {
  const { connect } = await import('./live/parts.ts');
  return connect({ dataDir, scenarioDirs: options.scenarioDirs, log });
}

async function closeInOrder(opened: (() => Promise<void> | void)[], report: (error: unknown) => void): Promise<void> {
  for (const close of opened.toReversed()) {
    try {
      await close();
    } catch (error) {
      // One part that will not close must not keep the others from saving.
      report(error);
    }
  }
}

/** Runs `work` every `ms` milliseconds, never twice at once; `stop` waits for the run under way. */
function repeat(ms: number, work: () => Promise<void>, log: pino.Logger): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch((error: unknown) => log.error({ err: error }, 'background work failed'))
      .finally(() => {
        running = undefined;
      });
  }, ms);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
