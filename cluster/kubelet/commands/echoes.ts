/** ping and traceroute. */
import type { Wait } from '../shell/coroutine.ts';
import { resolve } from './resolve.ts';
import { waits, WHY_UNRESOLVED } from './timeouts.ts';
import type { Tool } from './tool.ts';

const roundTrip = (turn: number): number => 0.06 + (turn % 9) / 1000;

function* target(tool: Tool, host: string): Generator<Wait, string | undefined, void> {
  const resolved = yield* resolve(tool, host);
  if (resolved.kind === 'found') return resolved.addresses[0] ?? '';
  tool.context.io.stderr.write(
    tool.gnu ? `${tool.name}: ${host}: ${WHY_UNRESOLVED[resolved.kind]}\n` : `${tool.name}: bad address '${host}'\n`,
  );
  return undefined;
}

export function* ping(tool: Tool): Generator<Wait, number, void> {
  const [host = ''] = tool.operands;
  const address = yield* target(tool, host);
  if (address === undefined) return tool.gnu ? 2 : 1;
  const times = Number(tool.values.get('c') ?? Infinity);
  const interval = Number(tool.values.get('i') ?? 1) * 1000;
  const wait = Number(tool.values.get('W') ?? (tool.gnu ? 10 : 10)) * 1000;
  const deadline = tool.box.now() + Number(tool.values.get('w') ?? Infinity) * 1000;
  const quiet = tool.has('q');
  const size = Number(tool.values.get('s') ?? 56);
  const local = address === tool.box.network.address || address.startsWith('127.');
  const ttl = local ? 64 : 62;
  tool.out(`PING ${host} (${address})${tool.gnu ? ` ${size}(${size + 28}) bytes of data.` : `: ${size} data bytes`}\n`);
  let sent = 0;
  let received = 0;
  const from = tool.box.now();
  while (sent < times && tool.box.now() < deadline) {
    if (tool.context.pending('INT') !== undefined) break;
    const outcome = tool.box.network.ping(address);
    sent++;
    if (outcome === 'answers') {
      const time = roundTrip(received++).toFixed(3);
      if (!quiet) {
        tool.out(
          `${size + 8} bytes from ${address}: ${tool.gnu ? `icmp_seq=${sent} ttl=${ttl}` : `seq=${sent - 1} ttl=${ttl}`} time=${time} ms\n`,
        );
      }
    } else if (outcome === 'unreachable' && tool.gnu) {
      tool.out(`From ${tool.box.network.address} icmp_seq=${sent} Destination Host Unreachable\n`);
    }
    if (sent < times) yield* waits(tool, interval);
    else if (outcome !== 'answers') yield* waits(tool, Math.min(wait, Math.max(0, deadline - tool.box.now())));
  }
  const loss = sent === 0 ? 0 : Math.round(((sent - received) / sent) * 100);
  const errors =
    tool.gnu && received === 0 && tool.box.network.ping(address) === 'unreachable' ? ` +${sent} errors,` : '';
  tool.out(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} ${tool.gnu ? 'received' : 'packets received'},${errors} ${loss}% packet loss${tool.gnu ? `, time ${Math.max(0, tool.box.now() - from)}ms` : ''}\n`,
  );
  if (received > 0) {
    const worst = roundTrip(Math.min(received, 9) - 1).toFixed(3);
    const middle = ((0.06 + Number(worst)) / 2).toFixed(3);
    tool.out(
      tool.gnu
        ? `rtt min/avg/max/mdev = 0.060/${middle}/${worst}/0.003 ms\n`
        : `round-trip min/avg/max = 0.060/${middle}/${worst} ms\n`,
    );
  }
  return received > 0 ? 0 : 1;
}

/** Two hops at most: the own node, and whoever it is. */
export function* traceroute(tool: Tool): Generator<Wait, number, void> {
  const [host = ''] = tool.operands;
  const address = yield* target(tool, host);
  if (address === undefined) return 1;
  const hops = Number(tool.values.get('m') ?? 30);
  const seconds = Number(tool.values.get('w') ?? 3);
  tool.out(`traceroute to ${host} (${address}), ${hops} hops max, ${tool.gnu ? 60 : 46} byte packets\n`);
  const gateway = tool.box.network.address.replace(/\.\d+$/, '.1');
  const times = (base: number) => [0, 1, 2].map((turn) => `${(base + turn / 1000).toFixed(3)} ms`).join('  ');
  const alive = tool.box.network.ping(address) === 'answers';
  for (let hop = 1; hop <= hops; hop++) {
    if (hop === 1) tool.out(` 1  ${gateway} (${gateway})  ${times(0.008)}\n`);
    else if (alive) {
      tool.out(` 2  ${address} (${address})  ${times(0.021)}\n`);
      return 0;
    } else {
      yield* waits(tool, 3 * seconds * 1000);
      tool.out(`${String(hop).padStart(2)}  *  *  *\n`);
    }
  }
  return 0;
}
