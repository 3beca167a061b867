/** The server as a process, and zkServer.sh and zookeeper-ready that ask it. */
import type { Context } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { showAs } from '../../shell/process-rows.ts';
import { pause, textOf, untilSignal } from '../serve.ts';
import { ZooKeeper } from './ensemble.ts';
import { CONFIG, settingsOf } from './settings.ts';

/** Milliseconds that Java takes to start. */
const STARTS = 3000;

/** The server itself: `java` by its name in the list of processes. */
export function* server(context: Context): Run {
  const { box, io } = context;
  const text = textOf(box, CONFIG);
  io.stdout.write('ZooKeeper JMX enabled by default\nUsing config: /usr/bin/../etc/zookeeper/zoo.cfg\n');
  if (text === undefined) {
    io.stderr.write(`grep: ${CONFIG}: No such file or directory\n`);
    return 1;
  }
  const settings = settingsOf(text);
  const id = Number.parseInt(textOf(box, `${settings.folder}/myid`) ?? '1', 10);
  const say = (level: string, where: string, what: string) =>
    io.stdout.write(
      `${new Date(box.now()).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',')} [myid:${id}] - ${level.padEnd(5)} [${where}] - ${what}\n`,
    );
  const ends = (signal: string) => (signal === 'TERM' || signal === 'INT' ? 143 : undefined);
  const early = yield* pause(context, STARTS, ends);
  if (early !== undefined) return early;
  say('INFO', 'main:QuorumPeerConfig@134', 'Reading configuration from: /usr/bin/../etc/zookeeper/zoo.cfg');
  for (const one of settings.servers.toReversed())
    say(
      'INFO',
      'main:QuorumPeer$QuorumServer@167',
      `Resolved hostname: ${one.host} to address: ${one.host}/${box.network.address}`,
    );
  const zookeeper = new ZooKeeper(box, settings, id);
  const own = settings.servers.find((one) => one.id === id);
  if (own) {
    say('INFO', 'main:QuorumPeerConfig@396', `Defaulting to majority quorums`);
    say('INFO', `main:QuorumPeerMain@127`, 'Starting quorum peer');
    box.listen(own.peer, zookeeper.peers());
    box.listen(own.peer + 1000, zookeeper.peers());
    say(
      'INFO',
      'WorkerReceiver[myid=' + String(id) + ']:FastLeaderElection@600',
      `Notification: 1 (message format version), ${id} (n.leader), 0x0 (n.zxid), 0x1 (n.round), LOOKING (n.state), ${id} (n.sid), 0x0 (n.peerEpoch) LOOKING (my state)`,
    );
  } else
    say(
      'WARN',
      'main:QuorumPeerMain@113',
      'Either no config or no quorum defined in config, running  in standalone mode',
    );
  showAs(box, [
    ...box.processes(),
    {
      pid: 27,
      user: 'zookeep+',
      command:
        '/usr/lib/jvm/java-8-openjdk-amd64/bin/java -Dzookeeper.log.dir=/var/log/zookeeper -Dzookeeper.root.logger=INFO,CONSOLE org.apache.zookeeper.server.quorum.QuorumPeerMain /usr/bin/../etc/zookeeper/zoo.cfg',
    },
  ]);
  zookeeper.catchUp();
  say('INFO', `main:NIOServerCnxnFactory@89`, `binding to port 0.0.0.0/0.0.0.0:${settings.client}`);
  box.listen(settings.client, zookeeper.clients());
  if (zookeeper.hasQuorum)
    say(
      'INFO',
      `QuorumPeer[myid=${id}]/0:0:0:0:0:0:0:0:${settings.client}:QuorumPeer@${zookeeper.role() === 'leader' ? 856 : 844}`,
      zookeeper.role() === 'leader' ? 'LEADING' : 'FOLLOWING',
    );
  return yield* untilSignal(context, ends);
}

export function* zookeeperReady({ box, argv }: Context): Run {
  yield* [];
  const port = Number(argv[1] ?? 2181);
  const dialled = box.network.dial('127.0.0.1', port);
  const said = dialled.kind === 'open' ? dialled.peer.say('ruok') : '';
  if (said === 'imok') return 0;
  return 1;
}

export function* zkServer(context: Context): Run {
  const { box, io, argv } = context;
  if (argv[1] === 'start-foreground' || argv[1] === 'start') return yield* server(context);
  if (argv[1] !== 'status') {
    io.stdout.write('Usage: zkServer.sh {start|start-foreground|stop|restart|status|upgrade|print-cmd}\n');
    return 0;
  }
  const dialled = box.network.dial('127.0.0.1', 2181);
  const mode = dialled.kind === 'open' ? /^Mode: .*$/m.exec(dialled.peer.say('srvr'))?.[0] : undefined;
  io.stdout.write(
    `ZooKeeper JMX enabled by default\nUsing config: /usr/bin/../etc/zookeeper/zoo.cfg\n${mode ?? 'Error contacting service. It is probably not running.'}\n`,
  );
  return mode === undefined ? 1 : 0;
}
