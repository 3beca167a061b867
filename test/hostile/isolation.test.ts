/** Attempts to read, signal or reach what is not the learner's own, made inside a session's sandbox. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type { Workspace } from '#workspace/index.ts';
import { testMachines } from '#workspace/test-machine.ts';
import { attempt, systemCall, type Attempt, type Outcome } from './attempts.ts';

jest.setTimeout(60_000);

const SECRET = 'the-secret-of-somebody-else';
const servers: Server[] = [];
const listening = (server: Server, at: { port: 0; host: string } | { path: string }): Promise<number> => {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(at, () => resolve((server.address() as AddressInfo).port));
  });
};

let machines: Awaited<ReturnType<typeof testMachines>>;
let workspace: Workspace;
let other: Workspace;
let bystander: ChildProcess;
let outcomes: Map<string, Outcome>;
/** Filled in with facts of this run: ports, paths, process ids. */
let list: Attempt[];

const NAMES = [
  'another learner’s home by its path',
  'another learner’s files by name, anywhere',
  'the server’s data folder',
  'the server’s code',
  'the server’s environment',
  'the environment of any process in sight',
  'the memory of process 1',
  'processes in sight',
  'a signal to a process of the host',
  'the keeper of the machine',
  'shadow, keys and units of the host',
  'kernel messages',
  'a block device made by hand',
  'kernel settings',
  'a user namespace',
  'a user namespace by clone',
  'a mount',
  'the new mount calls',
  'another namespace of process 1',
  'ptrace of a process of the host',
  'the kernel’s keyring',
  'bpf',
  'io_uring',
  'perf',
  'userfaultfd',
  'a file by handle',
  'a kernel module',
  'a raw socket',
  'a packet socket',
  'a socket to the hypervisor',
  'a crypto socket',
  'set-user-id programs',
  'chroot',
  'a service of the host on loopback',
  'every port of loopback but the cluster’s and sudo’s',
  'an address of the host by its network',
  'link-local metadata',
  'names of the world',
  'another learner’s API server',
  'an abstract unix socket of the host',
  'unix sockets by path',
  'a descriptor of the server',
  'a device of the terminal of somebody else',
  '/dev/tty of nobody',
  'the cgroup file system',
] as const;

