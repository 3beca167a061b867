/** Programs that an image has and this cluster does not simulate: they say so plainly, rather than to do nothing as if all were well. */
import type { Context } from '../shell/box.ts';
import { atOnce, type Run } from '../shell/coroutine.ts';

/** What a shell says of a file it cannot execute. */
const CANNOT_RUN = 126;

export const notHere = ({ io, argv }: Context): Run =>
  atOnce(() => {
    io.stderr.write(`${argv[0]}: can't run that here: the simulated cluster has no such program\n`);
    return CANNOT_RUN;
  });
