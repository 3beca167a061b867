/** zkCli.sh: one command, or a session. */
import { resolveNow } from '../../commands/resolve.ts';
import type { Context } from '../../shell/box.ts';
import { readLine, type Run } from '../../shell/coroutine.ts';
import { TerminalSource } from '../../shell/terminal.ts';

export function* zkCli(context: Context): Run {
  const { box, io, argv } = context;
  let [host, port] = ['localhost', 2181];
  let words = argv.slice(1);
  if (words[0] === '-server') {
    const [given = 'localhost', number = '2181'] = (words[1] ?? '').split(':');
    [host, port] = [given, Number(number)];
    words = words.slice(2);
  }
  io.stdout.write(`Connecting to ${host}:${port}\n`);
  const ask = (asked: readonly string[]): string[] => {
    const found = resolveNow(box, host === 'localhost' ? '127.0.0.1' : host);
    const dialled = found.kind === 'found' ? box.network.dial(found.addresses[0] ?? '', port) : undefined;
    const said = dialled?.kind === 'open' ? dialled.peer.say(`${JSON.stringify(asked)}\n`) : '';
    return said.startsWith('[') ? (JSON.parse(said) as string[]) : ['!lost'];
  };
  const lost = (path: string) =>
    `Exception in thread "main" org.apache.zookeeper.KeeperException$ConnectionLossException: KeeperErrorCode = ConnectionLoss for ${path}\n`;
  if (words.length > 0) {
    const answer = ask(words);
    if (answer[0] === '!lost') {
      io.stderr.write(lost(words[1] ?? '/'));
      return 1;
    }
    io.stdout.write(
      `\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n${answer.map((line) => `${line}\n`).join('')}`,
    );
    return 0;
  }
  const terminal = io.stdin instanceof TerminalSource ? io.stdin : undefined;
  io.stdout.write('Welcome to ZooKeeper!\nJLine support is enabled\n');
  const state = ask(['ls', '/'])[0] === '!lost' ? 'CONNECTING' : 'CONNECTED';
  for (let count = 0; ; count++) {
    const prompt = `[zk: ${host}:${port}(${state}) ${count}] `;
    if (terminal) terminal.prompt = prompt;
    else io.stdout.write(prompt);
    const line = terminal ? yield* terminal.editLine() : yield* readLine(io.stdin);
    if (line === undefined || line.trim() === 'quit') {
      io.stdout.write('Quitting...\n');
      return 0;
    }
    if (line.trim() === '') {
      count--;
      continue;
    }
    const answer = ask(line.trim().split(/\s+/));
    io.stdout.write(answer[0] === '!lost' ? lost('/') : answer.map((one) => `${one}\n`).join(''));
  }
}
