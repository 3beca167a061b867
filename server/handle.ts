import type { Logger } from 'pino';
import type { SignIn } from './auth/sign-in.ts';
import type { Db } from './db.ts';
import type { Deadlines } from './exams/deadlines.ts';
import type { LiveSessions } from './live/sessions.ts';
import type { OpenTerminals } from './sockets/open-terminals.ts';
import type { ScenarioLibrary } from './ports.ts';
import type { Turns } from './turns.ts';

/** The running server, as use cases see it. Made once in server/main.ts. */
export interface App {
  db: Db;
  log: Logger;
  /** Milliseconds since 1970, the server's clock: the only one that exams know. */
  now(): number;
  newId(): string;
  /** Absolute path. */
  dataDir: string;
  scenarios: ScenarioLibrary;
  live: LiveSessions;
  terminals: OpenTerminals;
  /** For use cases that look first and write then. */
  turns: Turns;
  deadlines: Deadlines;
  /** Milliseconds that a command under way gets when the time of an exam is up. */
  graceMs: number;
  signIn: SignIn;
  /** The one local learner. */
  localUserId: string;
}

const KEY = Symbol.for('drydock.app');
const holder = globalThis as { [KEY]?: App };

/** On globalThis, since Next bundles its own copies of modules: a module-level variable would exist twice. */
export function setApp(app: App | undefined): void {
  if (app === undefined) delete holder[KEY];
  else holder[KEY] = app;
}

export function getApp(): App {
  const app = holder[KEY];
  if (app === undefined) throw new Error('The pages need the Drydock server around them: start with `npm start`.');
  return app;
}
