/** What programs say that are called without what they need. */
import type { Tool } from './tool.ts';
import busybox from './usage-busybox.json' with { type: 'json' };

/** As busybox sums up each program. */
const BUSYBOX: Readonly<Record<string, string>> = busybox;

const GNU: Readonly<Record<string, string>> = {
  chgrp: 'missing operand',
  cp: 'missing file operand',
  mv: 'missing file operand',
  ln: 'missing file operand',
  touch: 'missing file operand',
};
const versionOf = (image: string): string =>
  ({ '1.28': '1.28.4', '1.35': '1.35.0', '1.36': '1.36.1' })[/:(1\.\d+)/.exec(image)?.[1] ?? ''] ?? '1.37.0';

/** Says how it is called, and returns the exit code. */
export function usage(tool: Tool): number {
  const { name, gnu, box, context } = tool;
  context.io.stderr.write(
    gnu
      ? `${name}: ${GNU[name] ?? 'missing operand'}\nTry '${name} --help' for more information.\n`
      : `BusyBox v${versionOf(box.image)} (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: ${BUSYBOX[name] ?? name}\n`,
  );
  return 1;
}
