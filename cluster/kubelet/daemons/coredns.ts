/** CoreDNS: reads its Corefile, ends with a sentence about one that it can't read, and answers by it. */
import { createHash } from 'node:crypto';
import { CorefileError, hasPlugin, parseCorefile, type Corefile } from '../../network/dns/corefile.ts';
import { FileError } from '../files/file-view.ts';
import type { Context, Program, Server } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';

const VERSION = /:v?(\d+\.\d+\.\d+)/;
const DEFAULT_FILE = 'Corefile';
const SHA_HEX = 128;

const option = (argv: readonly string[], name: string): string | undefined => {
  const at = argv.findIndex((word) => word === `-${name}` || word === `--${name}`);
  if (at !== -1) return argv[at + 1];
  return argv.find((word) => word.startsWith(`-${name}=`))?.slice(name.length + 2);
};

const sum = (text: string): string => createHash('sha512').update(text).digest('hex').slice(0, SHA_HEX);

/** The name that a server block is announced by. */
const announced = ({ servers }: Corefile): string =>
  servers.flatMap(({ zones, port }) => zones.map((zone) => `${zone}.:${port}\n`)).join('');

const portOf = (corefile: Corefile, plugin: string, otherwise: number): number | undefined => {
  const found = corefile.servers.flatMap(({ plugins }) => plugins).find(({ name }) => name === plugin);
  return found && Number(found.args[0]?.split(':').at(-1) ?? otherwise);
};

/** Whether what it does not know comes back to itself. */
const loops = (corefile: Corefile): boolean =>
  hasPlugin(corefile, 'loop') &&
  corefile.servers.some(({ plugins }) =>
    plugins.some(
      ({ name, args }) =>
        name === 'forward' && args.slice(1).some((to) => /^(127\.|10\.96\.0\.10$|10\.96\.0\.10:53$)/.test(to)),
    ),
  );

const ok =
  (body: string): Server =>
  () => ({
    closed: false,
    say: (bytes) =>
      bytes === ''
        ? ''
        : `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  });

export const coredns: Program = function* run(context: Context): Run {
  const { box, io, argv } = context;
  const file = option(argv, 'conf') ?? DEFAULT_FILE;
  const version = VERSION.exec(box.image)?.[1] ?? '1.13.1';
  if (argv.includes('-version')) {
    io.stdout.write(`CoreDNS-${version}\nlinux/amd64, go1.25.2, 1db4568\n`);
    return 0;
  }
  const read = (): string => box.files.read(file.startsWith('/') ? file : `${context.cwd}/${file}`);
  let text: string;
  let running: Corefile;
  try {
    text = read();
    running = parseCorefile(text, file);
  } catch (error) {
    if (error instanceof CorefileError) io.stderr.write(`${error.message}\n`);
    else if (error instanceof FileError) {
      io.stderr.write(`loading Caddyfile via flag: open ${file}: no such file or directory\n`);
    } else throw error;
    return 1;
  }
  io.stdout.write(announced(running));
  if (hasPlugin(running, 'reload')) {
    io.stdout.write(`[INFO] plugin/reload: Running configuration SHA512 = ${sum(text)}\n`);
  }
  io.stdout.write(`CoreDNS-${version}\nlinux/amd64, go1.25.2, 1db4568\n`);
  if (loops(running)) {
    io.stdout.write(
      '[FATAL] plugin/loop: Loop (127.0.0.1:55953 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."\n',
    );
    return 1;
  }
  let rejected = '';
  /** The file may have changed since: it is looked at again when somebody asks, which nobody can tell from the real one's half minute. */
  const current = (): Corefile => {
    if (!hasPlugin(running, 'reload')) return running;
    let next: string;
    try {
      next = read();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return running;
    }
    if (next === text || next === rejected) return running;
    io.stdout.write('[INFO] Reloading\n');
    try {
      running = parseCorefile(next, file);
      text = next;
      io.stdout.write(`[INFO] plugin/reload: Running configuration SHA512 = ${sum(text)}\n[INFO] Reloading complete\n`);
    } catch (error) {
      if (!(error instanceof CorefileError)) throw error;
      rejected = next;
      io.stderr.write(
        `[ERROR] Restart failed: ${error.message}\n[ERROR] plugin/reload: Corefile changed but reload failed: ${error.message}\n`,
      );
    }
    return running;
  };
  const server: Server = Object.assign(() => ({ closed: false, say: () => '' }), { corefile: current });
  for (const { port } of running.servers) box.listen(port, server);
  const ports: [number | undefined, Server][] = [
    [portOf(running, 'health', 8080), ok('OK')],
    [portOf(running, 'ready', 8181), ok('OK')],
    [portOf(running, 'prometheus', 9153), ok('# HELP coredns_build_info A metric with a constant 1 value.\n')],
  ];
  for (const [port, own] of ports) if (port !== undefined) box.listen(port, own);
  for (;;) {
    const signal = context.pending();
    if (signal === 'TERM' || signal === 'INT') break;
    yield { until: Infinity, event: true };
  }
  io.stdout.write('[INFO] SIGTERM: Shutting down servers then terminating\n');
  return 0;
};
