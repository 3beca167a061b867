/** Small programs that images run first. */
import type { Context } from '../shell/box.ts';
import { atOnce, type Run } from '../shell/coroutine.ts';

/** Becomes its arguments. */
export function* passOn({ argv, call }: Context): Run {
  return yield* call(argv.slice(1));
}
/** bash's own image: options are for bash, and so is what is no program. */
export function* bashEntrypoint({ argv, call }: Context): Run {
  const words = argv.slice(1);
  return yield* call(words[0]?.startsWith('-') ? ['bash', ...words] : words);
}
export function* curlEntrypoint({ argv, call }: Context): Run {
  const words = argv.slice(1);
  return yield* call(words[0]?.startsWith('-') ? ['curl', ...words] : words);
}
/** tini, dumb-init: an init before what follows. */
export function* tini({ argv, call }: Context): Run {
  const words = argv.slice(1);
  while (words[0]?.startsWith('-')) words.shift();
  return yield* call(words);
}
/** A program that does its one thing, well. */
export const succeed = (): Run => atOnce(() => 0);
