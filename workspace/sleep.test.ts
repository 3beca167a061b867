/** Machines that are put to sleep and woken, and terminals that others watch. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { testMachines, watch, PROMPT } from './test-machine.ts';

jest.setTimeout(60_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
beforeAll(async () => {
  machines = await testMachines();
});
afterAll(async () => {
  await machines.close();
});

test('asleep nothing runs, the screen stays; a key wakes it with files and history', async () => {
  let woken = 0;
  const workspace = await machines.open({ beforeWake: () => Promise.resolve(void (woken += 1)) });
  const terminal = watch(workspace);
  await terminal.until(PROMPT);
  terminal.type('echo kept > ~/file; echo be""fore\r');
  await terminal.until('before\r\n');
  await workspace.sleep('Asleep: press a key.');
  await terminal.until('Asleep: press a key.');
  expect(workspace.asleep).toBe(true);
  expect(terminal.closed).toBe(false);
  const later = watch(workspace);
  await later.until('before');
  await later.until('Asleep: press a key.');
  expect(woken).toBe(0);
  later.type('x');
  await later.until(PROMPT);
  expect({ woken, asleep: workspace.asleep }).toEqual({ woken: 1, asleep: false });
  later.type('cat ~/file; tail -2 ~/.bash_history | head -1\r');
  await later.until('kept\r\necho kept > ~/file; echo be""fore\r\n');
  await workspace.close();
});

test('asleep in a full-screen program: the page is out of it afterwards', async () => {
  const workspace = await machines.open();
  const terminal = watch(workspace);
  await terminal.until(PROMPT);
  terminal.type('echo sh""own; vim ~/note\r');
  await terminal.until('"~/note" [New]');
  workspace.say('Going to sleep soon.');
  await terminal.until('Going to sleep soon.');
  await workspace.sleep('Asleep.');
  const screens = await workspace.screens();
  expect(screens['1']?.data).toContain('shown');
  expect(screens['1']?.data).not.toContain('1049h');
  await workspace.close();
});

test('a script wakes it; closing it asleep leaves nothing', async () => {
  const workspace = await machines.open();
  await workspace.sleep('Asleep.');
  const terminal = watch(workspace);
  await terminal.until('This machine is asleep. Press any key to wake it.');
  await expect(workspace.run('echo up', { timeoutMs: 20_000 })).resolves.toMatchObject({ stdout: 'up\n' });
  await terminal.until(PROMPT);
  await workspace.sleep('Asleep again.');
  await workspace.close();
  expect(terminal.closed).toBe(true);
});

test('what an earlier workspace showed is there again, with a sentence', async () => {
  const first = await machines.open({ id: 'shown' });
  const terminal = watch(first);
  await terminal.until(PROMPT);
  terminal.type('echo from an ear""lier day\r');
  await terminal.until('from an earlier day\r\n');
  const of = await first.screens();
  await first.close();
  const second = await machines.open({ id: 'shown', screens: { sentence: 'Welcome back.', of } });
  const again = watch(second);
  await again.until('from an earlier day');
  await again.until('Welcome back.');
  await again.until(PROMPT);
  await second.close();
});

test('who watches sees all, leads nothing, and holds nothing up', async () => {
  const seen: string[] = [];
  const workspace = await machines.workspaces.open({
    id: 'watched',
    home: join(machines.dataDir, 'homes', 'watched'),
    kubeconfig: 'kind: Config\n',
    connect: () => new PassThrough(),
    onTerminal(name, watching) {
      watching({
        snapshot: () => void seen.push(`${name} snapshot`),
        // Never acknowledged: the most that comes is what flow control lets out.
        output: (chunk) => void seen.push(Buffer.from(chunk).toString()),
        lead: ({ leading }) => void seen.push(`leading ${leading}`),
        exit: () => void seen.push('exit'),
        closed: () => void seen.push('closed'),
      });
    },
  });
  const terminal = watch(workspace);
  await terminal.until(PROMPT);
  terminal.type('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo do""ne\r');
  await terminal.until('done\r\n');
  await workspace.close();
  expect(seen.slice(0, 2)).toEqual(['leading false', '1 snapshot']);
  expect(seen.join('')).toContain(`candidate@`);
  expect(seen).not.toContain('leading true');
  expect(seen.at(-1)).toBe('closed');
  expect(seen.join('').length).toBeLessThan(400_000);
});
