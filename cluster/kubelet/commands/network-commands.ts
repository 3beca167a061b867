/** Programs that reach over the network, with the real tools' words for what goes wrong. */
import type { Program } from '../shell/box.ts';
import { readSome, untilTime, type Wait } from '../shell/coroutine.ts';
import { formatDate } from './date.ts';
import { addressOf, ask, isAddress, parseUrl } from './http-client.ts';
import { lasting, type Tool } from './tool.ts';

/** Milliseconds: how long a connection is tried without any answer. */
const TCP_TIMEOUT = 130_000;

function* waits(tool: Tool, ms: number): Generator<Wait, void, void> {
  yield* untilTime(() => tool.box.now(), tool.box.now() + ms);
}

function* curl(tool: Tool): Generator<Wait, number, void> {
  const silent = tool.has('s', 'silent');
  const loud = !silent || tool.has('S', 'show-error');
  const seconds = Number(
    tool.values.get('connect-timeout') ?? tool.values.get('m') ?? tool.values.get('max-time') ?? 130,
  );
  const headers = tool.args.flatMap((word, index) =>
    tool.args[index - 1] === '-H' || tool.args[index - 1] === '--header' ? [word] : [],
  );
  const data = tool.values.get('d') ?? tool.values.get('data') ?? tool.values.get('data-raw') ?? '';
  const method =
    tool.values.get('X') ??
    tool.values.get('request') ??
    (tool.has('I', 'head') ? 'HEAD' : data === '' ? 'GET' : 'POST');
  const fail = (code: number, message: string): number => {
    if (loud) tool.context.io.stderr.write(`curl: (${code}) ${message}\n`);
    return code;
  };
  if (tool.operands.length === 0) return fail(2, 'no URL specified');
  let code = 0;
  for (const operand of tool.operands) {
    let url = parseUrl(operand);
    for (let hops = 0; url !== undefined && hops < 10; hops++) {
      const outcome = ask(tool.box, url, {
        method,
        headers: data === '' ? headers : ['Content-Type: application/x-www-form-urlencoded', ...headers],
        body: data,
        agent: 'curl/8.14.1',
      });
      const where = `${url.host} port ${url.port}`;
      if (outcome.kind === 'unknown host') code = fail(6, `Could not resolve host: ${url.host}`);
      else if (outcome.kind === 'refused')
        code = fail(7, `Failed to connect to ${where} after 0 ms: Could not connect to server`);
      else if (outcome.kind === 'silent') {
        yield* waits(tool, Math.min(seconds * 1000, TCP_TIMEOUT));
        code = fail(
          28,
          seconds < 130
            ? `Connection timed out after ${seconds * 1000 + 1} milliseconds`
            : `Failed to connect to ${where} after 130000 ms: Could not connect to server`,
        );
      } else if (outcome.kind === 'no http') {
        code =
          outcome.said === '' ? fail(52, 'Empty reply from server') : fail(1, 'Received HTTP/0.9 when not allowed');
      } else if (url.scheme === 'https' && url.port !== 443 && url.port !== 6443)
        code = fail(35, 'TLS connect error: error:0A0000C6:SSL routines::packet length too long');
      else {
        const { answer } = outcome;
        const to = answer.headers.get('location');
        if (tool.has('L', 'location') && to !== undefined && answer.status >= 300 && answer.status < 400) {
          url = parseUrl(to.startsWith('/') ? `${url.scheme}://${url.host}:${url.port}${to}` : to);
          continue;
        }
        if (tool.has('v', 'verbose')) {
          tool.context.io.stderr.write(
            `*   Trying ${answer.address}:${url.port}...\n* Connected to ${url.host} (${answer.address}) port ${url.port}\n> ${method} ${url.path} HTTP/1.1\n> Host: ${url.host}\n> User-Agent: curl/8.14.1\n> Accept: */*\n> \n`,
          );
          for (const line of answer.head.trimEnd().split('\r\n')) tool.context.io.stderr.write(`< ${line}\n`);
          tool.context.io.stderr.write('< \n');
        }
        if (tool.has('f', 'fail') && answer.status >= 400)
          code = fail(22, `The requested URL returned error: ${answer.status}`);
        else {
          const shown =
            (tool.has('i', 'I', 'include', 'head') ? answer.head : '') + (method === 'HEAD' ? '' : answer.body);
          const file =
            tool.values.get('o') ??
            tool.values.get('output') ??
            (tool.has('O') ? url.path.split('/').at(-1) : undefined);
          if (file === undefined) tool.out(shown);
          else if (file !== '/dev/null')
            tool.attempt(
              () => tool.box.files.write(tool.path(file), shown),
              (error) => `${file}: ${error.message}`,
              23,
            );
        }
        const format = tool.values.get('w') ?? tool.values.get('write-out');
        if (format !== undefined)
          tool.out(
            format
              .replace(/%\{http_code\}|%\{response_code\}/g, String(answer.status))
              .replace(/\\n/g, '\n')
              .replace(/%\{\w+\}/g, ''),
          );
        break;
      }
      const format = tool.values.get('w') ?? tool.values.get('write-out');
      if (format !== undefined)
        tool.out(
          format
            .replace(/%\{http_code\}|%\{response_code\}/g, '000')
            .replace(/\\n/g, '\n')
            .replace(/%\{\w+\}/g, ''),
        );
      break;
    }
    if (url === undefined) code = fail(3, 'URL rejected: Malformed input to a URL function');
  }
  return code;
}

