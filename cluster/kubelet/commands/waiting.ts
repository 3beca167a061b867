/** Programs that wait, limit or measure time. */
import type { Program } from '../shell/box.ts';
import { untilTime } from '../shell/coroutine.ts';
import { lasting } from './tool.ts';
import { usage } from './usage.ts';

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds; undefined: no duration. */
export function duration(text: string): number | undefined {
  if (/^inf(inity)?$/.test(text)) return Infinity;
  const match = /^(\d*\.?\d+)([smhd]?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1) * 1000;
}

export const WAITING: Readonly<Record<string, Program>> = {
  sleep: lasting(function* sleep(tool) {
    let ms = 0;
    if (tool.args.length === 0) {
      return usage(tool);
    }
    for (const word of tool.args) {
      const part = duration(word);
      if (part === undefined) {
        tool.problem(tool.gnu ? `invalid time interval '${word}'` : `invalid number '${word}'`);
        return 1;
      }
      ms += part;
    }
    yield* untilTime(() => tool.box.now(), tool.box.now() + ms);
    return 0;
  }),
  usleep: lasting(function* usleep(tool) {
    yield* untilTime(() => tool.box.now(), tool.box.now() + Number(tool.args[0] ?? 0) / 1000);
  }),
  timeout: lasting(function* timeout(tool) {
    const words = tool.args.filter(
      (word, index) => !/^-[ks]$/.test(word) && !/^-[ks]$/.test(tool.args[index - 1] ?? '') && !word.startsWith('--'),
    );
    const [limit = '0', ...argv] = words;
    const end = tool.box.now() + (duration(limit) ?? 0);
    const run = tool.context.call(argv);
    for (;;) {
      const step = run.next();
      if (step.done) return step.value;
      if (tool.box.now() >= end) {
        run.return(0);
        return tool.gnu ? 124 : 143;
      }
      yield {
        ...step.value,
        ...(step.value.until === undefined && step.value.event === undefined
          ? {}
          : { until: Math.min(step.value.until ?? Infinity, end) }),
      };
    }
  }),
  time: lasting(function* time(tool) {
    const from = tool.box.now();
    const code = yield* tool.context.call(tool.args);
    tool.context.io.stderr.write(
      `real\t0m ${((tool.box.now() - from) / 1000).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`,
    );
    return code;
  }),
};
