/** Attempts on the terminal: its kernel device, the emulators that read it (ours in the server, and the page's), and the bytes typed into it. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createRequire } from 'node:module';
import type * as Headless from '@xterm/headless';
import type { Workspace } from '#workspace/index.ts';
import { createSequenceGuard } from '#workspace/terminal/guard.ts';
import { createTerminalTwin } from '#workspace/terminal/twin.ts';
import { PROMPT, testMachines, watch, type Watched } from '#workspace/test-machine.ts';

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless;

jest.setTimeout(60_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
let workspace: Workspace;
let terminal: Watched;

beforeAll(async () => {
  machines = await testMachines();
  workspace = await machines.open({ id: 'terminal' });
  terminal = watch(workspace);
  await terminal.until(PROMPT);
});
afterAll(async () => {
  await machines.close();
});

test.each([
  { name: 'TIOCSTI, characters into the input', request: '0x5412', argument: '"x"', says: 'EPERM' },
  { name: 'TIOCLINUX, the console’s paste', request: '0x541c', argument: '"\\x03"', says: 'EPERM' },
  { name: 'TIOCSETD, another line discipline', request: '0x5423', argument: 'pack("i", 2)', says: 'EPERM' },
  { name: 'TIOCCONS, the console’s messages', request: '0x541d', argument: '0', says: 'EPERM' },
  { name: 'TIOCVHANGUP is no call', request: '0x5437', argument: '0', says: 'EPERM' },
  { name: 'KDSETMODE, a console’s mode', request: '0x4b3a', argument: '1', says: 'ENOTTY' },
  { name: 'VT_LOCKSWITCH', request: '0x560b', argument: '0', says: 'ENOTTY' },
])('ioctl held by seccomp, a missing capability, or no such device: $name', async ({ request, argument, says }) => {
  const perl = `open(T, "+<", "/dev/tty"); my $a = ${argument}; print "\\x41nswer "; if (ioctl(T, ${request}, $a)) { print "allowed" } else { for (sort keys %!) { print if $!{$_} } } print "\\n"`;
  terminal.type(`perl -e '${perl}'\r`);
  await terminal.until(`Answer ${says}\r\n`);
  await terminal.until(PROMPT);
});

/** An emulator as both sides have it, behind the guard that all output passes. Returns what it answered to the shell, and how it was found. */
async function emulate(output: string): Promise<{ answers: string; titles: string[]; screen: string }> {
  const size = { cols: 80, rows: 24 };
  const emulator = new Terminal({ ...size, allowProposedApi: true, logLevel: 'off' });
  const guard = createSequenceGuard(() => size);
  let answers = '';
  const titles: string[] = [];
  emulator.onData((data) => (answers += data));
  emulator.onTitleChange((title) => titles.push(title));
  await new Promise<void>((resolve) => {
    emulator.write(guard.pass(Buffer.from(output)), resolve);
  });
  const screen = emulator.buffer.active.getLine(0)?.translateToString(true) ?? '';
  emulator.dispose();
  return { answers, titles, screen };
}

