/** Fluentd: says that it runs, and collects nothing. */
import { formatDate } from '../commands/date.ts';
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { mute } from './http-server.ts';
import { untilSignal } from './serve.ts';

export function* fluentd(context: Context): Run {
  const { box, io, argv } = context;
  // the entrypoint becomes what follows it, when that is another program
  if (argv[0]?.endsWith('.sh') && argv[1] !== undefined && argv[1] !== 'fluentd' && !argv[1].startsWith('-'))
    return yield* context.call(argv.slice(1));
  const say = (text: string) =>
    io.stdout.write(`${formatDate(box.now(), '%Y-%m-%d %H:%M:%S +0000')} [info]: ${text}\n`);
  say('init supervisor logger path=nil rotate_age=nil rotate_size=nil');
  say('parsing config file is succeeded path="/fluentd/etc/fluent.conf"');
  say('starting fluentd-1.18.0 pid=1 ruby="3.2.6"');
  say('#0 fluentd worker is now running worker=0');
  box.listen(24_224, mute);
  return yield* untilSignal(context, (signal) => {
    if (signal !== 'TERM' && signal !== 'INT') return undefined;
    say('Received graceful stop');
    say('Worker 0 finished with status 0');
    return 0;
  });
}
