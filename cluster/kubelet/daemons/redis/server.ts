/** redis-server as a program, and what its image runs first. */
import type { Context, Program } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { untilSignal } from '../serve.ts';
import { load } from './configuration.ts';
import { RedisServer } from './instance.ts';

export const redisServer = (version: string): Program =>
  function* run(context): Run {
    const { box, io, argv, cwd, pending } = context;
    if (/^(-v|--version)$/.test(argv[1] ?? '')) {
      io.stdout.write(
        `Redis server v=${version} sha=00000000:1 malloc=jemalloc-5.3.0 bits=64 build=5e2c4ab2fd3e0b49\n`,
      );
      return 0;
    }
    const loaded = load(box, argv, cwd, version);
    if (typeof loaded === 'string') {
      (loaded.startsWith('1:C') ? io.stdout : io.stderr).write(loaded);
      return 1;
    }
    const server = new RedisServer(context, loaded.settings, version);
    server.log('oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', '*', 'C');
    server.log(`Redis version=${version}, bits=64, commit=00000000, modified=1, pid=1, just started`, '*', 'C');
    if (loaded.file === undefined && argv.length === 1)
      server.log(
        'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
        '#',
        'C',
      );
    else server.log('Configuration loaded', '*', 'C');
    server.log('monotonic clock: POSIX clock_gettime');
    server.log(`Running mode=standalone, port=${server.port}.`);
    server.log('Server initialized');
    server.log('Ready to accept connections tcp');
    const replicaOf = loaded.settings.get('replicaof') ?? '';
    if (replicaOf !== '') {
      server.log(`Connecting to MASTER ${replicaOf.replace(' ', ':')}`);
      server.follow();
    }
    box.listen(server.port, server.server());
    return yield* untilSignal({ pending }, (signal) => {
      if (signal !== 'TERM' && signal !== 'INT') return undefined;
      server.log(`Received SIG${signal} scheduling shutdown...`);
      server.log('User requested shutdown...');
      server.log('Saving the final RDB snapshot before exiting.');
      server.save();
      server.log('DB saved on disk');
      server.log('Redis is now ready to exit, bye bye...', '#');
      return 0;
    });
  };

/** What the image runs first. */
export function* redisEntrypoint({ argv, call }: Context): Run {
  const [first = '', ...rest] = argv.slice(1);
  if (first.startsWith('-') || first.endsWith('.conf')) return yield* call(['redis-server', first, ...rest]);
  return yield* call([first, ...rest]);
}
