/** The machines that are up: who is there, what they showed, their recordings, and when they are put to sleep. */
import type { Logger } from 'pino';
import type { LiveWorkspace, WorkspaceRequest, Workspaces } from '../ports.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { SessionFiles } from './files.ts';
import { judgeLife, type LifeSettings } from './life.ts';

const BACK = 'This is what was here before. What ran was ended; files, history and cluster were kept.';

interface Up {
  machine: LiveWorkspace;
  files: SessionFiles;
  inputs: number;
  /** Milliseconds since 1970. */
  typedAt: number;
  madeAt: number;
  warned: 'idle' | 'total' | undefined;
}

export interface MachinesOptions {
  workspaces: Workspaces;
  recordings: Recordings;
  life: LifeSettings;
  now: () => number;
  log: Logger;
}

export class Machines {
  readonly #options: MachinesOptions;
  readonly #up = new Map<string, Up>();

  constructor(options: MachinesOptions) {
    this.#options = options;
  }

  async open(files: SessionFiles, request: WorkspaceRequest): Promise<LiveWorkspace> {
    const { workspaces, recordings, now } = this.#options;
    const of = await files.screens();
    const machine = await workspaces.open({
      ...request,
      beforeWake: async () => {
        const up = this.#up.get(request.id);
        if (up !== undefined) Object.assign(up, { madeAt: now(), typedAt: now(), warned: undefined });
        await request.beforeWake?.();
      },
      onTerminal: (name, watch) => recordings.record(request.id, name, watch),
      ...(of && { screens: { sentence: BACK, of } }),
    });
    const at = now();
    this.#up.set(request.id, { machine, files, inputs: 0, typedAt: at, madeAt: at, warned: undefined });
    return machine;
  }

  asleep(id: string): boolean {
    return this.#up.get(id)?.machine.asleep ?? false;
  }

  /** Keeps what terminals show for the next time, and ends all that runs. */
  async close(id: string, machine: LiveWorkspace): Promise<void> {
    const up = this.#up.get(id);
    if (up?.machine === machine) {
      this.#up.delete(id);
      // What was on the screen is a comfort; a machine that cannot say it is closed all the same.
      await machine
        .screens()
        .then((screens) => up.files.saveScreens(screens))
        .catch((error: unknown) => this.#options.log.warn({ err: error, session: id }, 'screens are not kept'));
    }
    await machine.close();
    await this.#options.recordings.end(id);
  }

  /** Called every few seconds: warns, and puts to sleep. */
  async tick(): Promise<void> {
    const now = this.#options.now();
    for (const up of this.#up.values()) {
      const { machine } = up;
      if (machine.closed || machine.asleep) continue;
      if (machine.inputs !== up.inputs) {
        up.inputs = machine.inputs;
        up.typedAt = now;
        if (up.warned === 'idle') up.warned = undefined;
      }
      const verdict = judgeLife({ quiet: now - up.typedAt, age: now - up.madeAt }, this.#options.life);
      if (verdict.state === 'sleep') await machine.sleep(verdict.sentence);
      else if (verdict.state === 'warn' && up.warned !== verdict.why) {
        up.warned = verdict.why;
        machine.say(verdict.sentence);
      }
    }
  }
}
