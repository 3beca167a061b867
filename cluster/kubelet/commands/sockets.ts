/** Connections by hand: nc and telnet. */
import type { Protocol } from '../../network/address.ts';
import type { Dialled, Program, TcpPeer } from '../shell/box.ts';
import { readSome, type Wait } from '../shell/coroutine.ts';
import { ping, traceroute } from './echoes.ts';
import { resolve } from './resolve.ts';
import { ARP_TIMEOUT, TCP_TIMEOUT, waits, WHY_UNRESOLVED } from './timeouts.ts';
import { lasting, type Tool } from './tool.ts';

/** Alpine's C library has its own words. */
const isMusl = ({ box }: Tool): boolean => /alpine|musl|curlimages|netshoot/.test(box.image);
export const noAnswerWords = (tool: Tool): string => (isMusl(tool) ? 'Operation timed out' : 'Connection timed out');

type Failed = Exclude<Dialled['kind'], 'open'>;

/** Waits as long as it takes to know, at most `seconds`; the reason in the C library's words. */
function* reasonFor(tool: Tool, kind: Failed, seconds: number): Generator<Wait, string, void> {
  const limit = { refused: 0, unreachable: ARP_TIMEOUT, silent: TCP_TIMEOUT }[kind];
  yield* waits(tool, Math.min(seconds * 1000, limit));
  if (seconds * 1000 < limit || kind === 'silent') return noAnswerWords(tool);
  return kind === 'refused' ? 'Connection refused' : isMusl(tool) ? 'Host is unreachable' : 'No route to host';
}

/** What is typed goes there, what comes is shown, until either ends. */
function* talk(tool: Tool, peer: TcpPeer): Generator<Wait, number, void> {
  // some speak first
  tool.out(peer.say(''));
  for (;;) {
    if (peer.closed) return 0;
    const bytes = yield* readSome(tool.context.io.stdin);
    if (bytes === '') return 0;
    tool.out(peer.say(bytes));
  }
}

function* listen(tool: Tool): Generator<Wait, number, void> {
  const port = Number(tool.values.get('p') ?? tool.operands.at(-1) ?? 0);
  const heard: string[] = [];
  let over = false;
  const echo = tool.values.get('e') === 'cat' || tool.args.at(-1) === 'cat';
  const { stdin } = tool.context.io;
  tool.box.listen(port, () => ({
    get closed() {
      return over && stdin.ended;
    },
    say: (bytes) => {
      if (echo) return bytes;
      heard.push(bytes);
      if (bytes !== '') over = !tool.has('k') && !tool.args.includes('-lk') && !tool.args.includes('-ll');
      // what was piped into it is what it answers
      return stdin.take();
    },
  }));
  for (;;) {
    while (heard.length > 0) tool.out(heard.shift() ?? '');
    if (over && tool.context.io.stdin.ended) return 0;
    yield { event: true };
  }
}

/** `80`, or a range of them. */
function portsOf(text: string): number[] {
  const [from = '', to = from] = text.split('-');
  const first = Number(from);
  return Array.from({ length: Math.max(0, Math.min(1024, Number(to) - first + 1)) }, (_, index) => first + index);
}

function* nc(tool: Tool): Generator<Wait, number, void> {
  if (tool.has('l')) return yield* listen(tool);
  const [host = '', portText = ''] = tool.operands;
  const problem = (text: string): number => {
    tool.context.io.stderr.write(`nc: ${text}\n`);
    return 1;
  };
  if (host === '' || portText === '') {
    return tool.gnu
      ? problem(host === '' ? 'missing hostname and port' : 'missing port number')
      : problem(host === '' ? 'bad address' : 'no destination port');
  }
  const [first = 0] = portsOf(portText);
  const resolved = yield* resolve(tool, host);
  if (resolved.kind !== 'found') {
    return problem(
      tool.gnu
        ? `getaddrinfo for host "${host}" port ${first}: ${WHY_UNRESOLVED[resolved.kind]}`
        : `bad address '${host}'`,
    );
  }
  const [address = ''] = resolved.addresses;
  const protocol: Protocol = tool.has('u') ? 'UDP' : 'TCP';
  let code = 1;
  for (const port of portsOf(portText)) {
    const one = yield* reach(tool, { host, address, port, protocol });
    if (one === 0) code = 0;
    if (!tool.has('z')) return one;
  }
  return code;
}

interface Target {
  host: string;
  address: string;
  port: number;
  protocol: Protocol;
}
function* reach(tool: Tool, { host, address, port, protocol }: Target): Generator<Wait, number, void> {
  const verbose = tool.has('v');
  const say = (text: string) => tool.context.io.stderr.write(text);
  const seconds = Number(tool.values.get('w') ?? 130);
  const dialled = tool.box.network.dial(address, port, protocol);
  const kind = protocol.toLowerCase();
  // a datagram is sent, and nobody says that it was not wanted
  if (dialled.kind !== 'open' && !(protocol === 'UDP' && dialled.kind !== 'refused')) {
    const why = yield* reasonFor(tool, dialled.kind, seconds);
    if (!tool.gnu) {
      // a scan says nothing about ports that are closed, unless asked to
      if (dialled.kind === 'refused' && tool.has('z') && !verbose) return 1;
      say(`nc: ${host} (${address}:${port}): ${why}\n`);
      return 1;
    }
    if (!verbose) return 1;
    const to = `connect to ${host} (${address}) port ${port} (${kind})`;
    say(`nc: ${/timed out/.test(why) ? `${to} timed out: Operation now in progress` : `${to} failed: ${why}`}\n`);
    return 1;
  }
  if (verbose) {
    say(
      tool.gnu
        ? `Connection to ${host} (${address}) ${port} port [${kind}/*] succeeded!\n`
        : `${host} (${address}:${port}) open\n`,
    );
  }
  if (tool.has('z')) return 0;
  return dialled.kind === 'open' ? yield* talk(tool, dialled.peer) : 0;
}

function* telnet(tool: Tool): Generator<Wait, number, void> {
  const [host = '', portText = '23'] = tool.operands;
  const say = (text: string) => tool.context.io.stderr.write(text);
  const resolved = yield* resolve(tool, host);
  if (resolved.kind !== 'found') {
    say(
      tool.gnu
        ? `telnet: could not resolve ${host}/${portText}: ${WHY_UNRESOLVED[resolved.kind]}\n`
        : `telnet: bad address '${host}'\n`,
    );
    return 1;
  }
  const [address = ''] = resolved.addresses;
  if (tool.gnu) tool.out(`Trying ${address}...\n`);
  const dialled = tool.box.network.dial(address, Number(portText));
  if (dialled.kind !== 'open') {
    const why = yield* reasonFor(tool, dialled.kind, 130);
    say(
      tool.gnu
        ? `telnet: Unable to connect to remote host: ${why}\n`
        : `telnet: can't connect to remote host (${address}): ${why}\n`,
    );
    return 1;
  }
  tool.out(tool.gnu ? `Connected to ${host}.\nEscape character is '^]'.\n` : `Connected to ${host}\n`);
  const code = yield* talk(tool, dialled.peer);
  if (dialled.peer.closed) say('Connection closed by foreign host\n');
  return dialled.peer.closed ? 1 : code;
}

export const SOCKETS: Readonly<Record<string, Program>> = {
  nc: lasting(nc, 'pweis'),
  ping: lasting(ping, 'cWwistI'),
  telnet: lasting(telnet),
  traceroute: lasting(traceroute, 'mqwfpsi'),
};