function* wget(tool: Tool): Generator<Wait, number, void> {
  const quiet = tool.has('q');
  const say = (text: string) => {
    if (!quiet) tool.context.io.stderr.write(`${text}\n`);
  };
  const fail = (message: string): number => {
    tool.context.io.stderr.write(`wget: ${message}\n`);
    return 1;
  };
  const seconds = Number(tool.values.get('T') ?? tool.values.get('timeout') ?? 900);
  for (const operand of tool.operands) {
    const url = parseUrl(operand);
    if (url === undefined) return fail(`bad address '${operand}'`);
    const data = tool.values.get('post-data') ?? '';
    const headers = tool.args
      .filter((word) => word.startsWith('--header'))
      .map((word) => word.slice('--header='.length));
    const outcome = ask(tool.box, url, { method: data === '' ? 'GET' : 'POST', headers, body: data, agent: 'Wget' });
    if (outcome.kind === 'unknown host')
      return fail(`bad address '${url.host}${url.port === 80 ? '' : `:${url.port}`}'`);
    const shown = `${url.host}${url.port === 80 && !operand.includes(':80') ? '' : ''}`;
    say(
      `Connecting to ${shown}${operand.includes(`:${url.port}`) ? `:${url.port}` : ''} (${outcome.kind === 'answer' ? outcome.answer.address : outcome.address}:${url.port})`,
    );
    if (outcome.kind === 'refused')
      return fail(`can't connect to remote host (${outcome.address}): Connection refused`);
    if (outcome.kind === 'silent') {
      yield* waits(tool, Math.min(seconds * 1000, TCP_TIMEOUT));
      return fail(
        seconds < 130 ? 'download timed out' : `can't connect to remote host (${outcome.address}): Operation timed out`,
      );
    }
    if (outcome.kind === 'no http') return fail(`error getting response`);
    const { answer } = outcome;
    if (tool.has('S'))
      for (const line of answer.head.trimEnd().split('\r\n')) tool.context.io.stderr.write(`  ${line}\n`);
    if (answer.status >= 400) return fail(`server returned error: HTTP/1.1 ${answer.status} ${answer.reason}`);
    if (tool.has('spider')) {
      say('remote file exists');
      continue;
    }
    const file = tool.values.get('O') ?? (url.path.split('/').at(-1) || 'index.html');
    if (file === '-') {
      say(`writing to stdout`);
      tool.out(answer.body);
      say(
        `-                    100% |********************************| ${String(answer.body.length).padStart(5)}  0:00:00 ETA\nwritten to stdout`,
      );
    } else {
      say(`saving to '${file}'`);
      if (
        tool.attempt(
          () => tool.box.files.write(tool.path(file), answer.body),
          (error) => `can't open '${file}': ${error.message}`,
        ) === undefined &&
        tool.code !== 0
      )
        return 1;
      say(
        `${file.padEnd(20)} 100% |********************************| ${String(answer.body.length).padStart(5)}  0:00:00 ETA\n'${file}' saved`,
      );
    }
  }
  return 0;
}

