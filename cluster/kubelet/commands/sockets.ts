/** Connections by hand, and echoes: nc and ping. */
import type { Program } from '../shell/box.ts';
import { readSome, untilTime, type Wait } from '../shell/coroutine.ts';
import { resolve } from './resolve.ts';
import { lasting, type Tool } from './tool.ts';

/** Milliseconds: how long a connection is tried without any answer. */
export const TCP_TIMEOUT = 130_000;
/** Milliseconds until it is known that nobody has an address. */
export const ARP_TIMEOUT = 3000;

const WHY_UNRESOLVED = {
  unknown: 'Name or service not known',
  timeout: 'Temporary failure in name resolution',
};

export function* waits(tool: Tool, ms: number): Generator<Wait, void, void> {
  yield* untilTime(() => tool.box.now(), tool.box.now() + ms);
}

function* nc(tool: Tool): Generator<Wait, number, void> {
  if (tool.has('l')) {
    const port = Number(tool.values.get('p') ?? tool.operands.at(-1) ?? 0);
    const heard: string[] = [];
    const echo = tool.values.get('e') === 'cat' || tool.args.at(-1) === 'cat';
    tool.box.listen(port, () => ({
      closed: false,
      say: (bytes) => {
        if (echo) return bytes;
        heard.push(bytes);
        return '';
      },
    }));
    for (;;) {
      while (heard.length > 0) tool.out(heard.shift() ?? '');
      yield { event: true };
    }
  }
  const [host = '', portText = '0'] = tool.operands;
  const port = Number(portText);
  const verbose = tool.has('v');
  const seconds = Number(tool.values.get('w') ?? 130);
  const fail = (text: string): number => {
    tool.context.io.stderr.write(`nc: ${text}\n`);
    return 1;
  };
  const resolved = yield* resolve(tool, host);
  if (resolved.kind !== 'found') {
    return fail(
      tool.gnu
        ? `getaddrinfo for host "${host}" port ${port}: ${WHY_UNRESOLVED[resolved.kind]}`
        : `bad address '${host}'`,
    );
  }
  const [address = ''] = resolved.addresses;
  const dialled = tool.box.network.dial(address, port);
  if (dialled.kind !== 'open') {
    const limit = { refused: 0, unreachable: ARP_TIMEOUT, silent: TCP_TIMEOUT }[dialled.kind];
    yield* waits(tool, Math.min(seconds * 1000, limit));
    const kind = seconds * 1000 < limit ? 'silent' : dialled.kind;
    const why = { refused: 'Connection refused', unreachable: 'No route to host', silent: 'Connection timed out' }[
      kind
    ];
    if (!tool.gnu) {
      // a scan says nothing about ports that are closed, unless asked to
      if (kind === 'refused' && tool.has('z') && !verbose) return 1;
      return fail(`${host} (${address}:${port}): ${why}`);
    }
    if (!verbose) return 1;
    const to = `connect to ${host} (${address}) port ${port} (tcp)`;
    return fail(kind === 'silent' ? `${to} timed out: Operation now in progress` : `${to} failed: ${why}`);
  }
  if (verbose)
    tool.context.io.stderr.write(
      tool.gnu
        ? `Connection to ${host} (${address}) ${port} port [tcp/*] succeeded!\n`
        : `${host} (${address}:${port}) open\n`,
    );
  if (tool.has('z')) return 0;
  for (;;) {
    const bytes = yield* readSome(tool.context.io.stdin);
    if (bytes === '') return 0;
    tool.out(dialled.peer.say(bytes));
    if (dialled.peer.closed) return 0;
  }
}

function* ping(tool: Tool): Generator<Wait, number, void> {
  const host = tool.operands[0] ?? '';
  const resolved = yield* resolve(tool, host);
  if (resolved.kind !== 'found') {
    tool.context.io.stderr.write(
      `ping: ${tool.gnu ? `${host}: ${WHY_UNRESOLVED[resolved.kind]}` : `bad address '${host}'`}\n`,
    );
    return tool.gnu ? 2 : 1;
  }
  const [address = ''] = resolved.addresses;
  const answer = tool.box.network.ping(address);
  const alive = answer === 'answers';
  const times = Number(tool.values.get('c') ?? Infinity);
  tool.out(`PING ${host} (${address})${tool.gnu ? ' 56(84) bytes of data.' : ': 56 data bytes'}\n`);
  let sent = 0;
  while (sent < times) {
    if (alive)
      tool.out(
        `64 bytes from ${address}: ${tool.gnu ? `icmp_seq=${sent + 1} ttl=63` : `seq=${sent} ttl=63`} time=0.0${60 + (sent % 9)} ms\n`,
      );
    else if (answer === 'unreachable' && tool.gnu)
      tool.out(`From ${tool.box.network.address} icmp_seq=${sent + 1} Destination Host Unreachable\n`);
    sent++;
    if (sent < times || !alive) yield* waits(tool, 1000);
  }
  const loss = alive ? '0%' : '100%';
  tool.out(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${alive ? sent : 0} ${tool.gnu ? 'received' : 'packets received'}, ${loss} packet loss${tool.gnu ? `, time ${(sent - 1) * 1000}ms` : ''}\n`,
  );
  if (alive)
    tool.out(
      tool.gnu
        ? 'rtt min/avg/max/mdev = 0.060/0.064/0.068/0.003 ms\n'
        : 'round-trip min/avg/max = 0.060/0.064/0.068 ms\n',
    );
  return alive ? 0 : 1;
}

export const SOCKETS: Readonly<Record<string, Program>> = {
  nc: lasting(nc, 'pwe'),
  ping: lasting(ping, 'cWwi'),
};
