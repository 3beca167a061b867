/** Progress that a person can follow: one line a step, with the time it took when that was long. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a step; says its name first and how long it took when it took more than a second. */
export async function step(name, run) {
  const start = performance.now();
  say(`· ${name} ...`);
  const result = await run();
  const seconds = (performance.now() - start) / 1000;
  if (seconds >= 1) say(`  done in ${seconds.toFixed(0)} s`);
  return result;
}

/** A problem that the reader can mend: told in plain words, without a stack. */
export class SetupError extends Error {}

export function fail(error) {
  process.stderr.write(error instanceof SetupError ? `\n${error.message}\n` : `\n${error.stack ?? error}\n`);
  process.exit(1);
}
