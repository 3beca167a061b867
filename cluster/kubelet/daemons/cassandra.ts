/** Cassandra: joins its ring by name, and nodetool tells of it; CQL is not simulated. */
import { resolveNow } from '../commands/resolve.ts';
import type { Box, Context } from '../shell/box.ts';
import { atOnce, type Run } from '../shell/coroutine.ts';
import { mute } from './http-server.ts';
import { pause, untilSignal } from './serve.ts';

/** Milliseconds until it takes part. */
const STARTS = 20_000;
const PORTS = [7000, 7001, 7199, 9042];

/** Those of its service that answer. */
function members(box: Box, service: string): string[] {
  const found = service === '' ? undefined : resolveNow(box, service);
  const listed =
    found?.kind === 'found' ? found.addresses.filter((one) => box.network.dial(one, 7000).kind === 'open') : [];
  return [...new Set([box.network.address, ...listed])].sort();
}
const seedsOf = (env: ReadonlyMap<string, string>): string => {
  const [seed = ''] = (env.get('CASSANDRA_SEEDS') ?? '').split(',');
  const [, ...rest] = seed.split('.');
  return rest.join('.');
};

export function* cassandra(context: Context): Run {
  const { box, io, env } = context;
  io.stdout.write(
    `Starting Cassandra on ${box.network.address}\nCASSANDRA_CLUSTER_NAME ${env.get('CASSANDRA_CLUSTER_NAME') ?? 'Test Cluster'}\nCASSANDRA_SEEDS ${env.get('CASSANDRA_SEEDS') ?? box.hostname}\n`,
  );
  const early = yield* pause(context, STARTS);
  if (early !== undefined) return early;
  for (const port of PORTS) box.listen(port, mute);
  io.stdout.write(
    `INFO  Node /${box.network.address} state jump to NORMAL\nINFO  Starting listening for CQL clients on /0.0.0.0:9042...\n`,
  );
  return yield* untilSignal(context);
}
export const nodetool = ({ io, argv, box, env }: Context): Run =>
  atOnce(() => {
    const words = argv.slice(1).filter((word) => !word.startsWith('-'));
    if (box.network.dial('127.0.0.1', 7199).kind !== 'open') {
      io.stderr.write(
        "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection refused (Connection refused)'.\n",
      );
      return 1;
    }
    if (words[0] === 'drain') return 0;
    if (words[0] !== 'status') {
      io.stderr.write(`nodetool: ${words[0] ?? ''}: this can't be done in the simulated cluster\n`);
      return 1;
    }
    const all = members(box, seedsOf(env));
    const share = (100 / all.length).toFixed(1);
    const rows = all.map(
      (address, index) =>
        `UN  ${address.padEnd(11)}  ${(65 + index * 19.5).toFixed(2)} KiB  32           ${share}%             ${`${index}b`.repeat(4)}-0000-4000-8000-${'0'.repeat(11)}${index}  ${env.get('CASSANDRA_RACK') ?? 'rack1'}\n`,
    );
    io.stdout.write(
      `Datacenter: ${env.get('CASSANDRA_DC') ?? 'datacenter1'}\n${'='.repeat(12 + (env.get('CASSANDRA_DC') ?? 'datacenter1').length)}\nStatus=Up/Down\n|/ State=Normal/Leaving/Joining/Moving\n--  Address      Load       Tokens       Owns (effective)  Host ID                               Rack\n${rows.join('')}\n`,
    );
    return 0;
  });
/** Ready once the node takes part. */
export const readyProbe = ({ box, io }: Context): Run =>
  atOnce(() => {
    if (box.network.dial('127.0.0.1', 9042).kind === 'open') return 0;
    io.stdout.write('Not Up\n');
    return 1;
  });
