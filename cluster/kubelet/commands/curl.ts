/** curl. */
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { ask, parseUrl } from './http-client.ts';
import { DNS_TIMEOUT, resolve } from './resolve.ts';
import { ARP_TIMEOUT, TCP_TIMEOUT, waits } from './sockets.ts';
import { lasting, type Tool } from './tool.ts';

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
  const report = (status: string) => {
    const format = tool.values.get('w') ?? tool.values.get('write-out');
    if (format === undefined) return;
    tool.out(
      format
        .replace(/%\{http_code\}|%\{response_code\}/g, status)
        .replace(/\\n/g, '\n')
        .replace(/%\{\w+\}/g, ''),
    );
  };
  if (tool.operands.length === 0) return fail(2, 'no URL specified');
  let code = 0;
  for (const operand of tool.operands) {
    let url = parseUrl(operand);
    for (let hops = 0; url !== undefined && hops < 10; hops++) {
      const resolved = yield* resolve(tool, url.host, seconds * 1000);
      if (resolved.kind !== 'found') {
        code =
          resolved.kind === 'timeout' && seconds * 1000 < DNS_TIMEOUT
            ? fail(28, `Resolving timed out after ${seconds * 1000 + 1} milliseconds`)
            : fail(6, `Could not resolve host: ${url.host}`);
        report('000');
        break;
      }
      const [address = ''] = resolved.addresses;
      const outcome = ask(tool.box, url, address, {
        method,
        headers: data === '' ? headers : ['Content-Type: application/x-www-form-urlencoded', ...headers],
        body: data,
        agent: 'curl/8.14.1',
      });
      const where = `${url.host} port ${url.port}`;
      if (outcome.kind === 'refused')
        code = fail(7, `Failed to connect to ${where} after 0 ms: Could not connect to server`);
      else if (outcome.kind === 'silent') {
        yield* waits(tool, Math.min(seconds * 1000, TCP_TIMEOUT));
        code = fail(
          28,
          seconds < 130
            ? `Connection timed out after ${seconds * 1000 + 1} milliseconds`
            : `Failed to connect to ${where} after 130000 ms: Could not connect to server`,
        );
      } else if (outcome.kind === 'unreachable') {
        yield* waits(tool, Math.min(seconds * 1000, ARP_TIMEOUT));
        code =
          seconds * 1000 < ARP_TIMEOUT
            ? fail(28, `Connection timed out after ${seconds * 1000 + 1} milliseconds`)
            : fail(7, `Failed to connect to ${where} after ${ARP_TIMEOUT} ms: Could not connect to server`);
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
        report(String(answer.status));
        break;
      }
      report('000');
      break;
    }
    if (url === undefined) code = fail(3, 'URL rejected: Malformed input to a URL function');
  }
  return code;
}

export const CURL: Readonly<Record<string, Program>> = {
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
};
