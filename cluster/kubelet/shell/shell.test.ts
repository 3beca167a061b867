import { expect, test } from '@jest/globals';
import type { Container, Node, Pod } from '../../api/types.ts';
import type { Keep } from '../../store/client.ts';
import { lookUpImage } from '../images/lookup.ts';
import { SimulatedRuntime, type Instance } from '../runtime/runtime.ts';

const START = Date.UTC(2026, 4, 1, 10);

function started(
  container: Partial<Container> = {},
  image = 'busybox:1.36',
): { runtime: SimulatedRuntime; instance: Instance; clock: { time: number } } {
  const clock = { time: START };
  const store: Keep = {
    get: () => undefined,
    list: () => [],
    revision: 1,
    resources: () => [],
    put: (_name, one) => one,
  };
  const runtime = new SimulatedRuntime({
    store,
    clock: { now: () => clock.time },
    random: { next: () => 0.5 },
    token: () => 'token',
  });
  const found = lookUpImage(image);
  if (found.kind !== 'found') throw new Error('no such image');
  const own: Container = { name: 'box', command: ['sleep', '3600'], ...container };
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'box', namespace: 'default', uid: 'u1' },
    spec: { containers: [own] },
  };
  const node = undefined as Node | undefined;
  const instance = runtime.start({
    pod,
    node,
    podIP: '10.244.0.2',
    hostIP: '172.30.1.2',
    container: own,
    image: found.image,
    id: 'c1',
    startedAt: START,
  });
  if (typeof instance === 'string') throw new Error(instance);
  return { runtime, instance, clock };
}
function run(script: string, image?: string): { code: number; output: string } {
  const { runtime, instance } = started({}, image);
  const ran = runtime.runNow(instance, ['sh', '-c', script], 60_000);
  if ('refused' in ran) throw new Error(ran.refused);
  return { code: ran.code, output: ran.output };
}

test.each([
  ['pipes and arithmetic', 'echo $((6*7)) | tr 4 x', 'x2\n', 0],
  ['loops with continue', 'for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done', '1\n3\n', 0],
  ['functions and locals', 'f() { local x=$1; echo "in $x"; return 3; }; f a; echo $?', 'in a\n3\n', 0],
  ['set -e', 'set -e; false; echo never', '', 1],
  ['default values', 'echo ${NONE:-else} ${HOME:+set}', 'else set\n', 0],
  ['prefixes and suffixes', 'x=a/b/c.txt; echo ${x##*/} ${x%.txt} ${#x}', 'c.txt a/b/c 9\n', 0],
  ['here documents', 'cat <<EOF\nhi $HOSTNAME\nEOF', 'hi box\n', 0],
  ['case', 'case abc in a*) echo yes;; *) echo no;; esac', 'yes\n', 0],
  ['command substitution', 'echo "<$(echo a; echo b)>"', '<a\nb>\n', 0],
  [
    'files',
    'mkdir -p /a/b && echo one > /a/b/f && cat /a/*/f && rm -r /a && ls /a',
    'one\nls: /a: No such file or directory\n',
    1,
  ],
  ['unknown commands', 'nosuch x', 'sh: nosuch: not found\n', 127],
  ['files that cannot be made', 'echo x > /no/file', "sh: can't create /no/file: nonexistent directory\n", 1],
  ['traps', 'trap "echo bye" EXIT; echo work', 'work\nbye\n', 0],
  ['background jobs', '(sleep 1; echo later) & echo now; wait', 'now\nlater\n', 0],
  ['Korean', 'echo 한글 | cat', '한글\n', 0],
  ['sed and cut', 'echo a:b:c | cut -d: -f2 | sed s/b/B/', 'B\n', 0],
  ['syntax mistakes', 'if true; then', expect.stringContaining('syntax error'), 2],
])('%s', (_name, script, output, code) => {
  expect(run(script)).toEqual({ code, output });
});

test("what is a shell's own needs no file", () => {
  const command = ['sh', '-c', 'echo hi; printf "%s\\n" there; which echo'];
  const { instance } = started({ command }, 'registry.k8s.io/etcd:3.6.6-0');
  expect(instance.log.entries.map(({ line }) => line)).toEqual(['hi', 'there', 'sh: line 1: which: command not found']);
});

test('lines before one that no shell can read have run', () => {
  expect(run('echo one\necho two\nfi\necho three')).toEqual({
    code: 2,
    output: 'one\ntwo\nsh: syntax error: unexpected "fi"\n',
  });
});

test('GNU tools have their own words', () => {
  expect(run('ls /nosuch', 'nginx:1.29').output).toBe("ls: cannot access '/nosuch': No such file or directory\n");
  expect(run('nosuch', 'nginx:1.29').output).toBe('sh: 1: nosuch: not found\n');
});

test.each([
  ['a loop that never sleeps', 'while :; do :; done'],
  ['endless output', 'yes'],
  ['a recursion without end', 'f() { f; }; f'],
  ['a pipe that never ends', 'yes | cat > /dev/null'],
  ['a fork bomb', ':(){ :|:& };:; wait; sleep 3600'],
  ['a fork bomb that waits for itself', 'bomb() { bomb | bomb; }; bomb; sleep 3600'],
  ['a script that runs itself', 'echo "sh /tmp/me; sh /tmp/me" > /tmp/me; sh /tmp/me; sleep 3600'],
])('%s is slowed and does not stop the cluster', (_name, script) => {
  const { runtime, instance, clock } = started({ command: ['sh', '-c', script] });
  for (let second = 1; second <= 20; second++) {
    clock.time = START + second * 1000;
    runtime.advance('u1', clock.time);
  }
  expect(instance.log.entries.length).toBeLessThan(200_000);
});

test('a fork bomb does go off, until no more processes may be made', () => {
  const { runtime, instance, clock } = started({ command: ['sh', '-c', ':(){ :|:; };:; sleep 3600'] });
  clock.time = START + 2000;
  runtime.advance('u1', clock.time);
  expect(instance.log.entries.at(-1)?.line).toBe("sh: can't fork: Resource temporarily unavailable");
  expect(instance.process.ended).toBeUndefined();
});

test('the log of a chatty container is bounded', () => {
  const { instance } = started();
  for (let line = 0; line < 3000; line++) instance.log.write('stdout', `${'x'.repeat(10_000)}\n`, START);
  const bytes = instance.log.entries.reduce((sum, entry) => sum + entry.line.length, 0);
  expect(bytes).toBeLessThan(10 * 1024 * 1024);
  expect(instance.log.dropped).toBeGreaterThan(0);
});

test('a loop prints in cluster time', () => {
  const { runtime, instance, clock } = started({ command: ['sh', '-c', 'while true; do date +%T; sleep 2; done'] });
  clock.time = START + 5000;
  runtime.advance('u1', clock.time);
  expect(instance.log.entries).toEqual([
    { at: START, stream: 'stdout', line: '10:00:00' },
    { at: START + 2000, stream: 'stdout', line: '10:00:02' },
    { at: START + 4000, stream: 'stdout', line: '10:00:04' },
  ]);
});

test('a program that is not there cannot be started', () => {
  expect(() => started({ command: ['nosuch'] })).toThrow(
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuch": executable file not found in $PATH: unknown',
  );
});