beforeAll(async () => {
  machines = await testMachines();
  const mine = createServer((socket) => socket.end('mine\n'));
  const theirs = createServer((socket) => socket.end(`${SECRET}\n`));
  const database = createServer((socket) => socket.end(`${SECRET}\n`));
  const abstract = createServer((socket) => socket.end(`${SECRET}\n`));
  const [minePort, theirPort, databasePort] = [
    await listening(mine, { port: 0, host: '127.0.0.1' }),
    await listening(theirs, { port: 0, host: '127.0.0.1' }),
    await listening(database, { port: 0, host: '0.0.0.0' }),
  ];
  const name = `drydock-hostile-${process.pid}`;
  await listening(abstract, { path: `\0${name}` });
  process.env['DRYDOCK_HOSTILE_SECRET'] = SECRET;
  bystander = spawn('sleep', ['1000'], { stdio: 'ignore' });
  // As a careless administrator would leave it: readable for all, so that only the sandbox is in the way.
  mkdirSync(join(machines.dataDir, 'keys'));
  writeFileSync(join(machines.dataDir, 'keys', 'cookie-secret'), SECRET, { mode: 0o644 });
  chmodSync(machines.dataDir, 0o755);

  workspace = await machines.open({ id: 'attacker', connect: () => connect(minePort, '127.0.0.1') });
  other = await machines.open({ id: 'victim', connect: () => connect(theirPort, '127.0.0.1') });
  await other.run(`echo ${SECRET} > ~/answer-of-the-victim; chmod 644 ~/answer-of-the-victim; chmod 755 ~`, {
    timeoutMs: 10_000,
  });
  const homes = join(machines.dataDir, 'homes');

  const nothing = { says: '' } as const;
  const noFile = { says: /No such file or directory/ } as const;
  const table: Record<(typeof NAMES)[number], Omit<Attempt, 'name'>> = {
    'another learner’s home by its path': {
      script: `cat ${homes}/victim/answer*`,
      ...noFile,
      heldBy: 'mount namespace',
    },
    'another learner’s files by name, anywhere': {
      script: 'find / -name "answer-of-the-victim" 2>/dev/null',
      ...nothing,
      heldBy: 'mount namespace',
    },
    'the server’s data folder': { script: `cat ${machines.dataDir}/keys/*`, ...noFile, heldBy: 'mount namespace' },
    'the server’s code': { script: `ls ${process.cwd()}`, ...noFile, heldBy: 'mount namespace' },
    'the server’s environment': {
      script: `cat /proc/${process.pid}/environ; cat /proc/${process.ppid}/environ`,
      ...noFile,
      heldBy: 'pid namespace',
    },
    'the environment of any process in sight': {
      script: `cat /proc/[0-9]*/environ | tr "\\0" "\\n" | grep -c "HOSTILE_SECRET\\|npm_\\|NODE_"`,
      says: '0',
      heldBy: 'pid namespace, and shells that start with an empty environment',
    },
    'the memory of process 1': {
      script: 'cat /proc/1/maps | grep -c node; grep -E "^(CapEff|NoNewPrivs|Seccomp):" /proc/1/status',
      says: '0\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2',
      heldBy: 'pid namespace: process 1 is bwrap, bound as the learner is',
    },
    'processes in sight': {
      script: `ps -e -o comm= 2>/dev/null | grep -c "node\\|jest\\|sleep"`,
      says: '0',
      heldBy: 'pid namespace',
    },
    'a signal to a process of the host': {
      script: `kill -9 ${bystander.pid} ${process.pid}`,
      says: /No such process/,
      heldBy: 'pid namespace',
    },
    'the keeper of the machine': {
      script: 'ls /proc | grep -c "^[0-9][0-9]*$" | xargs test 12 -gt && ! pgrep -x sleep',
      says: '',
      exits: 0,
      heldBy: 'pid namespace',
    },
    'shadow, keys and units of the host': {
      script:
        'ls /etc/shadow /etc/gshadow /etc/ssh/ssh_host_* /etc/machine-id /root/* /var/lib /boot /sys /srv /opt /mnt 2>&1 | grep -v "No such file\\|Permission denied"',
      ...nothing,
      heldBy: 'mount namespace: /etc is a list of files',
    },
    'kernel messages': { script: 'dmesg', says: /not permitted|No such file/, heldBy: 'seccomp' },
    'a block device made by hand': {
      script: 'mknod ~/disk b 254 0 || mknod /tmp/disk b 8 0; ls ~/disk /tmp/disk',
      says: /not permitted/i,
      heldBy: 'no capability (CAP_MKNOD)',
    },
    'kernel settings': {
      script: 'echo 1 > /proc/sys/kernel/sysrq; echo c > /proc/sysrq-trigger; echo x > /proc/sys/kernel/core_pattern',
      says: /(Read-only file system|Permission denied)/,
      heldBy: 'read-only /proc/sys, and no capability',
    },
    'a user namespace': {
      script: 'unshare --user --map-root-user id -u',
      says: /unshare failed: Operation not permitted/,
      heldBy: 'seccomp, and user.max_user_namespaces of the sandbox',
    },
    'a user namespace by clone': {
      script: systemCall([56, 220], '0x10000011', '0', '0', '0', '0'),
      says: 'EPERM',
      heldBy: 'seccomp',
    },
    'a mount': {
      script: 'mount -t tmpfs none /tmp; mount --bind / /tmp',
      says: /mount: /,
      heldBy: 'seccomp, and no capability',
    },
    'the new mount calls': {
      script: [
        systemCall([430, 430], '"tmpfs"', '0'),
        systemCall([428, 428], '-100', '"/"', '1'),
        systemCall([442, 442], '-100', '"/"', '0', '0', '0'),
      ].join('; echo; '),
      says: 'EPERM\nEPERM\nEPERM',
      heldBy: 'seccomp',
    },
    'another namespace of process 1': {
      script: 'nsenter --target 1 --mount --net id',
      says: /(Operation not permitted|Permission denied)/,
      heldBy: 'seccomp (setns)',
    },
    'ptrace of a process of the host': {
      script: systemCall([101, 117], '16', String(process.pid), '0', '0'),
      says: 'ESRCH',
      heldBy: 'pid namespace',
    },
    'the kernel’s keyring': {
      script: [
        systemCall([248, 217], '"user"', '"drydock"', '"x"', '1', '-3'),
        systemCall([250, 219], '0', '-4', '0'),
      ].join('; echo; '),
      says: 'EPERM\nEPERM',
      heldBy: 'seccomp',
    },
    bpf: { script: systemCall([321, 280], '0', '0', '0'), says: 'EPERM', heldBy: 'seccomp' },
    io_uring: { script: systemCall([425, 425], '8', '"\\0" x 120'), says: 'EPERM', heldBy: 'seccomp' },
    perf: { script: systemCall([298, 241], '"\\0" x 128', '0', '-1', '-1', '0'), says: 'EPERM', heldBy: 'seccomp' },
    userfaultfd: { script: systemCall([323, 282], '0'), says: 'EPERM', heldBy: 'seccomp' },
    'a file by handle': {
      script: systemCall([304, 265], '-100', '"\\0" x 128', '0'),
      says: 'EPERM',
      heldBy: 'seccomp',
    },
    'a kernel module': { script: systemCall([175, 105], '"x"', '1', '""'), says: 'EPERM', heldBy: 'seccomp' },
    'a raw socket': {
      script: systemCall([41, 198], '2', '3', '1'),
      says: 'EPERM',
      heldBy: 'no capability (CAP_NET_RAW)',
    },
    'a packet socket': { script: systemCall([41, 198], '17', '3', '768'), says: 'EAFNOSUPPORT', heldBy: 'seccomp' },
    'a socket to the hypervisor': {
      script: systemCall([41, 198], '40', '1', '0'),
      says: 'EAFNOSUPPORT',
      heldBy: 'seccomp (vsock knows no network namespace)',
    },
    'a crypto socket': { script: systemCall([41, 198], '38', '5', '0'), says: 'EAFNOSUPPORT', heldBy: 'seccomp' },
    'set-user-id programs': {
      script:
        'mount | grep " / \\| /usr " | grep -vc nosuid; su -c id </dev/null; cp /bin/bash ~/b && chmod u+s ~/b && ~/b -p -c "id -u"; rm -f ~/b',
      says: /^0\n.*(su: |not found).*\n1000$/s,
      heldBy: 'nosuid mounts and no_new_privs',
    },
    chroot: { script: 'chroot / id', says: /Operation not permitted/, heldBy: 'no capability (CAP_SYS_CHROOT)' },
    'a service of the host on loopback': {
      script: `curl -sS -m 3 http://127.0.0.1:${databasePort}`,
      says: /Failed to connect|Couldn't connect/,
      heldBy: 'network namespace',
    },
    'every port of loopback but the cluster’s and sudo’s': {
      script: `awk '$4 == "0A" { print $2 }' /proc/net/tcp /proc/net/tcp6 | sort; perl -MIO::Socket::INET -e 'print join " ", grep { IO::Socket::INET->new("127.0.0.1:$_") } 20 .. 25, 53, 80, 111, 443, 631, 2375, 2379, 3000, 3306, 5432, 6379, 7100, 8080, 9090, 10250'`,
      says: '0100007F:0001\n0100007F:192B',
      heldBy: 'network namespace',
    },
    'an address of the host by its network': {
      script: `for a in 10.0.0.1 172.17.0.1 192.168.0.1 $(cat /proc/net/fib_trie | grep -o "[0-9.]*[0-9]" | sort -u | grep -v ^127 | head); do curl -s -m 2 http://$a:${databasePort}; done`,
      ...nothing,
      heldBy: 'network namespace without a route',
    },
    'link-local metadata': {
      script: 'curl -sS -m 3 http://169.254.169.254/latest/meta-data/',
      says: /(Failed to connect|Couldn't connect|unreachable)/,
      heldBy: 'network namespace without a route',
    },
    'names of the world': {
      script: 'getent hosts deb.debian.org; curl -sS -m 3 http://deb.debian.org',
      says: /Could not resolve host/,
      heldBy: 'network namespace, and no resolver in /etc',
    },
    'another learner’s API server': {
      script: `curl -sS -m 3 http://127.0.0.1:${theirPort}; curl -s -m 3 --http0.9 http://127.0.0.1:6443`,
      says: /(Failed|Couldn't) .*\nmine$/s,
      heldBy: 'network namespace; its only listener leads to the own cluster',
    },
    'an abstract unix socket of the host': {
      script: `perl -MIO::Socket::UNIX -e 'my $s = IO::Socket::UNIX->new(Peer => "\\0${name}") or print "refused"; print <$s> if $s'`,
      says: 'refused',
      heldBy: 'network namespace (abstract names belong to it)',
    },
    'unix sockets by path': {
      script: 'find / -xdev -type s 2>/dev/null; ls /run /var/run 2>/dev/null',
      says: /^(?!.*(docker|dbus|systemd)).*$/s,
      heldBy: 'mount namespace',
    },
    'a descriptor of the server': {
      script:
        'ls /proc/$$/fd | sort -n | tail -1 | xargs test 256 -ge; ls -l /proc/[0-9]*/fd | grep -c "drydock-workspace\\|\\.db\\|jest"',
      says: '0',
      heldBy: 'descriptors closed before the sandbox starts',
    },
    'a device of the terminal of somebody else': {
      script: 'ls /dev/pts; ls /dev | grep -c "vd\\|sd\\|mem\\|kvm\\|fuse\\|loop"',
      says: 'ptmx\n0',
      heldBy: 'a devpts and a /dev of its own',
    },
    '/dev/tty of nobody': {
      script: 'echo x > /dev/tty',
      says: /No such device or address/,
      heldBy: 'no terminal belongs to a script',
    },
    'the cgroup file system': {
      script: 'ls /sys/fs/cgroup; cat /proc/self/cgroup | grep -c attacker; mount | grep -c cgroup',
      says: /No such file or directory\n\d\n0$/,
      heldBy: 'mount and cgroup namespaces',
    },
  };
  list = NAMES.map((each) => ({ name: each, ...table[each] }));
  outcomes = await attempt(workspace, list);
});

afterAll(async () => {
  delete process.env['DRYDOCK_HOSTILE_SECRET'];
  bystander.kill();
  await machines.close();
  for (const server of servers) server.close();
});

test.each(NAMES)('held: %s', (name) => {
  const wanted = list.find((each) => each.name === name);
  const outcome = outcomes.get(name);
  expect(outcome).toBeDefined();
  expect(outcome?.says).not.toContain(SECRET);
  if (typeof wanted?.says === 'string') expect(outcome?.says).toBe(wanted.says);
  else if (wanted?.says !== undefined) expect(outcome?.says).toMatch(wanted.says);
  if (wanted?.exits !== undefined) expect(outcome?.exits).toBe(wanted.exits);
});

test('held by the pid namespace: a signal to every process reaches only the learner’s own', async () => {
  const { exitCode } = await workspace.run("perl -e 'kill 9, -1; sleep 1; print 1'", { timeoutMs: 10_000 });
  expect(exitCode).not.toBe(0);
  expect((await workspace.run('echo alive', { timeoutMs: 10_000 })).stdout).toBe('alive\n');
});

test('after all this the neighbours live', async () => {
  expect(bystander.exitCode).toBeNull();
  expect((await other.run('cat ~/answer*', { timeoutMs: 10_000 })).stdout).toBe(`${SECRET}\n`);
  expect(readFileSync(join(machines.dataDir, 'keys', 'cookie-secret'), 'utf8')).toBe(SECRET);
});
