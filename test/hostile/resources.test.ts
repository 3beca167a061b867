/** Attempts to use up the host from inside a session's sandbox. A second session beside it must notice nothing. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RunResult, Workspace } from '#workspace/index.ts';
import { PROMPT, testMachines, watch } from '#workspace/test-machine.ts';

jest.setTimeout(60_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
let workspace: Workspace;
let neighbour: Workspace;

beforeAll(async () => {
  machines = await testMachines();
  workspace = await machines.open({ id: 'greedy' });
  neighbour = await machines.open({ id: 'neighbour' });
});

afterAll(async () => {
  await machines.close();
});

const run = (script: string, timeoutMs = 20_000): Promise<RunResult> => workspace.run(script, { timeoutMs });

/** The neighbour still starts processes and writes files, and the greedy one does, once its hogs have ended. */
async function bothLive(): Promise<void> {
  const alive =
    'for i in 1 2 3 4; do sh -c "echo x" > /tmp/alive; done; cat /tmp/alive; echo y > ~/alive && cat ~/alive';
  expect((await neighbour.run(alive, { timeoutMs: 20_000 })).stdout).toBe('x\ny\n');
  expect((await run(alive)).stdout).toBe('x\ny\n');
}

const perl = (code: string): string => `perl -e '${code}'`;

test.each<{
  name: string;
  heldBy: string;
  script: string;
  timeoutMs?: number;
  stdout?: string | RegExp;
  stderr?: RegExp;
  memory?: true;
}>([
  {
    name: 'a fork bomb',
    heldBy: 'pids cgroup and RLIMIT_NPROC',
    script: 'f() { f | f & }; f 2>/dev/null; sleep 1; echo over',
    timeoutMs: 4_000,
  },
  {
    name: 'a fork bomb of sleepers',
    heldBy: 'pids cgroup and RLIMIT_NPROC',
    script: perl('while (defined(my $p = fork)) { if (!$p) { sleep 20; exit } $n++ } print $n < 600 ? "bounded" : $n'),
    stdout: 'bounded',
  },
  {
    name: 'memory of one process',
    heldBy: 'memory cgroup',
    script: `${perl('my @a; push @a, "x" x 16777216 for 1 .. 128; print "unbounded"')}; echo "ended with $?"`,
    stdout: /^ended with (137|1|9)\n$/,
    memory: true,
  },
  {
    name: 'memory of many processes',
    heldBy: 'memory cgroup',
    script: `for i in $(seq 30); do ${perl('my $a = "x" x 100000000; sleep 5; print "held\\n"')} & done; wait`,
    stdout: /^(held\n){0,8}$/,
    memory: true,
  },
  {
    name: 'files in /tmp',
    heldBy: 'the size of the tmpfs',
    script: 'head -c 400M /dev/zero > /tmp/big; du -m /tmp/big | cut -f1; rm -f /tmp/big',
    stdout: '128\n',
    stderr: /No space left on device/,
  },
  {
    name: 'files in /dev/shm',
    heldBy: 'the size of the tmpfs',
    script: 'head -c 64M /dev/zero > /dev/shm/big; du -m /dev/shm/big | cut -f1',
    stdout: '16\n',
    stderr: /No space left on device/,
  },
  {
    name: 'empty files in /tmp',
    heldBy: 'the inodes of the tmpfs',
    script:
      'mkdir /tmp/many; cd /tmp/many; seq 40000 | xargs touch 2>/dev/null; ls | wc -l | xargs test 16384 -ge && echo bounded; rm -rf /tmp/many',
    stdout: 'bounded\n',
  },
  {
    name: 'empty files in /dev/shm',
    heldBy: 'memory cgroup (the inodes of that tmpfs are charged to it)',
    script: 'cd /dev/shm; seq 60000 | xargs touch 2>/dev/null; echo done',
    stdout: 'done\n',
  },
  {
    name: 'anonymous files (memfd)',
    heldBy: 'memory cgroup',
    script: `${perl(`my $n = ${process.arch === 'arm64' ? 279 : 319}; my $name = "m"; for (1 .. 64) { my $fd = syscall($n, $name, 0); open my $f, ">&=", $fd; push @f, $f; print $f "x" x 33554432; } print "unbounded"`)}; echo "ended with $?"`,
    stdout: /^ended with (137|153|25|9)\n$/,
    memory: true,
  },
  {
    name: 'System V shared memory',
    heldBy: 'memory cgroup, in an ipc namespace of its own',
    script: `${perl('for (1 .. 64) { my $id = shmget(0, 33554432, 0600); last unless defined $id; my $z = "x" x 33554432; shmwrite($id, $z, 0, 33554432) } print "unbounded"')}; echo "ended with $?"`,
    stdout: /^ended with (137|9)\n$/,
    memory: true,
  },
  {
    name: 'page tables: one byte in each 2 MB of a wide mapping',
    heldBy: 'memory cgroup (page tables are charged to it)',
    script: `${perl('open my $z, "<", "/dev/zero"; my $n = ' + (process.arch === 'arm64' ? '222' : '9') + '; my $zero = 0; my $wide = 1 << 42; my $fd = -1; my $at = syscall($n, $zero, $wide, 3, 0x4022, $fd, 0); exit 3 if $at < 0; my ($r, $w); pipe($r, $w); my $read = ' + (process.arch === 'arm64' ? '63' : '0') + '; my $f = fileno($z); for (my $i = 0; $i < 2000000; $i++) { my $p = $at + $i * 2097152; syscall($read, $f, $p, 1) } print "unbounded"')}; echo "ended with $?"`,
    stdout: /^ended with (137|9|3)\n$/,
    memory: true,
  },
  {
    name: 'pipes that nobody reads',
    heldBy: 'the kernel’s pipe pages of one user, and descriptors of one process',
    script: perl(
      'for (1 .. 5000) { pipe(my $r, my $w) or last; push @p, $r, $w; $w->blocking(0) if $w->can("blocking"); $n++ } print $n < 2100 ? "bounded" : $n',
    ),
    stdout: 'bounded',
  },
  {
    name: 'descriptors',
    heldBy: 'RLIMIT_NOFILE',
    script: perl(
      'while (open my $f, "<", "/dev/null") { push @f, $f } print scalar(@f) < 4096 ? "bounded: $!" : scalar @f',
    ),
    stdout: 'bounded: Too many open files',
  },
  {
    name: 'a file too long',
    heldBy: 'RLIMIT_FSIZE',
    script: 'head -c 300M /dev/zero > ~/big; stat -c %s ~/big; rm -f ~/big',
    stdout: `${256 * 1024 * 1024}\n`,
  },
  {
    name: 'endless output of a script',
    heldBy: 'what is kept of it; the rest is read and dropped',
    script: 'timeout 2 yes',
    stdout: /^(y\n){2097152}$/,
  },
  {
    name: 'core dumps',
    heldBy: 'RLIMIT_CORE',
    script: 'cd ~; ulimit -c; ulimit -c unlimited 2>/dev/null || echo fixed',
    stdout: '0\nfixed\n',
  },
  {
    name: 'a higher priority',
    heldBy: 'no capability (CAP_SYS_NICE)',
    script: 'nice -n -5 true; chrt -f 10 true; ulimit -r',
    stdout: '0\n',
    stderr: /cannot set niceness.*Permission denied[^]*failed to set pid 0's policy/,
  },
  {
    name: 'locked memory',
    heldBy: 'RLIMIT_MEMLOCK and the memory cgroup',
    script: 'ulimit -l; ulimit -l unlimited 2>/dev/null || echo fixed',
    stdout: /^\d+\nfixed\n$/,
  },
])('$name: held by $heldBy', async ({ script, timeoutMs, stdout, stderr, memory }) => {
  // Without a memory cgroup a learner is bounded by the host alone: docs/threat-model.md says so.
  if (memory && machines.workspaces.cgroups === 'none') return;
  const result = await run(script, timeoutMs);
  if (typeof stdout === 'string') expect(result.stdout).toBe(stdout);
  else if (stdout !== undefined)
    expect(result.stdout.length < 100 ? result.stdout : stdout.test(result.stdout)).toEqual(
      result.stdout.length < 100 ? expect.stringMatching(stdout) : true,
    );
  if (stderr !== undefined) expect(result.stderr).toMatch(stderr);
  await bothLive();
});

