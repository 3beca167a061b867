/** wget, as busybox has it. */
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { ask, parseUrl } from './http-client.ts';
import { resolve } from './resolve.ts';
import { ARP_TIMEOUT, TCP_TIMEOUT, waits } from './sockets.ts';
import { lasting, type Tool } from './tool.ts';

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
    const resolved = yield* resolve(tool, url.host);
    if (resolved.kind !== 'found') return fail(`bad address '${url.host}${url.port === 80 ? '' : `:${url.port}`}'`);
    const [address = ''] = resolved.addresses;
    const outcome = ask(tool.box, url, address, {
      method: data === '' ? 'GET' : 'POST',
      headers,
      body: data,
      agent: 'Wget',
    });
    say(`Connecting to ${url.host}${operand.includes(`:${url.port}`) ? `:${url.port}` : ''} (${address}:${url.port})`);
    if (outcome.kind === 'refused') return fail(`can't connect to remote host (${address}): Connection refused`);
    if (outcome.kind === 'silent') {
      yield* waits(tool, Math.min(seconds * 1000, TCP_TIMEOUT));
      return fail(
        seconds < 130 ? 'download timed out' : `can't connect to remote host (${address}): Operation timed out`,
      );
    }
    if (outcome.kind === 'unreachable') {
      yield* waits(tool, Math.min(seconds * 1000, ARP_TIMEOUT));
      return fail(
        seconds * 1000 < ARP_TIMEOUT
          ? 'download timed out'
          : `can't connect to remote host (${address}): No route to host`,
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

export const WGET: Readonly<Record<string, Program>> = {
  wget: lasting(wget, 'OTtUP', ['timeout', 'header', 'post-data']),
};
