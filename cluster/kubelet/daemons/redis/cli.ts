/** redis-cli: one command, or a line after the other. */
import { resolveNow } from '../../commands/resolve.ts';
import type { Context, TcpPeer } from '../../shell/box.ts';
import { readLine, type Run } from '../../shell/coroutine.ts';
import { TerminalSource } from '../../shell/terminal.ts';
import { command, decode, raw, shown, splitWords } from './protocol.ts';

export function* redisCli({ box, io, argv, env }: Context): Run {
  let [host, port, password] = ['127.0.0.1', 6379, env.get('REDISCLI_AUTH') ?? ''];
  let asRaw = !io.stdout.isTerminal && !io.stdin.isTerminal;
  let warn = true;
  let repeat = 1;
  let at = 1;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '-h') host = argv[++at] ?? '';
    else if (word === '-p') port = Number(argv[++at]);
    else if (word === '-a' || word === '--pass') password = argv[++at] ?? '';
    else if (word === '--no-auth-warning') warn = false;
    else if (word === '--raw') asRaw = true;
    else if (word === '--no-raw') asRaw = false;
    else if (word === '-r') repeat = Number(argv[++at]);
    else if (word === '-n' || word === '-u' || word === '-i' || word === '--user') at++;
    else if (word === '-v' || word === '--version') {
      io.stdout.write('redis-cli 8.2.2\n');
      return 0;
    } else if (/^-./.test(word) && !/^(-c|-3|-2|--tls|--csv|--no-readonly)$/.test(word)) {
      io.stderr.write(`Unrecognized option or bad number of args for: '${word}'\n`);
      return 1;
    } else if (!word.startsWith('-')) break;
  }
  if (password !== '' && warn && argv.some((word) => word === '-a' || word === '--pass'))
    io.stderr.write(
      "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n",
    );
  let peer: TcpPeer | undefined;
  const open = (): string | undefined => {
    if (peer !== undefined && !peer.closed) return undefined;
    const found = resolveNow(box, host);
    const [address] = found.kind === 'found' ? found.addresses : [];
    const where = `Could not connect to Redis at ${host}:${port}: `;
    if (address === undefined) return `${where}Name or service not known`;
    const dialled = box.network.dial(address, port);
    if (dialled.kind !== 'open')
      return (
        where +
        { refused: 'Connection refused', silent: 'Connection timed out', unreachable: 'No route to host' }[dialled.kind]
      );
    ({ peer } = dialled);
    if (password !== '') {
      const answer = decode(peer.say(command(['AUTH', password])));
      if (answer?.reply.kind === 'error') io.stderr.write(`AUTH failed: ${answer.reply.text}\n`);
    }
    return undefined;
  };
  const ask = (words: readonly string[]): number => {
    const problem = open();
    if (problem !== undefined) {
      io.stderr.write(`${problem}\n`);
      return 1;
    }
    const answer = decode(peer?.say(command(words)) ?? '');
    if (answer === undefined) {
      io.stderr.write('Error: Server closed the connection\n');
      return 1;
    }
    const { reply } = answer;
    // INFO and the like are printed as they are
    const plainly = asRaw || (reply.kind === 'bulk' && /^(info|lolwut|cluster|client)$/i.test(words[0] ?? ''));
    io.stdout.write(plainly ? raw(reply) : shown(reply));
    return 0;
  };
  const words = argv.slice(at);
  if (words.length > 0) {
    // the last word is what was piped in
    if (argv.includes('-x')) words.push((yield* readLine(io.stdin)) ?? '');
    let code = 0;
    for (let time = 0; time < repeat && code === 0; time++) code = ask(words);
    return code;
  }
  const { stdin } = io;
  const terminal = stdin instanceof TerminalSource ? stdin : undefined;
  const first = open();
  if (first !== undefined) {
    io.stderr.write(`${first}\n`);
    if (terminal === undefined) return 1;
  }
  for (;;) {
    if (terminal) terminal.prompt = peer === undefined || peer.closed ? 'not connected> ' : `${host}:${port}> `;
    const line = terminal ? yield* terminal.editLine() : yield* readLine(stdin);
    if (line === undefined) {
      if (terminal) io.stdout.write('\n');
      return 0;
    }
    const typed = splitWords(line);
    if (typed === undefined) io.stdout.write('Invalid argument(s)\n');
    else if (/^(quit|exit)$/i.test(typed[0] ?? '')) return 0;
    else if (/^clear$/i.test(typed[0] ?? '')) io.stdout.write('\x1b[H\x1b[2J');
    else if (/^auth$/i.test(typed[0] ?? '')) {
      password = typed.at(-1) ?? '';
      ask(typed);
    } else if (typed.length > 0) ask(typed);
  }
}
