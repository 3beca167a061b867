import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { closeApp, createApp } from '../app.ts';
import type { App } from '../handle.ts';
import { type FakeParts, fakeParts } from './fake-parts.ts';

export interface TestServer {
  app: App;
  parts: FakeParts;
  /** The server's clock; tests move it. */
  clock: { now: number };
  userId: string;
  /** Stops as a killed server does: nothing is saved. */
  kill(): Promise<void>;
  /** A new server over the same data folder. */
  restart(): Promise<TestServer>;
}

/** Runs `work` with a server without HTTP, over a temporary folder and stand-ins for clusters and machines. */
export async function withApp(work: (server: TestServer) => Promise<void>, parts = fakeParts()): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'drydock-server-'));
  const clock = { now: Date.parse('2026-03-01T09:00:00Z') };
  const running = new Set<App>();

  async function open(): Promise<TestServer> {
    const app = await createApp({ dataDir, parts, log: pino({ level: 'silent' }), now: () => clock.now, graceMs: 0 });
    running.add(app);
    return {
      app,
      parts,
      clock,
      userId: app.localUserId,
      async kill() {
        running.delete(app);
        await app.db.$disconnect();
      },
      restart: open,
    };
  }

  try {
    await work(await open());
  } finally {
    for (const app of running) await closeApp(app);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
