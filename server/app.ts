/** Puts the running server together, without HTTP: what server/main.ts serves and tests call directly. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { loadSecret, SignIn } from './auth/sign-in.ts';
import { type Db, openDb } from './db.ts';
import { Deadlines } from './exams/deadlines.ts';
import { endAttempt, finishGrading } from './exams/end-attempt.ts';
import type { App } from './handle.ts';
import type { LifeSettings } from './live/life.ts';
import { LiveSessions } from './live/sessions.ts';
import type { Parts } from './ports.ts';
import type { RecordingSettings } from './recording/recordings.ts';
import { OpenTerminals } from './sockets/open-terminals.ts';
import { Turns } from './turns.ts';

const LOCAL_USER = 'local';
/** A kubectl that was sent before the end has its answer by then. */
const GRACE_MS = 2_000;

export interface AppOptions {
  /** Absolute path. */
  dataDir: string;
  parts: Pick<Parts, 'clusters' | 'workspaces' | 'scenarios'>;
  log: Logger;
  now: () => number;
  token?: string;
  life?: LifeSettings;
  recording?: RecordingSettings;
  /** Milliseconds that a command under way gets when the time of an exam is up. */
  graceMs?: number;
}

export async function createApp(options: AppOptions): Promise<App> {
  const { dataDir, parts, log, now, life, recording } = options;
  const settings = { ...(life && { life }), ...(recording && { recording }) };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = await openDb(`file:${path.join(dataDir, 'drydock.db')}`);
  try {
    await ensureLocalUser(db, now());
    const app: App = {
      db,
      log,
      now,
      newId: () => randomBytes(10).toString('hex'),
      dataDir,
      scenarios: parts.scenarios,
      live: new LiveSessions({
        clusters: parts.clusters,
        workspaces: parts.workspaces,
        dataDir,
        now,
        log,
        ...settings,
      }),
      terminals: new OpenTerminals(),
      graceMs: options.graceMs ?? GRACE_MS,
      turns: new Turns(),
      deadlines: new Deadlines({ db, now, log, end: (attemptId) => endAttempt(app, attemptId, 'time') }),
      signIn: new SignIn({ secret: loadSecret(dataDir), now, ...(options.token ? { token: options.token } : {}) }),
      localUserId: LOCAL_USER,
    };
    await app.deadlines.resume();
    await finishGrading(app);
    return app;
  } catch (error) {
    await db.$disconnect();
    throw error;
  }
}

/** Saves every cluster and ends every shell. The parts themselves are closed by whoever made them. */
export async function closeApp(app: App): Promise<void> {
  await app.deadlines.stillAlive();
  await app.live.closeAll();
  await app.db.$disconnect();
}

async function ensureLocalUser(db: Db, now: number): Promise<void> {
  await db.user.upsert({
    where: { id: LOCAL_USER },
    create: { id: LOCAL_USER, name: 'Local learner', createdAt: new Date(now) },
    update: {},
    select: { id: true },
  });
}