// eslint-disable-next-line require-yield -- the name server answers at once
function* nslookup(tool: Tool): Generator<Wait, number, void> {
  const name = tool.operands[0] ?? '';
  const server = tool.box.network.nameServer;
  tool.out(`Server:\t\t${server}\nAddress:\t${server}${tool.gnu ? '#53' : ':53'}\n\n`);
  const found = isAddress(name) ? undefined : tool.box.network.lookUp(name);
  if (found === undefined) {
    tool.out(
      tool.gnu
        ? `** server can't find ${name}: NXDOMAIN\n\n`
        : `** server can't find ${name}: NXDOMAIN\n\n** server can't find ${name}: NXDOMAIN\n\n`,
    );
    return 1;
  }
  for (const address of found.addresses) tool.out(`Name:\t${found.fullName}\nAddress: ${address}\n`);
  tool.out('\n');
  return 0;
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
  const address = addressOf(tool.box, host);
  const verbose = tool.has('v');
  if (address === undefined) {
    tool.context.io.stderr.write(
      tool.gnu
        ? `nc: getaddrinfo for host "${host}" port ${port}: Name or service not known\n`
        : `nc: bad address '${host}'\n`,
    );
    return 1;
  }
  const dialled = tool.box.network.dial(address, port);
  if (dialled.kind === 'refused') {
    if (verbose || !tool.has('z'))
      tool.context.io.stderr.write(
        tool.gnu
          ? `nc: connect to ${host} (${address}) port ${port} (tcp) failed: Connection refused\n`
          : `nc: ${host} (${address}:${port}): Connection refused\n`,
      );
    return 1;
  }
  if (dialled.kind === 'silent') {
    const seconds = Number(tool.values.get('w') ?? 130);
    yield* waits(tool, Math.min(seconds * 1000, TCP_TIMEOUT));
    tool.context.io.stderr.write(
      tool.gnu
        ? `nc: connect to ${host} (${address}) port ${port} (tcp) timed out: Operation now in progress\n`
        : `nc: ${host} (${address}:${port}): Connection timed out\n`,
    );
    return 1;
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
  const address = addressOf(tool.box, host);
  if (address === undefined) {
    tool.context.io.stderr.write(
      tool.gnu ? `ping: ${host}: Name or service not known\n` : `ping: bad address '${host}'\n`,
    );
    return tool.gnu ? 2 : 1;
  }
  const alive = tool.box.network.dial(address, 0).kind !== 'silent';
  const times = Number(tool.values.get('c') ?? Infinity);
  tool.out(`PING ${host} (${address})${tool.gnu ? ' 56(84) bytes of data.' : ': 56 data bytes'}\n`);
  let sent = 0;
  while (sent < times) {
    if (alive)
      tool.out(
        `64 bytes from ${address}: ${tool.gnu ? `icmp_seq=${sent + 1} ttl=63` : `seq=${sent} ttl=63`} time=0.0${60 + (sent % 9)} ms\n`,
      );
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

export const NETWORK_COMMANDS: Readonly<Record<string, Program>> = {
  curl: lasting(curl, 'XHdomwuA', [
    'request',
    'header',
    'data',
    'data-raw',
    'output',
    'max-time',
    'write-out',
    'connect-timeout',
    'user-agent',
    'retry',
  ]),
  wget: lasting(wget, 'OTtUP', ['timeout', 'header', 'post-data']),
  nslookup: lasting(nslookup),
  dig: lasting(function* dig(tool) {
    const name = tool.operands.find((word) => !word.startsWith('@') && !word.startsWith('+')) ?? '';
    const found = tool.box.network.lookUp(name.replace(/\.$/, ''));
    if (tool.args.includes('+short')) for (const address of found?.addresses ?? []) tool.out(`${address}\n`);
    else
      tool.out(
        `\n; <<>> DiG 9.18 <<>> ${name}\n;; ->>HEADER<<- opcode: QUERY, status: ${found ? 'NOERROR' : 'NXDOMAIN'}\n\n;; ANSWER SECTION:\n${(found?.addresses ?? []).map((address) => `${found?.fullName}.\t30\tIN\tA\t${address}\n`).join('')}\n;; WHEN: ${formatDate(tool.box.now(), '%a %b %d %H:%M:%S UTC %Y')}\n`,
      );
    yield {};
  }),
  nc: lasting(nc, 'pwe'),
  ping: lasting(ping, 'cWwi'),
};