test.each([
  {
    name: 'bytes',
    fill: 'for i in 1 2 3 4 5 6; do head -c 200M /dev/zero > ~/big$i; done; sleep 20; echo unbounded',
    sentence: 'Your home folder holds more than 512 MiB',
    free: 'rm -f ~/big*',
  },
  {
    name: 'files',
    fill: `mkdir ~/many; cd ~/many; perl -e 'for (1 .. 60000) { open my $f, ">", $_ or last }'; sleep 20; echo unbounded`,
    sentence: 'Your home folder holds more than 50,000 files',
    free: 'rm -rf ~/many',
  },
])('$name in the home folder: held by a look at the disk every second', async ({ name, fill, sentence, free }) => {
  const own = await machines.open({ id: `home-${name}` });
  const filled = await own.run(fill, { timeoutMs: 40_000 });
  expect(filled).toMatchObject({ timedOut: false, stdout: '' });
  expect(machines.log.some((line) => line.includes(sentence))).toBe(true);
  const full = await own.run('echo more > ~/more; cat /run/drydock/reached/limits', { timeoutMs: 10_000 });
  expect(full.stdout).toContain(sentence);
  expect(full.stderr).toContain('File too large');
  // Made smaller, it is as before, a second later.
  await own.run(free, { timeoutMs: 20_000 });
  await expect(
    (async () => {
      for (;;) {
        const again = await own.run('echo more > ~/more && cat ~/more', { timeoutMs: 10_000 });
        if (again.stdout === 'more\n') return 'writes again';
      }
    })(),
  ).resolves.toBe('writes again');
  await own.close();
  await bothLive();
});

test('what was run into is told at the next prompt', async () => {
  if (machines.workspaces.cgroups === 'none') return;
  const own = await machines.open({ id: 'told' });
  const terminal = watch(own);
  await terminal.until(PROMPT);
  terminal.type(`perl -e 'push @a, "x" x 16777216 for 1 .. 128'\r`);
  await terminal.until('Killed');
  // Counted once a second; prompts ask.
  const asking = setInterval(() => terminal.type('\r'), 200);
  await terminal.until('A program was killed: this machine has 768 MiB of memory for all programs together.');
  clearInterval(asking);
  await own.close();
});
