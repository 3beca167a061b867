/** stress and stress-ng: say what they start, work until their time is over. What they use is told by the metrics. */
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { duration } from '../commands/waiting.ts';
import { pause, plainEnds, untilSignal } from './serve.ts';

export function* stress(context: Context): Run {
  const { io, argv, box } = context;
  const value = (...names: string[]): string | undefined => {
    const at = argv.findIndex((word) => names.includes(word));
    if (at !== -1) return argv[at + 1];
    return argv.find((word) => names.some((name) => word.startsWith(`${name}=`)))?.split('=')[1];
  };
  const count = (...names: string[]) => Number(value(...names) ?? 0);
  const name = argv[0]?.split('/').at(-1) ?? 'stress';
  // vish/stress has options of its own
  if (argv.some((word) => /^-(mem-total|cpus|mem-alloc-size|mem-alloc-sleep)$/.test(word))) {
    const iso = new Date(box.now()).toISOString();
    const head = `I${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000       1 main.go`;
    io.stderr.write(
      `${head}:26] Allocating "${value('-mem-total') ?? '0'}" memory, in "${value('-mem-alloc-size') ?? '4Ki'}" chunks, with a ${value('-mem-alloc-sleep') ?? '1ms'} sleep between allocations\n`,
    );
    if (count('-cpus') > 0) io.stderr.write(`${head}:39] Spawning a thread to consume CPU\n`.repeat(count('-cpus')));
    io.stderr.write(`${head}:29] Allocated "${value('-mem-total') ?? '0'}" memory\n`);
    return yield* untilSignal(context, (signal) => (signal === 'TERM' ? 2 : undefined));
  }
  const hogs = {
    cpu: count('-c', '--cpu'),
    io: count('-i', '--io'),
    vm: count('-m', '--vm'),
    hdd: count('-d', '--hdd'),
  };
  if (Object.values(hogs).every((one) => one === 0)) {
    io.stdout.write(
      "`stress' imposes certain types of compute stress on your system\n\nUsage: stress [OPTION [ARG]] ...\n",
    );
    return argv.length === 1 || argv.includes('--help') || argv.includes('-?') ? 0 : 1;
  }
  io.stdout.write(
    `${name}: info: [1] dispatching hogs: ${hogs.cpu} cpu, ${hogs.io} io, ${hogs.vm} vm, ${hogs.hdd} hdd\n`,
  );
  const limit = duration(value('-t', '--timeout') ?? 'inf') ?? Infinity;
  if (limit === Infinity) return yield* untilSignal(context, plainEnds);
  const early = yield* pause(context, limit);
  if (early !== undefined) return early;
  io.stdout.write(`${name}: info: [1] successful run completed in ${Math.round(limit / 1000)}s\n`);
  return 0;
}
