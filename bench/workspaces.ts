/** Terminals: click to prompt, echo, throughput, memory, starts, and kubectl from many learners at once. */
import { readdirSync, readFileSync } from 'node:fs';
import { median, row } from './measure.ts';
import { openBench, page, PROMPT } from './machines.ts';
import { throughSsh } from './ssh.ts';

type Bench = Awaited<ReturnType<typeof openBench>>;

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** A session whose terminal shows its prompt. */
async function opened(bench: Bench) {
  const plan = bench.plan();
  const machine = await bench.live.workspace(plan);
  const detach = await bench.live.attached(plan);
  const terminal = page(machine);
  await terminal.until(PROMPT);
  return { plan, machine, terminal, detach };
}

async function clickToPrompt(bench: Bench): Promise<void> {
  const whole: number[] = [];
  const cluster: number[] = [];
  const machine: number[] = [];
  for (let run = 0; run <= 15; run += 1) {
    const plan = bench.plan();
    const start = performance.now();
    await bench.live.open(plan);
    const clusterUp = performance.now();
    const made = await bench.live.workspace(plan);
    const machineUp = performance.now();
    await page(made).until(PROMPT);
    const end = performance.now();
    await bench.live.close(plan.id);
    if (run === 0) continue;
    whole.push(end - start);
    cluster.push(clusterUp - start);
    machine.push(machineUp - clusterUp);
  }
  const prompt = median(whole) - median(cluster) - median(machine);
  row(
    'click to prompt, new task',
    `${ms(median(whole))} (cluster ${ms(median(cluster))}, machine ${ms(median(machine))}, shell ${ms(prompt)})`,
    '150 ms',
  );
  const plan = bench.plan();
  await bench.live.workspace(plan);
  await bench.live.close(plan.id);
  const again: number[] = [];
  for (let run = 0; run < 7; run += 1) {
    const start = performance.now();
    await page(await bench.live.workspace(plan)).until(PROMPT);
    again.push(performance.now() - start);
    await bench.live.close(plan.id);
  }
  row('click to prompt, a task that was put away', ms(median(again)), '150 ms');
}

/** Milliseconds from a key to its echo, one key at a time. */
async function echoes(terminal: ReturnType<typeof page>, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let key = 0; key < count; key += 1) {
    const letter = String.fromCharCode(97 + (key % 26));
    terminal.forget();
    const start = performance.now();
    terminal.type(letter);
    await terminal.until(letter);
    found.push(performance.now() - start);
    // The line is begun again before it gets long.
    if (key % 26 === 25) {
      terminal.type('\u0003');
      await terminal.until(PROMPT);
    }
  }
  return found;
}

const told = (values: readonly number[]): string =>
  `${ms(median(values))}, 99 of 100 in ${ms(percentile(values, 0.99))}`;

async function echo(bench: Bench): Promise<void> {
  const { terminal, plan } = await opened(bench);
  row('echo of a key, alone', told(await echoes(terminal, 300)), '10 ms (99 of 100)');
  const noisy = await opened(bench);
  noisy.terminal.type('yes\r');
  row('echo beside a neighbour’s `yes`', told(await echoes(terminal, 300)), '30 ms (99 of 100)');
  await bench.live.close(noisy.plan.id);
  const many = [];
  for (let count = 0; count < 40; count += 1) many.push(await opened(bench));
  // A learner who is busy: a command every second or so.
  for (const one of many) one.terminal.type('while sleep 1; do ls -l /usr/bin | head -50; done\r');
  row('echo with 40 busy neighbours', told(await echoes(terminal, 300)), '');
  for (const one of [...many.map((each) => each.plan), plan]) await bench.live.close(one.id);
}

const MEBIBYTES = 50;

async function throughput(bench: Bench): Promise<void> {
  const { terminal, plan } = await opened(bench);
  // Lines, as a log has them.
  const make = `yes "$(seq -s ' ' 1 30)" | head -c ${MEBIBYTES * 1024 * 1024}`;
  terminal.type(`${make} > ~/big; clear; echo re""ady\r`);
  await terminal.until('ready');
  const runs: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const start = performance.now();
    terminal.type('cat ~/big; echo do""ne\r');
    await terminal.until('done');
    runs.push(MEBIBYTES / ((performance.now() - start) / 1000));
  }
  await bench.live.close(plan.id);
  const rival = await throughSsh(make, MEBIBYTES * 1024 * 1024);
  row(
    `cat of ${MEBIBYTES} MiB`,
    `${median(runs).toFixed(0)} MiB/s${rival === undefined ? '' : `; ssh localhost ${rival.toFixed(0)} MiB/s: ${(median(runs) / rival).toFixed(2)}`}`,
    '',
  );
}

/** Bytes of memory that only these processes have, and their share of what they have with others. */
function proportional(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      return sum + Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
    } catch {
      // It has ended since.
      return sum;
    }
  }, 0);
}

/** This process and all it has started. */
function family(): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended since.
    }
  }
  const found = [process.pid];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

async function many(bench: Bench): Promise<void> {
  const count = 200;
  globalThis.gc?.();
  const before = proportional(family());
  const start = performance.now();
  const sessions = [];
  for (let made = 0; made < count; made += 1) sessions.push(await opened(bench));
  const seconds = (performance.now() - start) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  globalThis.gc?.();
  const each = (proportional(family()) - before) / count / 1024 / 1024;
  row('sessions started one after another', `${(count / seconds).toFixed(1)} a second`, '');
  row(`memory of an idle session, of ${count}, all counted`, `${each.toFixed(2)} MiB`, '4 MB');
  const active = sessions.slice(0, 40);
  let calls = 0;
  const until = performance.now() + 15_000;
  await Promise.all(
    active.map(async ({ machine }) => {
      while (performance.now() < until) {
        // Only the machines of openBench come here, and those run scripts.
        await (machine as unknown as { run: (script: string, options: object) => Promise<unknown> }).run(
          'kubectl get pods -A >/dev/null',
          { timeoutMs: 60_000 },
        );
        calls += 1;
      }
    }),
  );
  row('kubectl of 40 learners at once', `${(calls / 15).toFixed(1)} a second`, '');
  await Promise.all(sessions.map(({ plan }) => bench.live.close(plan.id)));
}

export async function benchWorkspaces(): Promise<void> {
  const bench = await openBench();
  try {
    await clickToPrompt(bench);
    await echo(bench);
    await throughput(bench);
    await many(bench);
  } finally {
    await bench.close();
  }
}
