/** `drydock serve`: the trainer itself. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT, UserError } from '../exit.ts';

/** Milliseconds for a graceful stop: after that what hangs is left behind. */
const STOP_MS = 10_000;

interface Options {
  scenarios: string[];
  port?: string;
  dev: boolean;
}

const collect = (value: string, all: string[]) => [...all, value];

export function serveCommand(): Command {
  return new Command('serve')
    .description('open the trainer on this machine; prints the link to it')
    .option(
      '--scenarios <dir>',
      'a folder of your own scenarios, beside ours; may be given more than once',
      collect,
      [],
    )
    .option('--port <n>', 'first port to try (default: DRYDOCK_PORT or 7100)')
    .option('--dev', 'compile pages as they are asked for', false)
    .addHelpText('after', '\nSettings from the environment (DRYDOCK_*) are listed in server/env.ts.')
    .action(run);
}

async function run({ scenarios, port, dev }: Options): Promise<void> {
  const settings = await settingsOf(port);
  const missing = scenarios.find((dir) => !existsSync(dir));
  if (missing !== undefined) throw new UserError(`there is no folder ${missing}`);
  // loaded when needed: the pages' framework takes a second that --help should not
  const [{ start }, { SandboxUnavailableError }] = await Promise.all([
    import('#server/main.ts'),
    import('#workspace/index.ts'),
  ]);
  const stop = new Promise<void>((resolveStop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolveStop());
  });
  const server = await start({ ...settings, scenarioDirs: scenarios.map((dir) => resolve(dir)), dev }).catch(
    (error: unknown) => {
      if (error instanceof SandboxUnavailableError) throw new UserError(error.message);
      throw error;
    },
  );
  process.stdout.write(`\nDrydock is ready:\n\n    ${server.url}\n\nCtrl-C stops it; your work is kept.\n`);
  await stop;
  process.stdout.write('\nStopping ...\n');
  // what is still open now (a page compiler's watchers) may not hold the process up
  const impatience = setTimeout(() => process.exit(EXIT.cannot), STOP_MS);
  await server.close();
  clearTimeout(impatience);
  process.exit(EXIT.done);
}

async function settingsOf(port: string | undefined) {
  const { readEnv } = await import('#server/env.ts');
  try {
    return readEnv({ ...process.env, ...(port === undefined ? {} : { DRYDOCK_PORT: port }) });
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}
