/** A learner's terminal on a real shell. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { MAX_TERMINALS } from './limits.ts';
import { testMachines, watch, PROMPT } from './test-machine.ts';

// Real processes on a machine that may be busy: generous, and never waited out when all is well.
jest.setTimeout(30_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
beforeAll(async () => {
  machines = await testMachines();
});
afterAll(async () => {
  await machines.close();
});

test('a prompt appears, Korean comes back whole, the size is the page’s', async () => {
  const workspace = await machines.open();
  const terminal = watch(workspace, { cols: 90, rows: 33 });
  await terminal.until(PROMPT);
  terminal.type('echo 한글과\\ 터미널; stty size; stty -a | grep -o "[-]*iutf8"\r');
  await terminal.until('한글과 터미널\r\n33 90\r\niutf8\r\n');
  terminal.attachment.resize({ cols: 101, rows: 40 });
  terminal.type('stty size\r');
  await terminal.until('40 101\r\n');
  await workspace.close();
  expect(terminal.closed).toBe(true);
});

test('erasing a Hangul syllable erases one, not a byte of it', async () => {
  const workspace = await machines.open();
  const terminal = watch(workspace);
  await terminal.until(PROMPT);
  // Typed before the shell has left its line editor, the erase would be data: wait until something runs.
  terminal.type('echo rea""dy; cat\r');
  await terminal.until('ready\r\n');
  terminal.type('가나\u007f다\r');
  await terminal.until('가다\r\n');
  await workspace.close();
});

test('k is kubectl and completes, before and after the first Tab', async () => {
  const workspace = await machines.open();
  const terminal = watch(workspace);
  await terminal.until(PROMPT);
  terminal.type('k vers\t');
  await terminal.until('k version ');
  terminal.type('--cli\t\r');
  await terminal.until('Client Version: v1.35.');
  terminal.type('complete -F __start_kubectl kk; helm hist\t');
  await terminal.until('helm history ');
  await workspace.close();
});

test('tmux, vim and man run', async () => {
  const workspace = await machines.open();
  const terminal = watch(workspace);
  await terminal.until(PROMPT);
  terminal.type('tmux new -d -s one && tmux ls; tty\r');
  await terminal.until('one: 1 windows');
  await terminal.until('/dev/console');
  terminal.type('vim a.yaml\r');
  await terminal.until('"a.yaml" [New]');
  terminal.type('ia:\rb: 1\u001b:set sw? et?\r');
  await terminal.until('shiftwidth=2');
  terminal.type('\r:wq\r');
  await terminal.until(PROMPT);
  terminal.type('clear; man -P cat kill | head -1; cat a.yaml\r');
  await terminal.until('KILL(1)');
  await terminal.until('a:\r\n  b: 1\r\n');
  await workspace.close();
});

test('a page that comes back, and a second one, see what the first saw', async () => {
  const workspace = await machines.open();
  const first = watch(workspace);
  await first.until(PROMPT);
  first.type('echo remem""bered\r');
  await first.until('remembered\r\n');
  await first.until(PROMPT);
  first.attachment.detach();
  const second = watch(workspace);
  await second.until(`${PROMPT}echo remem""bered\r\nremembered\r\n`);
  const third = watch(workspace, { cols: 60, rows: 20 });
  await third.until('remembered');
  expect(third.leads.at(-1)).toEqual({ cols: 60, rows: 20, leading: true });
  second.type('echo typ""ed\r');
  await third.until('typed');
  expect(second.leads.at(-1)).toEqual({ cols: 80, rows: 24, leading: true });
  expect(third.leads.at(-1)).toEqual({ cols: 80, rows: 24, leading: false });
  second.attachment.detach();
  expect(third.leads.at(-1)).toEqual({ cols: 60, rows: 20, leading: true });
  await workspace.close();
});

test('a page that only watches leaves the lead where it is until it takes it', async () => {
  const workspace = await machines.open();
  const first = watch(workspace);
  await first.until(PROMPT);
  const leads: boolean[] = [];
  const watching = workspace.attach(
    {
      snapshot: () => undefined,
      output: () => undefined,
      lead: ({ leading }) => leads.push(leading),
      exit: () => undefined,
      closed: () => undefined,
    },
    { cols: 60, rows: 20 },
    { lead: false },
  );
  expect(leads).toEqual([false]);
  watching.lead();
  expect(leads.at(-1)).toBe(true);
  expect(first.leads.at(-1)).toEqual({ cols: 60, rows: 20, leading: false });
  await workspace.close();
});

test('terminals of one machine have a shell each, on the same files', async () => {
  const workspace = await machines.open();
  const first = watch(workspace);
  const second = watch(workspace, { cols: 80, rows: 24 }, { terminal: 'two' });
  await first.until(PROMPT);
  await second.until(PROMPT);
  first.type('x=1; echo from one > ~/shared; echo wr""itten\r');
  await first.until('written');
  second.type('cat ~/shared; echo "x is [$x]"\r');
  await second.until('from one\r\nx is []\r\n');
  expect(workspace.terminals).toEqual(['1', 'two']);
  await workspace.endTerminal('two');
  expect(second.closed).toBe(true);
  expect(workspace.terminals).toEqual(['1']);
  first.type('echo still""here\r');
  await first.until('stillhere');
  const many = Array.from({ length: MAX_TERMINALS - 1 }, (_, index) =>
    watch(workspace, undefined, { terminal: `t${index}` }),
  );
  expect(() => watch(workspace, undefined, { terminal: 'one too many' })).toThrow(
    `this machine has ${MAX_TERMINALS} terminals open already`,
  );
  await many.at(-1)?.until(PROMPT);
  await workspace.close();
  expect(many.every(({ closed }) => closed)).toBe(true);
});

test('a full-screen program is redrawn for a page that comes back', async () => {
  const workspace = await machines.open();
  const first = watch(workspace);
  await first.until(PROMPT);
  first.type('echo below; printf "\\e[?1049h\\e[5;5Hfull screen"; sleep 100\r');
  await first.until('full screen');
  first.attachment.detach();
  const second = watch(workspace);
  await second.until('full screen');
  expect(second.snapshots[0]).toContain('below');
  await workspace.close();
});

test('exit ends the shell, another can be opened on the same home and /tmp', async () => {
  const workspace = await machines.open();
  const terminal = watch(workspace);
  await terminal.until(PROMPT);
  terminal.type('touch /tmp/still; exit 3\r');
  expect(await terminal.exited).toEqual({ exitCode: 3, signal: 0 });
  const late = watch(workspace);
  expect(await late.exited).toEqual({ exitCode: 3, signal: 0 });
  late.attachment.restart();
  await late.until('logout');
  await late.until(PROMPT);
  late.type('ls /tmp/st*\r');
  await late.until('/tmp/still\r\n');
  expect(late.snapshots.at(-1)).toBe('');
  await workspace.close();
});

test('a screen that stops reading stops the shell, and acknowledging goes on', async () => {
  const workspace = await machines.open();
  let bytes = 0;
  let more: () => void = () => undefined;
  const screen = workspace.attach(
    {
      snapshot: () => undefined,
      output(chunk) {
        bytes += chunk.length;
        more();
      },
      lead: () => undefined,
      exit: () => undefined,
      closed: () => undefined,
    },
    { cols: 80, rows: 24 },
  );
  const reaching = (wanted: number): Promise<void> =>
    new Promise((resolve) => {
      more = () => {
        if (bytes >= wanted) resolve();
      };
      more();
    });
  screen.write(Buffer.from('yes drydock\r'));
  await reaching(256 * 1024);
  // What the kernel had buffered may still come; a run elsewhere takes long enough for it to have come.
  await workspace.run('sleep 0.3', { timeoutMs: 5_000 });
  const held = bytes;
  await workspace.run('sleep 0.3', { timeoutMs: 5_000 });
  expect(bytes).toBe(held);
  expect(bytes).toBeLessThan(512 * 1024);
  screen.ack(bytes);
  await reaching(held + 200 * 1024);
  await workspace.close();
});

test('one stalled screen does not hold up another for long, and is redrawn when it wakes', async () => {
  const workspace = await machines.open();
  const awake = watch(workspace);
  await awake.until(PROMPT);
  let asleep = 0;
  const snapshots: string[] = [];
  let woken: () => void = () => undefined;
  const redrawn = new Promise<void>((resolve) => {
    woken = resolve;
  });
  const sleeper = workspace.attach(
    {
      snapshot({ data }) {
        snapshots.push(data);
        if (snapshots.length > 1) woken();
      },
      output: (chunk) => (asleep += chunk.length),
      lead: () => undefined,
      exit: () => undefined,
      closed: () => undefined,
    },
    { cols: 80, rows: 24 },
  );
  awake.type('seq 200000; echo do""ne\r');
  await awake.until('done');
  expect(asleep).toBeLessThan(1024 * 1024);
  sleeper.ack(asleep);
  await redrawn;
  expect(snapshots.at(-1)).toContain('done');
  await workspace.close();
});