const ESC = '\u001b';
test.each<{ name: string; output: string; answers: RegExp }>([
  { name: 'the title as input', output: `${ESC}]0;rm -rf ~\u0007${ESC}[21t`, answers: /^$/ },
  { name: 'the icon’s name as input', output: `${ESC}]1;rm -rf ~\u0007${ESC}[20t`, answers: /^$/ },
  { name: 'a title put back from the stack', output: `${ESC}]2;x\u0007${ESC}[22t${ESC}[23t`, answers: /^$/ },
  { name: 'the clipboard read', output: `${ESC}]52;c;?\u0007`, answers: /^$/ },
  { name: 'the clipboard written', output: `${ESC}]52;c;cm0gLXJmIH4K\u0007`, answers: /^$/ },
  {
    name: 'a setting asked for by a made-up name',
    output: `${ESC}P$qevil\r\nrm -rf ~\r${ESC}\\`,
    // oxlint-disable-next-line no-control-regex -- escape sequences are what this is about
    answers: /^\u001bP0\$r\u001b\\$/,
  },
  { name: 'a terminfo name', output: `${ESC}P+q${Buffer.from('rm').toString('hex')}${ESC}\\`, answers: /^$/ },
  { name: 'the answerback', output: '\u0005', answers: /^$/ },
  { name: 'a character typed by a macro', output: `${ESC}P1;0;0!zrm -rf ~\r${ESC}\\${ESC}[1*z`, answers: /^$/ },
  { name: 'keys redefined', output: `${ESC}P1;1|17/726d0d${ESC}\\`, answers: /^$/ },
  { name: 'a checksum of the screen', output: `rm${ESC}[1;1;1;1;1;2*y`, answers: /^$/ },
  { name: 'a window’s size', output: `${ESC}[14t${ESC}[18t${ESC}[19t`, answers: /^$/ },
  { name: 'a window moved, hidden, resized', output: `${ESC}[3;0;0t${ESC}[2t${ESC}[8;999;999t`, answers: /^$/ },
  // oxlint-disable-next-line no-control-regex -- escape sequences are what this is about
  { name: 'where the cursor is', output: `${ESC}[6n`, answers: /^\u001b\[1;1R$/ },
  // oxlint-disable-next-line no-control-regex -- escape sequences are what this is about
  { name: 'what it is', output: `${ESC}[c${ESC}[>c`, answers: /^\u001b\[\?1;2c\u001b\[>0;\d+;0c$/ },
])('reports that come back as input hold no text of the sender’s: $name', async ({ output, answers }) => {
  const said = await emulate(output);
  expect(said.answers).toMatch(answers);
  expect(said.answers).not.toMatch(/[\r\n]|rm/);
});

test('the server’s own emulator answers nothing and draws what a page would', async () => {
  terminal.type(`printf '\\e[6n\\e[c\\eP$qm\\e\\\\'; read -t 0.5 -n 1 -s; echo "got \${#REPLY}"\r`);
  await terminal.until('got 0\r\n');
});

const large = { cols: 500, rows: 300 };
const fill = (sequence: string, bytes = 65_536): string => sequence.repeat(Math.trunc(bytes / sequence.length));
test.each<{ name: string; output: string }>([
  { name: 'an insertion of 2^31 lines', output: `${ESC}[2147483647L` },
  { name: 'a deletion of 2^31 lines', output: `${ESC}[2147483647M` },
  { name: 'a scroll by 2^31 lines', output: `${ESC}[2147483647S${ESC}[2147483647T${ESC}[2147483647^` },
  { name: '2^31 tabs', output: `${ESC}[2147483647I${ESC}[2147483647Z` },
  { name: 'a character 2^31 times', output: `x${ESC}[2147483647b` },
  { name: 'the same, split by a control character', output: `${ESC}[2147\u0000483647L` },
  { name: 'a screen cleared over and over', output: fill(`${ESC}[2J`, 4_096) },
  { name: 'screens switched over and over', output: fill(`${ESC}[?1049h${ESC}[?1049l`, 4_096) },
  { name: 'a test pattern over and over', output: fill(`${ESC}#8`, 4_096) },
  { name: 'lines inserted over and over', output: fill(`${ESC}[300L`, 2_048) },
  { name: 'a title without end', output: `${ESC}]0;${fill('a', 2_000_000)}` },
  { name: 'combining characters without end', output: `e${fill('\u0301', 200_000)}` },
  { name: 'parameters without end', output: `${ESC}[${fill('1;', 200_000)}m` },
  { name: 'newlines', output: fill('\n') },
])('no output holds the server up for longer than 250 ms at a time: $name', async ({ output }) => {
  const twin = createTerminalTwin(large);
  const guard = createSequenceGuard(() => large);
  // Timers tell how long the loop was held up: CPU time, as the machine may have other work.
  let longest = 0;
  let last = process.cpuUsage();
  const state = { done: false };
  const watching = (async () => {
    while (!state.done) {
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
      const now = process.cpuUsage();
      longest = Math.max(longest, now.user - last.user);
      last = now;
    }
  })();
  const bytes = Buffer.from(output);
  // As they come from the kernel.
  for (let at = 0; at < bytes.length; at += 65_536) {
    await new Promise<void>((resolve) => {
      twin.write(guard.pass(bytes.subarray(at, at + 65_536)), resolve);
    });
  }
  state.done = true;
  await watching;
  twin.dispose();
  expect(longest / 1_000).toBeLessThan(250);
});

test('input that nobody reads is held by a bounded queue, and the bell says what was dropped', async () => {
  const own = await machines.open({ id: 'deaf' });
  const screen = watch(own);
  await screen.until(PROMPT);
  screen.type('stty raw -echo; echo rea""dy; sleep 1; stty sane; echo awa""ke\r');
  await screen.until('ready');
  const before = process.memoryUsage.rss();
  const bells: number[] = [];
  let drawn: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    drawn = resolve;
  });
  const listener = own.attach(
    {
      snapshot: drawn,
      output: (chunk) => bells.push(...chunk.filter((byte) => byte === 7)),
      lead: () => undefined,
      exit: () => undefined,
      closed: () => undefined,
    },
    { cols: 80, rows: 24 },
  );
  await ready;
  for (let sent = 0; sent < 200; sent += 1) listener.write(Buffer.alloc(1024 * 1024, 'x'));
  expect(bells.length).toBeGreaterThan(190);
  expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 1024 * 1024);
  await own.close();
});

test('file names of newlines, escapes and invalid UTF-8 are shown quoted, completed and removed', async () => {
  terminal.type(
    `mkdir odd && cd odd && touch $'new\\nline' $'esc\\e]0;title\\a' $'bad\\xff\\xfe' && ls | cat -v; cd; echo li""sted\r`,
  );
  const seen = await terminal.until('listed\r\n');
  expect(seen).toContain('bad');
  terminal.type('ls odd; rm -r odd; ls odd; echo go""ne\r');
  const listing = (await terminal.until('gone\r\n')).split('listed\r\n').at(-1) ?? '';
  expect(listing).toContain(String.raw`'new'$'\n''line'`);
  expect(listing).toContain(String.raw`'esc'$'\033'']0;title'$'\a'`);
  expect(listing).toContain(String.raw`'bad'$'\377\376'`);
  expect(listing).toContain("cannot access 'odd'");
});
