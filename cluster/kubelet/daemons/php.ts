/** php: its version; scripts are not simulated. */
import { notHere } from '../commands/not-here.ts';
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';

export function* phpProgram(context: Context): Run {
  if (context.argv[1] !== '-v' && context.argv[1] !== '--version') return yield* notHere(context);
  context.io.stdout.write('PHP 8.3.27 (cli) (NTS)\nCopyright (c) The PHP Group\n');
  return 0;
}
