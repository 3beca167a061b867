/** agnhost: the image of Kubernetes' own tests and of many pages of its documentation, one program with a command a purpose. */
import { resolveNow } from '../commands/resolve.ts';
import type { Box, Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { goNotFound, plain, serveGo, type HttpRequest, type HttpResponse } from './http-server.ts';
import { goEnds, pause as wait, textOf, untilSignal } from './serve.ts';

const option = (argv: readonly string[], name: string, otherwise: string): string => {
  for (const [index, word] of argv.entries()) {
    const [, key, , value] = /^--?([\w-]+)(=(.*))?$/s.exec(word) ?? [];
    if (key === name) return value ?? argv[index + 1] ?? otherwise;
  }
  return otherwise;
};
/** As Go prints a time. */
const goTime = (box: Box): string =>
  `${new Date(box.now()).toISOString().replace('T', ' ').replace('Z', '000000')} +0000 UTC`;
const query = (request: HttpRequest) => new URLSearchParams(request.path.split('?')[1] ?? '');
const pathOf = (request: HttpRequest) => request.path.split('?')[0] ?? '/';

/** Answers of `netexec`, by path. */
function netexec(context: Context, startedAt: number): (request: HttpRequest) => HttpResponse | undefined {
  const { box, env } = context;
  return (request) => {
    const asked = query(request);
    switch (pathOf(request)) {
      case '/':
        return plain(`NOW: ${goTime(box)}`);
      case '/hostname':
      case '/hostName':
        return plain(box.hostname);
      case '/clientip':
        return plain(`${request.from}:40312`);
      case '/echo':
        return plain(asked.get('msg') ?? '', Number(asked.get('code') ?? 200));
      case '/header':
        return plain(request.headers.get((asked.get('key') ?? '').toLowerCase()) ?? '');
      case '/healthz':
        return plain('');
      case '/readyz':
        return plain('');
      case '/redirect':
        return {
          status: Number(asked.get('code') ?? 302),
          body: '',
          headers: { Location: asked.get('location') ?? '' },
        };
      case '/env':
        return plain([...env].map(([name, value]) => `${name}=${value}\n`).join(''));
      case '/shell':
      case '/shutdown':
      case '/exit':
        return plain('');
      case '/dial': {
        const host = asked.get('host') ?? '';
        const port = asked.get('port') ?? '80';
        const found = resolveNow(box, host);
        const [address = ''] = found.kind === 'found' ? found.addresses : [];
        const dialled = address === '' ? undefined : box.network.dial(address, Number(port));
        if (dialled?.kind !== 'open')
          return plain(
            `{"errors":["Get \\"http://${host}:${port}/${asked.get('request')}\\": dial tcp ${address}:${port}: connect: connection refused"]}`,
          );
        const said = dialled.peer.say(
          `GET /${asked.get('request') ?? ''} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        );
        return plain(`{"responses":["${said.slice(said.indexOf('\r\n\r\n') + 4)}"]}`);
      }
      default:
        return startedAt > 0 ? goNotFound : undefined;
    }
  };
}

function* connect({ box, io, argv }: Context): Run {
  const target = argv.slice(2).find((word) => !word.startsWith('-')) ?? '';
  const [, host = '', port = '0'] = /^(.*):(\d+)$/.exec(target) ?? [];
  if (port === '0') {
    io.stderr.write(`OTHER: address ${target}: missing port in address\n`);
    return 1;
  }
  const found = resolveNow(box, host);
  const timeout = Number.parseFloat(option(argv, 'timeout', '10s')) * 1000;
  if (found.kind !== 'found') {
    io.stderr.write('DNS\n');
    return 1;
  }
  const dialled = box.network.dial(found.addresses[0] ?? '', Number(port));
  if (dialled.kind === 'open') return 0;
  if (dialled.kind !== 'refused') yield* wait({ box, pending: () => undefined }, Math.min(timeout, 10_000));
  io.stderr.write(`${{ refused: 'REFUSED', silent: 'TIMEOUT', unreachable: 'OTHER' }[dialled.kind]}\n`);
  return 1;
}

export function* agnhost(context: Context): Run {
  const { box, io, argv, env } = context;
  const [, command] = argv;
  const startedAt = box.now();
  const stamp = () => {
    const iso = new Date(box.now()).toISOString();
    return `I${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000       1`;
  };
  switch (command) {
    case undefined:
    case 'help':
    case '--help':
      io.stdout.write('Usage:\n  app [command]\n\nUse "app [command] --help" for more information about a command.\n');
      return 0;
    case '--version':
      io.stdout.write('app version 2.56\n');
      return 0;
    case 'pause':
      io.stdout.write('Paused\n');
      return yield* untilSignal(context, (name) => (name === 'TERM' || name === 'INT' ? 0 : undefined));
    case 'netexec': {
      const port = Number(option(argv, 'http-port', '8080'));
      const answer = netexec(context, 1);
      io.stderr.write(`${stamp()} log.go:245] Started HTTP server on port ${port}\n`);
      io.stderr.write(`${stamp()} log.go:245] Started UDP server on port  ${option(argv, 'udp-port', '8081')}\n`);
      serveGo(context, port, (request) => {
        io.stderr.write(`${stamp()} log.go:245] ${request.method} ${request.path}\n`);
        return answer(request) ?? goNotFound;
      });
      box.listen(Number(option(argv, 'udp-port', '8081')), () => ({ closed: false, say: udp(box) }));
      return yield* untilSignal(context);
    }
    case 'serve-hostname': {
      const port = Number(option(argv, 'port', '9376'));
      io.stderr.write(`${stamp()} log.go:245] Serving on port ${port}.\n`);
      serveGo(context, port, () => plain(box.hostname));
      return yield* untilSignal(context);
    }
    case 'porter': {
      for (const [name, value] of env) {
        const [, port] = /^SERVE_(?:TLS_)?PORT_(\d+)$/.exec(name) ?? [];
        if (port !== undefined) serveGo(context, Number(port), () => plain(value));
      }
      return yield* untilSignal(context, goEnds);
    }
    case 'liveness':
      // fine for ten seconds, and not after that
      serveGo(context, 8080, (request) => {
        if (pathOf(request) !== '/healthz') return plain(option(argv, 'message', 'OK'));
        const seconds = (box.now() - startedAt) / 1000;
        return seconds > 10 ? plain(`error: ${seconds}`, 500) : plain('ok');
      });
      return yield* untilSignal(context, goEnds);
    case 'test-webserver': {
      const port = Number(option(argv, 'port', '80'));
      serveGo(context, port, (request) => {
        const text = textOf(box, pathOf(request));
        return text === undefined ? goNotFound : plain(text);
      });
      return yield* untilSignal(context, goEnds);
    }
    case 'connect':
      return yield* connect(context);
    case 'dns-suffix':
    case 'dns-server-list':
    case 'etc-hosts': {
      const conf = textOf(box, '/etc/resolv.conf') ?? '';
      const lines = conf.split('\n');
      if (command === 'etc-hosts') io.stdout.write(textOf(box, '/etc/hosts') ?? '');
      else if (command === 'dns-suffix')
        io.stdout.write(`${(/^search (.*)$/m.exec(conf)?.[1] ?? '').replaceAll(' ', ',')}\n`);
      else io.stdout.write(`${lines.flatMap((line) => /^nameserver (.*)$/.exec(line)?.[1] ?? []).join(',')}\n`);
      return 0;
    }
    case 'entrypoint-tester':
      io.stdout.write(`[${argv.join(' ')}]\n`);
      return 0;
    case 'logs-generator': {
      const lines = Number(option(argv, 'log-lines-total', '0'));
      for (let line = 0; line < lines; line++)
        io.stderr.write(
          `${stamp()} logs_generator.go:76] ${line} GET /api/v1/namespaces/default/pods/${line.toString(36).padStart(3, 'x')} ${200 + line}\n`,
        );
      return 0;
    }
    case 'fake-gitserver':
    case 'grpc-health-checking':
    case 'guestbook':
    case 'inclusterclient':
    case 'webhook': {
      const port = Number(
        option(argv, 'port', command === 'webhook' ? '443' : command.startsWith('grpc') ? '5000' : '8000'),
      );
      serveGo(context, port, () => plain('OK'));
      return yield* untilSignal(context, goEnds);
    }
    case 'mounttest':
    case 'mounttest-user':
      for (const [flag, label] of [
        ['file_content', 'content of file'],
        ['file_content_in_loop', 'content of file'],
      ] as const) {
        const path = option(argv, flag, '');
        if (path === '') continue;
        const text = textOf(box, path);
        io.stdout.write(
          text === undefined
            ? `Error reading file ${path}: open ${path}: no such file or directory\n`
            : `${label} "${path}": ${text}\n`,
        );
      }
      return 0;
    default:
      io.stderr.write(`Error: unknown command "${command}" for "app"\nRun 'app --help' for usage.\n`);
      return 1;
  }
}
/** What netexec says over UDP. */
const udp =
  (box: Box) =>
  (bytes: string): string => {
    const [word = '', ...rest] = bytes.trim().split(' ');
    if (word.toLowerCase() === 'hostname') return box.hostname;
    return word.toLowerCase() === 'echo' ? rest.join(' ') : '';
  };
