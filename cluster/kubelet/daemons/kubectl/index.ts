/** kubectl in a container, for what people let pods do with it. It asks the API server as everybody does. */
import { notHere } from '../../commands/not-here.ts';
import { Tool } from '../../commands/tool.ts';
import type { Context, Program } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { Kubectl } from './commands.ts';
import { OTHERS, parsed } from './flags.ts';

export const kubectl: Program = function* run(context: Context): Run {
  const { words, flags } = parsed(context.argv);
  const [verb, ...rest] = words;
  const tool = new Kubectl(new Tool(context), flags);
  switch (verb) {
    case 'get':
      return yield* tool.get(rest);
    case 'delete':
      return yield* tool.delete(rest);
    case 'scale':
      return yield* tool.patch(rest, { spec: { replicas: Number(flags.get('replicas')) } }, 'scaled', '/scale');
    case 'rollout':
      if (rest[0] === 'restart') {
        const at = new Date(context.box.now()).toISOString().replace(/\.\d+Z$/, 'Z');
        const annotations = { 'kubectl.kubernetes.io/restartedAt': at };
        return yield* tool.patch(rest.slice(1), { spec: { template: { metadata: { annotations } } } }, 'restarted');
      }
      break;
    case 'auth':
      if (rest[0] === 'can-i') return yield* tool.canI(rest.slice(1));
      break;
    case 'version':
      return yield* tool.version();
    case undefined:
      break;
    default:
      if (!OTHERS.has(verb)) {
        context.io.stderr.write(`error: unknown command "${verb}" for "kubectl"\n`);
        return 1;
      }
  }
  return yield* notHere(context);
};
