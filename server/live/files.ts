/** A session's files on disk: <data>/sessions/<id>/{home/, start.snapshot, start.json.gz, setup.sha256, latest.snapshot, journal/}. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ClusterState, GradingInput, Scenario } from '#grader/types.ts';
import type { Screenshot } from '../ports.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

export class SessionFiles {
  readonly folder: string;
  readonly home: string;
  /** What the cluster did after `latest`; written by the cluster itself. */
  readonly journal: string;

  constructor(dataDir: string, sessionId: string) {
    this.folder = path.join(dataDir, 'sessions', sessionId);
    this.home = path.join(this.folder, 'home');
    this.journal = path.join(this.folder, 'journal');
  }

  async prepare(): Promise<void> {
    // Not the home itself: that belongs to the learner's user, whom the workspace chooses.
    await mkdir(this.folder, { recursive: true });
  }

  /** The newest saved cluster, or undefined when the session has none yet. */
  async latest(): Promise<Uint8Array | undefined> {
    return readIfThere(path.join(this.folder, 'latest.snapshot'));
  }

  async saveLatest(snapshot: Uint8Array): Promise<void> {
    await writeWhole(path.join(this.folder, 'latest.snapshot'), snapshot);
  }

  /** The cluster as the task gave it: what a reset goes back to and what `unchanged` checks compare with. */
  async start(): Promise<{ snapshot: Uint8Array; state: ClusterState; setupHash: string } | undefined> {
    const snapshot = await readIfThere(path.join(this.folder, 'start.snapshot'));
    const state = await readIfThere(path.join(this.folder, 'start.json.gz'));
    const setupHash = await readIfThere(path.join(this.folder, 'setup.sha256'));
    if (snapshot === undefined || state === undefined || setupHash === undefined) return undefined;
    return {
      snapshot,
      state: JSON.parse((await unpack(state)).toString('utf8')) as ClusterState,
      setupHash: setupHash.toString('utf8'),
    };
  }

  /** To be followed by `saveLatest`: a session whose server was killed before that is set up again from the beginning. */
  async saveStart(start: { snapshot: Uint8Array; state: ClusterState; setupHash: string }): Promise<void> {
    await writeWhole(path.join(this.folder, 'start.snapshot'), start.snapshot);
    await writeWhole(path.join(this.folder, 'start.json.gz'), await pack(JSON.stringify(start.state)));
    await writeWhole(path.join(this.folder, 'setup.sha256'), Buffer.from(start.setupHash));
  }

  /** What the session's terminals showed when its machine was closed; given once. */
  async screens(): Promise<Record<string, Screenshot> | undefined> {
    const file = path.join(this.folder, 'screens.json.gz');
    const packed = await readIfThere(file);
    if (packed === undefined) return undefined;
    await rm(file, { force: true });
    return JSON.parse((await unpack(packed)).toString('utf8')) as Record<string, Screenshot>;
  }

  async saveScreens(screens: Record<string, Screenshot>): Promise<void> {
    if (Object.keys(screens).length === 0) return;
    await writeWhole(path.join(this.folder, 'screens.json.gz'), await pack(JSON.stringify(screens)));
  }

  /** Forgets the cluster; the home folder stays. */
  async dropCluster(): Promise<void> {
    for (const name of ['latest.snapshot', 'start.snapshot', 'start.json.gz', 'setup.sha256']) {
      await rm(path.join(this.folder, name), { force: true });
    }
    await rm(this.journal, { recursive: true, force: true });
  }
}

/** Changes when a scenario's starting state would come out otherwise. */
export function setupHash(scenario: Scenario): string {
  return createHash('sha256')
    .update(JSON.stringify([scenario.nodes, scenario.setup]))
    .digest('hex');
}

/** All that one grading was made from, in one file. */
export async function saveStates(file: string, input: GradingInput): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeWhole(file, await pack(JSON.stringify(input)));
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Under another name first, synced, then renamed: a reader, and a start after `kill -9`, sees all of it or the one before. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
