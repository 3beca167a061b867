import path from 'node:path';
import { z } from 'zod';
import type { LifeSettings } from './live/life.ts';
import type { RecordingSettings } from './recording/recordings.ts';

/** All settings that the server reads from its environment. */
const Env = z.object({
  /** Address to listen on. A shell is served, so only this machine unless told otherwise. */
  DRYDOCK_HOST: z.string().min(1).default('127.0.0.1'),
  /** First port to try. */
  DRYDOCK_PORT: z.coerce.number().int().min(0).max(65535).default(7100),
  /** Folder of the database, homes and cluster snapshots. */
  DRYDOCK_DATA: z.string().min(1).default('data'),
  /** Further host names, comma separated, that the page may be opened under. */
  DRYDOCK_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
    .transform((names) => names.filter((name) => name !== '')),
  /** A fixed sign-in token instead of a new one at each start. */
  DRYDOCK_TOKEN: z.string().min(16, 'at least 16 characters').optional(),
  /** Minutes without a key, a page being open, after which a machine is put to sleep; its files, history and cluster are kept. 0: never. */
  DRYDOCK_IDLE_MINUTES: z.coerce.number().int().min(0).max(100_000).default(60),
  /** Hours after which a machine is put to sleep however busy it is. 0: never. */
  DRYDOCK_SESSION_HOURS: z.coerce.number().int().min(0).max(10_000).default(12),
  /** Whether terminals are recorded, for their learner to watch again. */
  DRYDOCK_RECORDING: z.enum(['on', 'off']).default('on'),
  /** Days after which a recording is deleted. 0: never. */
  DRYDOCK_RECORDING_DAYS: z.coerce.number().int().min(0).max(100_000).default(30),
  DRYDOCK_LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('warn'),
});

export interface Settings {
  host: string;
  port: number;
  dataDir: string;
  allowedHosts: string[];
  token: string | undefined;
  life: LifeSettings;
  recording: RecordingSettings;
  logLevel: string;
}

/** Throws one Error that names every wrong variable. */
export function readEnv(env: Record<string, string | undefined>): Settings {
  const parsed = Env.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`Wrong settings in the environment:\n  ${problems.join('\n  ')}`);
  }
  return {
    host: parsed.data.DRYDOCK_HOST,
    port: parsed.data.DRYDOCK_PORT,
    dataDir: path.resolve(parsed.data.DRYDOCK_DATA),
    allowedHosts: parsed.data.DRYDOCK_ALLOWED_HOSTS,
    token: parsed.data.DRYDOCK_TOKEN,
    life: {
      idleMs: parsed.data.DRYDOCK_IDLE_MINUTES * 60_000,
      totalMs: parsed.data.DRYDOCK_SESSION_HOURS * 60 * 60_000,
    },
    recording: { on: parsed.data.DRYDOCK_RECORDING === 'on', keepDays: parsed.data.DRYDOCK_RECORDING_DAYS },
    logLevel: parsed.data.DRYDOCK_LOG_LEVEL,
  };
}
